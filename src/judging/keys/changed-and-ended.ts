import type { Change, NotAsked, ObservedSample } from '../../model/key-observations.ts';
import { isSuccess, finding, undecided } from '../expectations.ts';
import { KEY_CASES } from './cases.ts';
import type { KeyJudging, KeyVerdict } from './key-rule.ts';
import { inWaysThatOpened } from './made-and-revoked.ts';
import {
  byWay,
  inOrder,
  inTime,
  isNotAsked,
  LONGEST_START,
  NOT_REACHED,
  seconds,
  type Shown,
  undecidedBy,
  verdictOf,
} from './samples.ts';

type Verdicts = readonly KeyVerdict[] | NotAsked;

function together(verdicts: readonly KeyVerdict[]): readonly KeyVerdict[] {
  return [...new Set(verdicts.map(({ operation }) => operation))].map((operation) => ({
    operation,
    cases: verdicts.filter((verdict) => verdict.operation === operation).flatMap(({ cases }) => cases),
  }));
}

const isAfter =
  (change: Change) =>
  ({ order }: ObservedSample): boolean =>
    order > change.order;
const isBefore =
  (change: Change) =>
  ({ order }: ObservedSample): boolean =>
    order < change.order;

/** Operations of which there are samples. */
function among(operations: readonly string[], samples: readonly ObservedSample[]): readonly string[] {
  return operations.filter((id) => samples.some(({ operation }) => operation === id));
}

/** The old and the new key of a roll open during the overlap. Expectations: `old-opens`, `new-opens`. */
export function judgeOverlap({ contract, observations, level }: KeyJudging): Verdicts {
  const part = observations.rolled ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { old, new: next, rolled } = part;
  const { overlap } = observations.promises;
  const ofOld = inWaysThatOpened(old.samples, isBefore(rolled));
  const operations = among(observations.operations, ofOld);
  const end = rolled.sentAt + (overlap ?? 0);
  return together([
    ...byWay(contract, operations, ofOld, { level, of: KEY_CASES.rolledOld }, (own): Shown => {
      const after = inOrder(own).filter(isAfter(rolled));
      const early = after.find(({ what, at, took }) => what === 'refused' && at + took < end);
      const first = after.find(({ what }) => what === 'refused');
      const last = after.findLast(({ what }) => what === 'opened');
      const measured = [
        last
          ? `the old key was last accepted ${seconds(last.at - rolled.at)} after the roll`
          : 'the old key was never accepted after the roll',
        first ? `first refused after ${seconds(first.at - rolled.at)}` : 'never refused',
      ].join(', ');
      if (early)
        return {
          finding: finding('old-opens', false, `the old key opens for ${overlap} s after the roll`, measured),
          sample: early,
          measured,
        };
      if (!last && (overlap ?? 0) > 0)
        return { finding: undecidedBy(after, 'old-opens'), sample: after.at(-1), measured };
      return { finding: finding('old-opens', true, '', ''), sample: last, measured };
    }),
    ...byWay(contract, operations, next.samples, { level, of: KEY_CASES.rolledNew }, (own): Shown => {
      const after = inOrder(own);
      const first = after.find(({ what }) => what === 'opened');
      const closed = after.findLast(
        ({ what, order }) => what === 'refused' && (first === undefined || order > first.order),
      );
      const measured = first
        ? `the new key was first accepted ${seconds(first.at - rolled.at)} after the roll${closed ? `, and refused after ${seconds(closed.at - rolled.at)}` : ''}`
        : `the new key was never accepted in ${seconds((after.at(-1)?.at ?? rolled.at) - rolled.at)} after the roll`;
      if (!first && !closed) return { finding: undecidedBy(after, 'new-opens'), sample: after.at(-1), measured };
      const isLate = first !== undefined && first.at - rolled.at > Math.max(overlap ?? 0, LONGEST_START);
      return {
        finding: finding(
          'new-opens',
          !closed && !isLate,
          isLate ? `the new key opens within the overlap of ${overlap ?? 0} s` : 'the new key opens, and goes on to',
          measured,
        ),
        sample: closed ?? first,
        measured,
      };
    }),
  ]);
}

/** The old key of a roll is refused after the overlap. Expectation: `old-ends`. */
export function judgeRolledEnd({ contract, observations, level }: KeyJudging): Verdicts {
  const part = observations.rolled ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { old, rolled } = part;
  const { overlap, revokedWithin = 0 } = observations.promises;
  const samples = inWaysThatOpened(old.samples, isBefore(rolled));
  return byWay(contract, among(observations.operations, samples), samples, { level, of: KEY_CASES.rolledEnd }, (own) =>
    inTime(own, {
      ...{
        expectation: 'old-ends',
        wanted: 'refused',
        from: rolled.at,
        after: 'the roll',
        flips: true,
        isAfter: isAfter(rolled),
      },
      promised: overlap === undefined ? undefined : overlap + revokedWithin,
    }),
  );
}

