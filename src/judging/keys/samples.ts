import type { CaseVerdict } from '../../model/cell.ts';
import type { Contract, Level } from '../../model/contract.ts';
import type { Finding } from '../../model/finding.ts';
import type { SampleResult } from '../../model/key-lifecycle.ts';
import type { NotAsked, ObservedSample } from '../../model/key-observations.ts';
import { securityAlternativesOf } from '../../requests/security-alternative.ts';
import { finding, undecided } from '../expectations.ts';
import { outcomeOfUnmet } from '../level.ts';
import type { KeyCase, KeyVerdict } from './key-rule.ts';

/** Seconds in which a key that was just made comes to open what it should. */
export const LONGEST_START = 10;

export function isNotAsked(part: object): part is NotAsked {
  return 'outcome' in part && 'reason' in part;
}

/** A part that the run began and did not come to. */
export const NOT_REACHED: NotAsked = { outcome: 'not proven', reason: 'the run ended before it was asked' };

/** What one way of showing the key says: the finding, the exchange that it is made of, and what was measured. */
export interface Shown {
  readonly finding: Finding;
  readonly sample?: ObservedSample | undefined;
  /** In words, with figures: what is recorded where nothing is promised. */
  readonly measured: string;
}

/**
 * Judges each form of each operation by the samples of it.
 *
 * @param operations ids of those that are judged
 */
export function byWay(
  contract: Contract,
  operations: readonly string[],
  samples: readonly ObservedSample[],
  { level, of }: { readonly level: Level; readonly of: KeyCase },
  judge: (own: readonly ObservedSample[]) => Shown,
): KeyVerdict[] {
  return operations.map((operation) => {
    const own = samples.filter((sample) => sample.operation === operation);
    const primary = contract.operations
      .filter(({ id }) => id === operation)
      .flatMap((one) => securityAlternativesOf(contract, one)[0]?.id ?? []);
    const forms = [...new Set(own.map(({ form }) => form))].toSorted(
      (one, other) => Number(other === primary[0]) - Number(one === primary[0]),
    );
    const cases = forms.map((form) => {
      const id = form === primary[0] ? of.id : `${of.id}@${form}`;
      return verdictOf(id, level, judge(own.filter((sample) => sample.form === form)));
    });
    return { operation, cases };
  });
}

export function verdictOf(id: string, level: Level, { finding: found, sample, measured }: Shown): CaseVerdict {
  const shown = {
    case: id,
    unmet: found.state === 'unmet' ? [found] : [],
    ...(sample && { exchange: sample.exchange }),
    ...(sample?.control && { control: sample.control }),
  };
  if (level === 'SURVEY') return { ...shown, outcome: 'not applicable', reason: `not promised; measured: ${measured}` };
  if (found.state === 'unmet') return { ...shown, ...outcomeOfUnmet(level) };
  if (found.state === 'undecided') return { ...shown, outcome: 'not proven', reason: found.reason };
  return { ...shown, outcome: 'conforms' };
}

type Decisive = 'opened' | 'refused';

/** How what a key shows came to be what a change makes of it. */
export interface Settling {
  /** When every connection had shown it, in seconds since the asking began; absent: that never was. */
  readonly settledAt?: number | undefined;
  readonly first?: ObservedSample | undefined;
  /** What showed the opposite, before that and after it. */
  readonly before: readonly ObservedSample[];
  readonly after: readonly ObservedSample[];
}

/** @param samples of one way, sent after the change */
export function settling(samples: readonly ObservedSample[], wanted: Decisive): Settling {
  const decisive = inOrder(samples).filter(({ what }) => what === 'opened' || what === 'refused');
  const all = new Set(decisive.map(({ connection }) => connection));
  const shown = new Set<number>();
  let settledAt: number | undefined;
  const opposite = { before: [] as ObservedSample[], after: [] as ObservedSample[] };
  for (const sample of decisive) {
    if (sample.what === wanted) {
      shown.add(sample.connection);
      if (shown.size === all.size) settledAt ??= sample.at;
    } else {
      if (settledAt === undefined) shown.clear();
      opposite[settledAt === undefined ? 'before' : 'after'].push(sample);
    }
  }
  return { settledAt, first: decisive.find(({ what }) => what === wanted), ...opposite };
}

