import type { KnownFailure } from '../config/known-failures.ts';
import { KEY_CASES } from '../judging/keys/cases.ts';
import type { Cell } from '../model/cell.ts';
import type { KeyLine, KeyTimeline } from '../model/key-lifecycle.ts';
import { type Conformance, type ReportedCell, reportCell } from './conformance.ts';
import { many } from './wording.ts';

/** What a run found of keys over time, in words. */
export interface ReportedKeys {
  readonly timeline: KeyTimeline;
  readonly cells: readonly ReportedCell[];
  /** A sentence about each key that could not be revoked. */
  readonly leftovers: readonly string[];
}

/**
 * @param excused finds the known failure that excuses a cell
 * @param newer ids of the rules that are newer than the edition that the run pins
 */
export function reportKeys(
  { cells, ...rest }: Omit<ReportedKeys, 'cells'> & { readonly cells: readonly Cell[] },
  excused: (cell: Cell) => KnownFailure | undefined,
  newer: ReadonlySet<string>,
): ReportedKeys {
  return { ...rest, cells: cells.map((cell) => reportCell(cell, excused(cell), newer.has(cell.rule))) };
}

/** The heading that the cases stand under. */
const GROUP = 'keys over time';

/** What was shown to operations, of the cases that some cell names. */
export function keyCases(cells: readonly ReportedCell[]): Conformance['cases'] {
  const named = new Set(cells.flatMap(({ cases }) => cases.map(({ case: id }) => id.replace(/@.*$/, ''))));
  return Object.values(KEY_CASES)
    .filter(({ id }) => named.has(id))
    .map(({ id, title }) => ({ id, title, group: GROUP }));
}

const KEEPERS: Readonly<Record<KeyTimeline['keeper'], string>> = {
  operations: 'operations of the contract',
  command: 'the command of the settings',
  hand: 'a person',
};

/** What was done to keys, in a sentence with figures. */
export function keysInWords({ keeper, keys, requests, seconds, clockSkew }: KeyTimeline): string {
  const skew =
    clockSkew === undefined
      ? ''
      : clockSkew < 0
        ? `; the clock of the target is ${(-clockSkew).toFixed(1)} s behind ours`
        : `; the clock of the target is ${clockSkew.toFixed(1)} s ahead of ours`;
  return `${many(keys.length, 'key')} made by ${KEEPERS[keeper]} and watched for ${Math.round(seconds)} s with ${many(requests, 'request')}${skew}`;
}

/** What a line of the time line says in words: `key 1, revoked: promised after 0 s; first refused after 0.0 s, …`. */
export function keyLineInWords({ name, promise, firstRefusal, lastAcceptance, events }: KeyLine): string {
  const from = promise?.from ?? events.at(-1)?.at ?? 0;
  const after = (time: number): string => `${Math.max(0, time - from).toFixed(1)} s`;
  const parts = [
    promise ? `promised: ${promise.name} ${promise.seconds} s` : 'nothing promised',
    firstRefusal === undefined ? 'never refused' : `first refused after ${after(firstRefusal)}`,
    ...(lastAcceptance === undefined || lastAcceptance < from ? [] : [`last accepted after ${after(lastAcceptance)}`]),
  ];
  return `${name}: ${parts.join('; ')}`;
}
