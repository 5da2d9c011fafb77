import type { CaseVerdict } from '../../model/cell.ts';
import type { Level } from '../../model/contract.ts';
import type { Change, NotAsked, ObservedSample, RevokedIdPart, RevokedKeyPart } from '../../model/key-observations.ts';
import { finding, undecided } from '../expectations.ts';
import { KEY_CASES } from './cases.ts';
import type { KeyJudging, KeyVerdict } from './key-rule.ts';
import {
  byWay,
  inOrder,
  inTime,
  isLate,
  isNotAsked,
  NOT_REACHED,
  seconds,
  settling,
  type Shown,
  undecidedBy,
  verdictOf,
} from './samples.ts';

type Verdicts = readonly KeyVerdict[] | NotAsked;

/** A key that was made opens what it should, on each connection. Expectation: `opens`. */
export function judgeMade({ contract, observations, level }: KeyJudging): Verdicts {
  const part = observations.revoked ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { key, made, hasAllScopes, revoked } = part;
  const end = revoked && !isNotAsked(revoked) ? revoked.order : Infinity;
  const samples = key.samples.filter(({ order }) => order < end);
  return byWay(contract, observations.operations, samples, { level, of: KEY_CASES.made }, (own) =>
    opensOnEach(own, made, hasAllScopes),
  );
}

function opensOnEach(own: readonly ObservedSample[], made: Change, hasAllScopes: boolean): Shown {
  const open = new Set(own.filter(({ what }) => what === 'opened').map(({ connection }) => connection));
  const closed = own.filter(({ connection }) => !open.has(connection));
  const last = closed.findLast(({ what }) => what === 'refused');
  const measured =
    last === undefined
      ? `first accepted ${seconds((inOrder(own).find(({ what }) => what === 'opened')?.at ?? made.at) - made.at)} after it was made`
      : `refused with ${last.status} still ${seconds(last.at - made.at)} after it was made`;
  if (closed.length === 0) return { finding: finding('opens', true, '', ''), sample: own.at(-1), measured };
  if (last === undefined) return { finding: undecidedBy(closed, 'opens'), sample: closed.at(-1), measured };
  if (last.status === 403 && !hasAllScopes)
    return {
      finding: undecided('opens', 'the key got 403, and which scopes a key has that is made is not known'),
      sample: last,
      measured,
    };
  return { finding: finding('opens', false, 'the key opens the operation', measured), sample: last, measured };
}

interface Revoked {
  readonly part: RevokedKeyPart;
  readonly revoked: Change;
  /** Operations on which the key was accepted before. */
  readonly operations: readonly string[];
  readonly samples: readonly ObservedSample[];
}

/** What there is to judge of a key that was revoked: the ways in which it was accepted before. */
function revokedIn({ observations }: KeyJudging): Revoked | NotAsked {
  const part = observations.revoked ?? NOT_REACHED;
  if (isNotAsked(part)) return part;
  const { key, revoked = NOT_REACHED } = part;
  if (isNotAsked(revoked)) return revoked;
  const samples = inWaysThatOpened(key.samples, ({ order }) => order < revoked.order);
  const operations = observations.operations.filter((id) => samples.some(({ operation }) => operation === id));
  return { part, revoked, operations, samples };
}

/** Samples of the ways in which the key was accepted on each connection before a time. */
export function inWaysThatOpened(
  samples: readonly ObservedSample[],
  isBefore: (sample: ObservedSample) => boolean,
): readonly ObservedSample[] {
  const nameOf = ({ form, operation }: ObservedSample): string => `${form} ${operation}`;
  const open = new Set(samples.filter((sample) => sample.what === 'opened' && isBefore(sample)).map(nameOf));
  return samples.filter((sample) => open.has(nameOf(sample)));
}

/** A revoked key is refused within the promised time. Expectation: `refused-in-time`. */
export function judgeRefusedInTime(judging: KeyJudging): Verdicts {
  const found = revokedIn(judging);
  if (isNotAsked(found)) return found;
  const { contract, observations, level } = judging;
  return byWay(contract, found.operations, found.samples, { level, of: KEY_CASES.revoked }, (own) =>
    inTime(own, {
      ...{ expectation: 'refused-in-time', wanted: 'refused', from: found.revoked.at, after: 'the revocation' },
      isAfter: ({ order }) => order > found.revoked.order,
      ...{ promised: observations.promises.revokedWithin, flips: false },
    }),
  );
}