export function inOrder(samples: readonly ObservedSample[]): readonly ObservedSample[] {
  return samples.toSorted((one, other) => one.order - other.order);
}

/** Whether a request was sent too late to get what it got. Where nothing may pass, every request after the change is. */
export function isLate({ at }: ObservedSample, from: number, promised: number): boolean {
  return promised === 0 ? at >= from : at > from + promised;
}

/** `3.2 s`. */
export function seconds(time: number): string {
  return `${(Math.round(time * 10) / 10).toFixed(1)} s`;
}

/** What is undecided where nothing that was received decides it. */
export function undecidedBy(samples: readonly ObservedSample[], expectation: string): Finding {
  const last = samples.findLast(({ what }) => what === 'fault' || what === 'unclear');
  const got = last?.reason ?? (last?.status === undefined ? 'no response' : `status ${last.status}`);
  return undecided(expectation, `no response shows it: the last one was ${got}`);
}

const OPPOSITE: Readonly<Record<Decisive, Extract<SampleResult, Decisive>>> = {
  opened: 'refused',
  refused: 'opened',
};

/** In words and figures: when a change came, as far as the samples tell. */
function measuredText({ first, before, after }: Settling, from: number, wanted: Decisive): string {
  const word = { opened: 'accepted', refused: 'refused' } as const;
  const parts = [
    first ? `first ${word[wanted]} after ${seconds(first.at - from)}` : `never ${word[wanted]}`,
    ...lastText([...before, ...after], from, word[OPPOSITE[wanted]]),
  ];
  return parts.join(', ');
}

function lastText(samples: readonly ObservedSample[], from: number, word: string): readonly string[] {
  const last = samples.at(-1);
  return last ? [`last ${word} after ${seconds(last.at - from)}`] : [];
}

/**
 * Whether a change has come in time.
 *
 * @param samples of one way
 * @param after what it counts from, for a reader: `the revocation`
 * @param flips whether what shows the opposite once every connection had shown the change is looked at too
 */
export function inTime(
  samples: readonly ObservedSample[],
  {
    expectation,
    wanted,
    from,
    promised,
    after,
    flips,
    isAfter,
  }: {
    readonly expectation: string;
    readonly wanted: Decisive;
    readonly from: number;
    readonly promised: number | undefined;
    readonly after: string;
    readonly flips: boolean;
    /** Whether a sample was sent after the change. */
    readonly isAfter: (sample: ObservedSample) => boolean;
  },
): Shown {
  const own = inOrder(samples).filter(isAfter);
  const found = settling(own, wanted);
  const opposite = flips ? [...found.before, ...found.after] : found.before;
  const late = opposite.filter((sample) => isLate(sample, from, promised ?? 0));
  const measured = `${measuredText({ ...found, after: flips ? found.after : [] }, from, wanted)} (counted from ${after})`;
  const isShown = found.first !== undefined || opposite.length > 0;
  if (!isShown) return { finding: undecidedBy(own, expectation), sample: own.at(-1), measured };
  const sample = late.at(-1) ?? found.first ?? opposite.at(-1);
  if (late.length === 0 && found.first === undefined)
    return { finding: undecided(expectation, `it was not asked long enough: ${measured}`), sample, measured };
  const limit =
    promised === undefined || promised === 0 ? 'from the first request on' : `after ${promised} s at the latest`;
  const what = wanted === 'refused' ? 'the key is refused' : 'the key is accepted';
  return { finding: finding(expectation, late.length === 0, `${what} ${limit}`, measured), sample, measured };
}
