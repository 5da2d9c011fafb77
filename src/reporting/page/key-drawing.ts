import type { KeyEvent, KeyLine, KeySample, SampleResult } from '../../model/key-lifecycle.ts';
import { html, type Markup } from './html.ts';

/** Vertical places of what is drawn, in pixels. */
const LANES: Readonly<Record<SampleResult, number>> = { opened: 62, refused: 86, unclear: 110, fault: 110 };
const TOP = 46;
const FLOOR = 124;
const HEIGHT = 146;
const EVENT_ROWS = [10, 24, 38];

/** Marks of one kind that a line shows at most; those that are closer together than that are one. */
const MOST_MARKS = 160;

/** Events that are closer than this, in hundredths of the width, stand below each other. */
const CLOSE = 6;

/** Times of a promise that go on far beyond what was watched are cut off where the watch ends. */
const FARTHEST = 2;

/**
 * The line of one key as a drawing that is as wide as the page: only places across are relative, so that nothing is scaled.
 * The names of its lanes stand before it, in the margin that page.css leaves.
 */
export function drawing(line: KeyLine, label: string): Markup {
  const span = spanOf(line);
  const across = (seconds: number): string => {
    const part = Math.min(1, Math.max(0, (seconds - span.from) / (span.to - span.from)));
    return `${(100 * part).toFixed(2)}%`;
  };
  const names = (['opened', 'refused'] as const).map((what) => laneName(what, LANES[what]));
  const isElse = line.samples.some(({ what }) => what === 'unclear' || what === 'fault');
  return html`<svg width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
    ${promised(line, span, across)} ${names} ${isElse ? laneName('neither', LANES.unclear) : ''}
    <line class="axis" x1="0" x2="100%" y1="${FLOOR}" y2="${FLOOR}" />
    ${ticks(span).map(
      (at) =>
        html`<line class="axis" x1="${across(at)}" x2="${across(at)}" y1="${FLOOR}" y2="${FLOOR + 4}" />
          <text x="${across(at)}" y="${FLOOR + 18}" text-anchor="middle">${shortly(at)} s</text>`,
    )}
    ${eventMarks(line.events, across)}
    ${(['opened', 'refused', 'unclear', 'fault'] as const).map((what) => marks(line.samples, what, span, across))}
  </svg>`;
}

/** `0.25`, `12.4`, `3600`: as exact as it matters. */
export function shortly(seconds: number): string {
  return String(Number(seconds.toFixed(seconds < 1 ? 2 : 1)));
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf({ events, samples, promise }: KeyLine): Span {
  const times = [...events, ...samples].map(({ at }) => at);
  const [from, watched] = times.length === 0 ? [0, 1] : [least(times), most(times)];
  const end = promise ? promise.from + promise.seconds : watched;
  const to = end - from <= FARTHEST * (watched - from) ? Math.max(watched, end) : watched;
  return { from, to: to > from ? to : from + 1 };
}

/** A spread of thousands of arguments is more than a call takes. */
function least(times: readonly number[]): number {
  return times.reduce((one, other) => Math.min(one, other));
}

function most(times: readonly number[]): number {
  return times.reduce((one, other) => Math.max(one, other));
}

/** About five round numbers of seconds. */
function ticks({ from, to }: Span): readonly number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, index) => (first + index) * step);
}

function laneName(name: string, y: number): Markup {
  return html`<text x="-10" y="${y + 4}" text-anchor="end">${name}</text>
    <line x1="0" x2="100%" y1="${y}" y2="${y}" />`;
}

/** A band for as long as the promise leaves time, and a line where that ends. */
function promised({ promise }: KeyLine, { from, to }: Span, across: (seconds: number) => string): Markup {
  if (!promise) return html``;
  const end = promise.from + promise.seconds;
  const [start, stop] = [Math.max(from, promise.from), Math.min(to, end)];
  const width = (Number.parseFloat(across(stop)) - Number.parseFloat(across(start))).toFixed(2);
  return html`<g class="promise">
    <rect x="${across(start)}" y="${TOP}" width="${width}%" height="${FLOOR - TOP}" />
    ${end <= to ? html`<line x1="${across(end)}" x2="${across(end)}" y1="${TOP}" y2="${FLOOR}" />` : ''}
  </g>`;
}

/** A number above a line for each event: the list below says what it was. */
function eventMarks(events: readonly KeyEvent[], across: (seconds: number) => string): Markup[] {
  const lastIn = EVENT_ROWS.map(() => -Infinity);
  return events.map(({ at }, index) => {
    const place = Number.parseFloat(across(at));
    const free = lastIn.findIndex((last) => place - last >= CLOSE);
    const row = free === -1 ? lastIn.indexOf(Math.min(...lastIn)) : free;
    lastIn[row] = place;
    const y = EVENT_ROWS[row] ?? TOP;
    return html`<g class="event">
      <line x1="${across(at)}" x2="${across(at)}" y1="${y + 3}" y2="${FLOOR}" />
      <text x="${across(at)}" y="${y}" text-anchor="middle">${index + 1}</text>
    </g>`;
  });
}

/** Each kind has a shape of its own: a filled disc, a cross, a question mark, an exclamation mark. */
function marks(
  samples: readonly KeySample[],
  what: SampleResult,
  { from, to }: Span,
  across: (seconds: number) => string,
): Markup {
  const bins = new Map<number, KeySample>();
  for (const sample of samples.filter((one) => one.what === what)) {
    const bin = Math.round(((sample.at - from) / (to - from)) * MOST_MARKS);
    if (!bins.has(bin)) bins.set(bin, sample);
  }
  return html`<g class="${what}">${[...bins.values()].map(({ at }) => mark(what, across(at)))}</g>`;
}

function mark(what: SampleResult, x: string): Markup {
  const y = LANES[what];
  if (what === 'opened') return html`<circle cx="${x}" cy="${y}" r="4" />`;
  if (what === 'refused') return html`<svg x="${x}" y="${y}" overflow="visible"><path d="M-4-4 4 4M-4 4 4-4" /></svg>`;
  return html`<text x="${x}" y="${y + 4}" text-anchor="middle">${what === 'fault' ? '!' : '?'}</text>`;
}