/** A revoked key that was refused on each connection is never accepted again. Expectation: `stays-refused`. */
export function judgeStaysRefused(judging: KeyJudging): Verdicts {
  const found = revokedIn(judging);
  if (isNotAsked(found)) return found;
  const { contract, observations, level } = judging;
  const from = found.revoked.at;
  const { revokedWithin: promised = 0 } = observations.promises;
  return byWay(contract, found.operations, found.samples, { level, of: KEY_CASES.watched }, (own) => {
    const after = own.filter(({ order }) => order > found.revoked.order);
    const { settledAt, after: again } = settling(after, 'refused');
    const last = after.at(-1);
    if (settledAt === undefined) {
      const reason =
        'the key was not refused on each connection while it was watched, so nobody can see whether it stays so';
      return { finding: undecided('stays-refused', reason), sample: last, measured: reason };
    }
    const [flip] = again.filter((sample) => isLate(sample, from, promised));
    const watched = `refused from ${seconds(settledAt - from)} to ${seconds((last?.at ?? from) - from)} after the revocation`;
    if (!flip) return { finding: finding('stays-refused', true, '', ''), sample: last, measured: watched };
    const measured = `accepted again ${seconds(flip.at - from)} after the revocation, ${seconds(flip.at - settledAt)} after it was refused on each connection`;
    return {
      finding: finding('stays-refused', false, 'a key that was refused stays refused', measured),
      sample: flip,
      measured,
    };
  });
}

/** What the id of a revoked key gives. Expectation: `gives-nothing`. */
export function judgeRevokedId(judging: KeyJudging): Verdicts {
  const found = revokedIn(judging);
  if (isNotAsked(found)) return found;
  const { byId } = found.part;
  if (!byId) return NOT_REACHED;
  const [first] = byId.asKey;
  const verdicts = [
    ...(first ? [{ operation: first.operation, cases: [asKey(first, judging.level)] }] : []),
    ...toOperations(byId, judging.level),
  ];
  // One cell for an operation, whatever was asked of it.
  return [...new Set(verdicts.map(({ operation }) => operation))].map((operation) => ({
    operation,
    cases: verdicts.filter((verdict) => verdict.operation === operation).flatMap(({ cases }) => cases),
  }));
}

function asKey(sample: ObservedSample, level: Level): CaseVerdict {
  const measured = `the id in the place of the key got ${sample.status ?? sample.reason ?? 'no response'}`;
  const decided =
    sample.what === 'opened' || sample.what === 'refused'
      ? finding('gives-nothing', sample.what === 'refused', 'the id of a key opens nothing', measured)
      : undecided('gives-nothing', measured);
  return verdictOf(KEY_CASES.idAsKey.id, level, { finding: decided, sample, measured });
}

function toOperations({ read, rolled, updated }: RevokedIdPart, level: Level): readonly KeyVerdict[] {
  const verdict = (
    { id }: { readonly id: string },
    { operation, exchange }: { readonly operation: string; readonly exchange: CaseVerdict['exchange'] },
    isMet: boolean,
    actual: string,
  ): KeyVerdict => {
    const shown = verdictOf(id, level, {
      finding: finding('gives-nothing', isMet, 'the id of a revoked key gives nothing that opens', actual),
      measured: actual,
    });
    return { operation, cases: [{ ...shown, ...(exchange && { exchange }) }] };
  };
  const opens = (samples: readonly ObservedSample[]): boolean => samples.some(({ what }) => what === 'opened');
  return [
    ...(read ? [verdict(KEY_CASES.idRead, read, !read.showsKey, 'who reads the revoked key gets the whole key')] : []),
    ...(updated
      ? [
          verdict(
            KEY_CASES.idUpdated,
            updated,
            !opens(updated.samples),
            'the revoked key opens again after its scopes were changed',
          ),
        ]
      : []),
    ...(rolled
      ? [verdict(KEY_CASES.idRolled, rolled, !opens(rolled.samples), 'rolling the revoked key gives a key that opens')]
      : []),
  ];
}