/** A change of scopes counts in time. Expectations: `closed-in-time`, `opened-in-time`. */
export function judgeScopes({ contract, observations, level }: KeyJudging): Verdicts {
  const part = observations.scoped ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { key, changed, closed, opened } = part;
  const after = key.samples.filter(isAfter(changed));
  const common = {
    isAfter: isAfter(changed),
    from: changed.at,
    after: 'the change',
    promised: observations.promises.scopeChangeWithin,
    flips: true,
  };
  return [
    ...byWay(contract, among(closed, after), after, { level, of: KEY_CASES.closed }, (own) =>
      inTime(own, { ...common, expectation: 'closed-in-time', wanted: 'refused' }),
    ),
    ...byWay(contract, among(opened, after), after, { level, of: KEY_CASES.opened }, (own) =>
      inTime(own, { ...common, expectation: 'opened-in-time', wanted: 'opened' }),
    ),
  ];
}

/** A key is refused after the time at which it expires. Expectation: `refused-in-time`. */
export function judgeExpired({ contract, observations, level }: KeyJudging): Verdicts {
  const part = observations.expiring ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { key, made, lifetime, tolerance } = part;
  const samples = inWaysThatOpened(key.samples, ({ at }) => at <= made.at + lifetime);
  return byWay(contract, among(observations.operations, samples), samples, { level, of: KEY_CASES.expired }, (own) =>
    inTime(own, {
      ...{ expectation: 'refused-in-time', wanted: 'refused', from: made.at + lifetime + tolerance, flips: true },
      isAfter: ({ at }) => at >= made.at + lifetime + tolerance,
      after: `${seconds(tolerance)} after the time at which it expires, since clocks and their seconds differ`,
      promised: observations.promises.expiresWithin,
    }),
  );
}

/** A key opens until it expires. Expectation: `opens-until-then`. */
export function judgeNotBefore({ contract, observations, level }: KeyJudging): Verdicts {
  const part = observations.expiring ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { key, made, lifetime, tolerance } = part;
  const end = made.sentAt + lifetime - tolerance;
  const samples = inWaysThatOpened(key.samples, ({ at }) => at <= end).filter(({ at, took }) => at + took < end);
  return byWay(
    contract,
    among(observations.operations, samples),
    samples,
    { level, of: KEY_CASES.notExpired },
    (own): Shown => {
      const early = inOrder(own).find(({ what }) => what === 'refused');
      const last = inOrder(own).findLast(({ what }) => what === 'opened');
      const measured = early
        ? `refused ${seconds(early.at - made.at)} after it was made for ${lifetime} s`
        : `last accepted ${seconds((last?.at ?? made.at) - made.at)} after it was made for ${lifetime} s`;
      if (!early && (last?.at ?? 0) < made.at + lifetime / 2)
        return {
          finding: undecided('opens-until-then', `no request was sent shortly before it expires: ${measured}`),
          sample: last,
          measured,
        };
      return {
        finding: finding('opens-until-then', !early, `the key opens for ${lifetime} s`, measured),
        sample: early ?? last,
        measured,
      };
    },
  );
}

/** A key cannot make one that may more. Expectation: `not-stronger`. */
export function judgeEscalation({ observations, level }: KeyJudging): Verdicts {
  const part = observations.escalation ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { operation, scopes, exchange, control, samples } = part;
  const open = samples.find(({ what }) => what === 'opened');
  const status = exchange.response?.status;
  const isRefused = exchange.response !== undefined && !isSuccess(exchange.response);
  const isWeak = samples.length > 0 && samples.every(({ what }) => what === 'refused');
  const actual = open
    ? `a key with the scopes ${scopes.join(', ')} alone made a key that opens ${open.operation}`
    : `the request for a key with all scopes got ${status}`;
  const found =
    open || isRefused || isWeak
      ? finding('not-stronger', !open, 'a key makes none that may more than itself', actual)
      : undecided('not-stronger', `a key was made, and no response shows what it opens: ${actual}`);
  const verdict = verdictOf(KEY_CASES.stronger.id, level, { finding: found, measured: actual });
  return [{ operation, cases: [{ ...verdict, exchange, control }] }];
}

/** Who reads a key is told when it was last used. Expectation: `told-in-time`. */
export function judgeLastUse({ observations, level }: KeyJudging): Verdicts {
  const part = observations.lastUse ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { operation, used, told, tolerance } = part;
  const { lastUsedWithin } = observations.promises;
  const right = told.find(({ lastUsed }) => typeof lastUsed === 'number' && lastUsed >= used.sentAt - tolerance);
  const last = told.at(-1);
  const exchange = (right ?? last)?.exchange;
  const actual = right
    ? `the use was told ${seconds(right.at - used.at)} after it`
    : `${seconds((last?.at ?? used.at) - used.at)} after the use ${toldText(last?.lastUsed, used.at)} was told`;
  const isAsked = last !== undefined && (lastUsedWithin === undefined || last.at > used.at + lastUsedWithin);
  const found =
    right || (isAsked && last.lastUsed !== undefined)
      ? finding('told-in-time', right !== undefined, `the use is told within ${lastUsedWithin} s`, actual)
      : undecided('told-in-time', actual);
  const verdict = verdictOf(KEY_CASES.used.id, level, { finding: found, measured: actual });
  return [{ operation, cases: [{ ...verdict, ...(exchange && { exchange }) }] }];
}

function toldText(lastUsed: number | null | undefined, used: number): string {
  if (lastUsed === null) return 'that the key was never used';
  return lastUsed === undefined ? 'no time that can be read' : `a use ${seconds(used - lastUsed)} before it`;
}
