import type { KeyLine, KeyPromiseName, KeySample } from '../../model/key-lifecycle.ts';
import type { Conformance } from '../conformance.ts';
import { keysInWords } from '../reported-keys.ts';
import { grouped, many, moment } from '../wording.ts';
import { html, type Markup } from './html.ts';
import { drawing, shortly } from './key-drawing.ts';

/** What became of keys while the run watched, a line each; nothing where it did not. */
export function keyTimes({ keyLifecycle: times }: Conformance): Markup {
  if (!times) return html``;
  return html`<section id="key-times" aria-labelledby="key-times-title">
    <h2 id="key-times-title">Keys over time</h2>
    <p>
      ${keysInWords(times)}. It began on ${moment(times.startedAt)}. Requests were sent in rounds that were at least
      ${shortly(times.samplingInterval)} s apart. Times are not more exact than that.
    </p>
    <p class="legend">
      <span aria-hidden="true">●</span> opened. <span aria-hidden="true">✕</span> refused.
      <span aria-hidden="true">?</span> unclear: the response shows neither. <span aria-hidden="true">!</span> no
      response. A number marks a change of the key; the list below the drawing says what was changed. The shaded area is
      the time that the promise allows, and the dashed line is its end. Seconds are counted from the start of the watch.
    </p>
    ${times.keys.toSorted((one, other) => numberOf(one) - numberOf(other)).map(line)}
  </section>`;
}

function line(key: KeyLine): Markup {
  const said = [...sentences(key), ...promiseIn(key)];
  return html`<figure class="key-line">
    <figcaption><strong>${key.name}</strong> <span class="quiet">${said.join(' ')}</span></figcaption>
    ${byOperation(key).map(([operation, its]) => drawn(its, operation, `${said.join(' ')} ${eventsInWords(key)}`))}
    <ol class="events">
      ${key.events.map(({ at, what }) => html`<li>${what} <span class="quiet">at ${shortly(at)} s</span></li>`)}
    </ol>
    ${table(key)}
  </figure>`;
}

/** Keys are made side by side, and their numbers tell which came first. */
function numberOf({ name }: KeyLine): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

/** A key that opens one operation and not another is drawn once for each, or it would seem to go to and fro. */
function byOperation(key: KeyLine): readonly (readonly [string, KeyLine])[] {
  const { samples, events } = key;
  if (samples.length === 0) return [];
  const last = events.at(-1)?.at ?? 0;
  const operations = [...new Set(samples.map(({ operation }) => operation))];
  const shown = operations.map((operation) => {
    const after = samples.filter((one) => one.operation === operation && one.at > last);
    return [...new Set(after.map(({ what }) => what))].toSorted().join();
  });
  if (new Set(shown).size <= 1) return [['', key]];
  return operations.map((operation) => [
    operation,
    { ...key, samples: samples.filter((one) => one.operation === operation) },
  ]);
}

function drawn(key: KeyLine, operation: string, said: string): Markup {
  const on = operation === '' ? '' : ` on ${operation}`;
  return html`${operation === '' ? '' : html`<p class="operation-name"><code>${operation}</code></p>`}
  ${drawing(key, `${key.name}${on}. ${said}`)}`;
}

function sentences({ samples, firstRefusal, lastAcceptance }: KeyLine): readonly string[] {
  if (samples.length === 0) return ['No request was sent with it.'];
  return [
    lastAcceptance === undefined ? 'It was never accepted.' : `It was last accepted at ${shortly(lastAcceptance)} s.`,
    firstRefusal === undefined
      ? 'It was not refused after the last change.'
      : `It was first refused after the last change at ${shortly(firstRefusal)} s.`,
  ];
}

const PROMISES: Readonly<Record<KeyPromiseName, (within: string, from: string) => string>> = {
  revokedWithin: (within, from) => `The contract promises that it is refused ${within} the revocation at ${from}.`,
  overlap: (within, from) => `The contract promises that it is accepted ${within} the roll at ${from}, and no longer.`,
  scopeChangeWithin: (within, from) => `The contract promises that the change at ${from} takes effect ${within} it.`,
  expiresWithin: (within, from) => `The contract promises that it is refused ${within} its expiry at ${from}.`,
  lastUsedWithin: (within, from) => `The contract promises that its use at ${from} is shown ${within} it.`,
};

function promiseIn({ promise }: KeyLine): readonly string[] {
  if (!promise) return ['The contract promises nothing about the time.'];
  const { name, seconds, from } = promise;
  const within =
    name === 'overlap'
      ? `for ${shortly(seconds)} s after`
      : seconds === 0
        ? 'in the first request after'
        : `within ${shortly(seconds)} s of`;
  return [PROMISES[name](within, `${shortly(from)} s`)];
}

function eventsInWords({ events }: KeyLine): string {
  return events.map(({ at, what }) => `${what} at ${shortly(at)} s`).join(', ');
}

/** The same in numbers, by how and over which connection the key was sent: there servers differ. */
function table({ name, samples }: KeyLine): Markup {
  if (samples.length === 0) return html``;
  const groups = new Map<string, KeySample[]>();
  for (const sample of samples) {
    const group = `${sample.form}, connection ${sample.connection}, ${sample.operation}`;
    groups.set(group, [...(groups.get(group) ?? []), sample]);
  }
  return html`<details>
    <summary>The ${many(samples.length, 'request')} as a table</summary>
    <div class="scroll" tabindex="0" role="group" aria-label="Requests with ${name}">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Sent as</th>
            <th scope="col">Opened</th>
            <th scope="col">Refused</th>
            <th scope="col">Neither</th>
          </tr>
        </thead>
        <tbody>
          ${[...groups].map(
            ([group, its]) =>
              html`<tr>
                <th scope="row">${group}</th>
                <td>${when(its, 'opened', ['opened'])}</td>
                <td>${when(its, 'refused', ['refused'])}</td>
                <td>${when(its, 'neither', ['unclear', 'fault'])}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** On a phone a cell stands without its column, so it says what it counts. */
function when(samples: readonly KeySample[], word: string, results: readonly KeySample['what'][]): Markup {
  const its = samples.filter(({ what }) => results.includes(what));
  const [first] = its;
  const last = its.at(-1);
  if (!first || !last) return html`<span class="quiet">never ${word}</span>`;
  const statuses = [...new Set(its.map(({ status }) => status ?? 'no response'))].join(', ');
  const times =
    its.length === 1
      ? `once, at ${shortly(first.at)} s`
      : `${grouped(its.length)} ×, ${shortly(first.at)} to ${shortly(last.at)} s`;
  return html`${word} ${times} <span class="quiet">(${statuses})</span>`;
}
