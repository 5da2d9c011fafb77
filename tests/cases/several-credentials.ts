import { acceptedScopes } from '../../src/contract/security.ts';
import type { Ask } from '../../src/plan/ask.ts';
import { type Case, Unprovable } from '../../src/plan/case.ts';
import { type Credentials, type Form, formsOf, together } from '../../src/plan/form.ts';
import type { HeaderLine } from '../../src/plan/request.ts';
import { Secret } from '../../src/target/secret.ts';
import { hasScopes, siblingScopes } from './applicability.ts';
import { keyInHeader } from './forms.ts';

/** Two credentials at once: which one counts is not documented, so what shows is a server that takes whichever opens. */
export const conflicts: readonly Case[] = [
  twoForms(
    'good-key-and-bad-bearer',
    'the full-access key in the first form, a key that was never issued in the second',
    (ask, first, second) => [ask.fullKey(first), ask.neverIssuedKey(second)],
  ),
  twoForms(
    'bad-key-and-good-bearer',
    'a key that was never issued in the first form, the full-access key in the second',
    (ask, first, second) => [ask.neverIssuedKey(first), ask.fullKey(second)],
  ),
  {
    ...twoForms(
      'scoped-out-and-scoped-key',
      'a key without the scope in the first form, one with it in the second',
      (ask, first, second) => [scopedOut(ask, first), scoped(ask, second)],
    ),
    appliesTo: hasScopes,
  },
  {
    ...twoForms(
      'scoped-and-scoped-out-key',
      'a key with the scope in the first form, one without it in the second',
      (ask, first, second) => [scoped(ask, first), scopedOut(ask, second)],
    ),
    appliesTo: hasScopes,
  },
];

/** One header twice, or two keys in one header (RFC 9110 §5.3: a singleton field is not repeated). */
export const repetitions: readonly Case[] = [
  lines('bad-line-then-good-line', 'the header twice: a key that was never issued, then the full-access key', (ask) => [
    ...ask.lines(ask.neverIssuedKey()),
    ...ask.lines(ask.fullKey()),
  ]),
  lines('good-line-then-bad-line', 'the header twice: the full-access key, then one that was never issued', (ask) => [
    ...ask.lines(ask.fullKey()),
    ...ask.lines(ask.neverIssuedKey()),
  ]),
  lines('bad-comma-good', 'two keys in the header: one that was never issued, then the full-access key', (ask) =>
    listed(ask, ask.neverIssuedKey(), ask.fullKey()),
  ),
  lines('good-comma-bad', 'two keys in the header: the full-access key, then one that was never issued', (ask) =>
    listed(ask, ask.fullKey(), ask.neverIssuedKey()),
  ),
];

/** Field lines that RFC 9112 §5.1 and §5.2 tell a server to reject. */
export const malformedLines: readonly Case[] = [
  malformed('space-before-colon', 'the full-access key behind a name with a space before the colon', (ask) =>
    ask.lines(ask.fullKey()).map(([name, value]) => [`${name} `, value]),
  ),
  // A server that puts a space in place of the fold, as RFC 9112 §5.2 allows, reads another key.
  malformed('folded-line', 'the full-access key folded in its middle', (ask) =>
    ask
      .lines(ask.fullKey())
      .map(([name, value]) => [name, value.flatMap((part) => (part instanceof Secret ? folded(part) : [part]))]),
  ),
];

function folded(key: Secret): readonly [Secret, string, Secret] {
  const middle = (value: string): number => Math.floor(value.length / 2);
  return [
    key.derive('its first half', (value) => value.slice(0, middle(value))),
    '\r\n ',
    key.derive('its second half', (value) => value.slice(middle(value))),
  ];
}

function twoForms(
  id: string,
  title: string,
  keys: (ask: Ask, first: Form, second: Form) => readonly [Secret, Secret],
): Case {
  return {
    id,
    group: 'presentation',
    title,
    control: 'valid-key',
    request: (ask) => {
      const [first, second] = formsOf(ask.contract, ask.operation);
      if (!first || !second) throw new Unprovable('policy', 'the operation takes its credential in one form only');
      const [one, other] = keys(ask, first, second);
      const both = [ask.presented(one, first), ask.presented(other, second)];
      const shared = sharedPlace(both);
      if (shared !== undefined) throw new Unprovable('form', `both forms of the credential belong in ${shared}`);
      return ask.request({ credentials: together(both) });
    },
  };
}

/** Two values in one place are a repetition, which is another question. */
function sharedPlace(both: readonly Credentials[]): string | undefined {
  const places = both.map(({ headers, query, cookies }) => [
    ...headers.map(([name]) => `the header ${name}`),
    ...query.map(([name]) => `the query parameter ${String(name).slice(0, -1)}`),
    ...cookies.map(([name]) => `the cookie ${String(name).slice(0, -1)}`),
  ]);
  return places[0]?.find((place) => places[1]?.includes(place));
}

/** Other lines for the key, and beside them whatever else the form asks for. */
function lines(id: string, title: string, own: (ask: Ask) => readonly HeaderLine[]): Case {
  return {
    id,
    group: 'presentation',
    title,
    control: 'valid-key',
    suits: keyInHeader,
    request: (ask) => {
      const usual = ask.presented(ask.fullKey());
      const replaced = ask.lines(ask.fullKey()).map(([name]) => name);
      const beside = usual.headers.filter(([name]) => !replaced.includes(name));
      return ask.request({ credentials: { ...usual, headers: [...own(ask), ...beside] } });
    },
  };
}

function malformed(id: string, title: string, own: (ask: Ask) => readonly HeaderLine[]): Case {
  return { ...lines(id, title, own), malformed: true };
}

/** The second key as it is written behind its scheme, if it has one. */
function listed(ask: Ask, one: Secret, other: Secret): readonly HeaderLine[] {
  const second = ask.lines(other).flatMap(([, value]) => value.filter((part) => part instanceof Secret));
  return ask.lines(one).map(([name, value]) => [name, [...value, ', ', ...second]]);
}

function scoped(ask: Ask, form: Form): Secret {
  const { scopes } = ask.operation;
  return ask.scopedKey(
    `exactly ${scopes.join('+')}`,
    (held) => held.size === scopes.length && scopes.every((scope) => held.has(scope)),
    form,
  );
}

function scopedOut(ask: Ask, form: Form): Secret {
  const near = [...acceptedScopes(ask.operation), ...siblingScopes(ask.operation, ask.contract)];
  return ask.scopedKey(`no scope of ${near.join(', ')}`, (held) => near.every((scope) => !held.has(scope)), form);
}
