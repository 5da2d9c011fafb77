import { cellId } from '../model/cell-id.ts';
import type { Contract } from '../model/contract.ts';
import type { Case } from '../requests/case.ts';
import type { Edition } from '../model/edition.ts';
import type { Strictness } from '../model/target.ts';
import { isNewer } from '../config/editions.ts';
import { excuse, type KnownFailure, staleEntries } from '../config/known-failures.ts';
import { type Cause, causesOf } from '../judging/causes.ts';
import { type CrossOperationRule, judgeTogether } from '../judging/operation-comparison.ts';
import { withValidRequest } from '../judging/judge.ts';
import type { KeyRule } from '../judging/keys/key-rule.ts';
import type { Rule } from '../judging/rule.ts';
import {
  type Conformance,
  count,
  type ReportedCell,
  reportCell,
  reportPromises,
  reportRule,
  type Verdict,
  verdictOf,
} from './conformance.ts';
import type { ReportedOperation, TargetNote } from './playwright-notes.ts';
import { keyCases, type ReportedKeys } from './reported-keys.ts';
import { many } from './wording.ts';

/** What a report shows of the suite's catalogue. */
export interface ReportedCatalogue {
  readonly rules: readonly Rule[];
  readonly crossOperationRules: readonly CrossOperationRule[];
  readonly keyRules: readonly KeyRule[];
  readonly cases: readonly Case[];
  /** By the id of a promise that is no rule's source: what judges it all the same, or why nothing does. */
  readonly judgedOtherwise: Readonly<Record<string, string>>;
}

/** What the tests of a run found, and of which run. */
export interface Findings {
  readonly contract: Contract;
  readonly catalogue: ReportedCatalogue;
  readonly operations: ReadonlyMap<string, ReportedOperation>;
  /** Ids of the cells that count. */
  readonly ended: ReadonlySet<string>;
  readonly target: TargetNote | undefined;
  readonly version: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly strict: ReadonlySet<Strictness>;
  readonly known: readonly KnownFailure[];
  /** That the run pins; absent: every rule counts. */
  readonly edition?: Edition | undefined;
  readonly today: string;
  readonly interrupted: boolean;
  /** What became of keys over time; absent: that was not asked, or not to its end. */
  readonly keys?: ReportedKeys | undefined;
  /** Ids of the rules about keys over time that the run was to judge. */
  readonly keyRulesPlanned?: readonly string[];
  /** A sentence about each key that was made and could not be revoked. */
  readonly leftovers?: readonly string[];
  /** Cells that the run was to judge. */
  readonly planned: number;
  /** Of a run that is one of several. */
  readonly shard?: { readonly current: number; readonly total: number };
  /** The findings are those of several such runs. */
  readonly merged?: boolean;
}

/** Makes the report from what the tests found, in the order of the contract and the catalogue whatever order they ran in. */
export function composeReport(found: Findings): Conformance {
  const { contract, catalogue, operations, target, keys } = found;
  const { rules, crossOperationRules, cases, judgedOtherwise } = catalogue;
  const judged = contract.operations.flatMap(({ id }) =>
    (operations.get(id)?.cells ?? []).filter(({ rule }) => found.ended.has(cellId({ rule, operation: id }))),
  );
  const { cells: ofOperations, causes } = withCauses(found, [...judged, ...crossOperationCells(found, judged)]);
  const ofKeys = keys?.cells ?? [];
  const cells = [...ofOperations, ...ofKeys];
  const { verdict, reason } = withLeftovers(found, verdictWithReason(found, cells, judged));
  return {
    suite: { version: found.version },
    contract: {
      id: contract.id,
      title: contract.title,
      version: contract.version,
      file: contract.file,
      sha256: contract.sha256,
    },
    target: {
      ...{ baseUrl: target?.baseUrl ?? '', environment: target?.environment ?? '' },
      ...(target?.mock && { mock: true }),
    },
    startedAt: found.startedAt.toISOString(),
    durationMs: Math.round(found.durationMs),
    requests: [...operations.values()].reduce(
      (sum, { requests }) => sum + requests,
      (target?.requests ?? 0) + (keys?.timeline.requests ?? 0),
    ),
    unprovenHarmless: [...operations.values()].reduce((sum, each) => sum + each.unprovenHarmless, 0),
    ...openRefusals(found),
    verdict,
    ...(found.strict.size > 0 && { strict: [...found.strict].toSorted() }),
    ...editionOf(found),
    ...(reason !== undefined && { reason }),
    partial: judged.length < contract.operations.length * rules.length,
    ...(found.shard && { shard: { current: found.shard.current, total: found.shard.total } }),
    ...(found.merged === true && { merged: true }),
    counts: count(cells),
    rules: [...rules, ...crossOperationRules, ...(keys ? catalogue.keyRules : [])].map((rule) =>
      reportRule(rule, contract),
    ),
    cases: [...reportedCases(cases, ofOperations), ...keyCases(ofKeys)],
    operations: contract.operations.map(({ id, line }) => ({ id, line })),
    promises: reportPromises(contract, judgedOtherwise),
    causes,
    ...(keys && { keyLifecycle: keys.timeline }),
    cells,
  };
}

/** Ids of the rules that a run is to show and not to fail for. */
export function newerRules(
  { rules, crossOperationRules, keyRules }: Pick<ReportedCatalogue, 'rules' | 'crossOperationRules' | 'keyRules'>,
  edition: Edition | undefined,
): ReadonlySet<string> {
  const newer = [...rules, ...crossOperationRules, ...keyRules].filter(({ since }) => isNewer(since, edition));
  return new Set(newer.map(({ id }) => id));
}

function editionOf({ catalogue, edition, keys }: Findings): Pick<Conformance, 'edition'> {
  if (edition === undefined) return {};
  return {
    edition: {
      pinned: edition,
      newerRules: newerRules(keys ? catalogue : { ...catalogue, keyRules: [] }, edition).size,
    },
  };
}

/** The cases of the catalogue, and those that were repeated with a valid request. */
function reportedCases(cases: readonly Case[], cells: readonly ReportedCell[]): Conformance['cases'] {
  const named = new Set(cells.flatMap((cell) => cell.cases.map(({ case: id }) => id.replace(/@.*$/, ''))));
  const known = new Set(cases.map(({ id }) => id));
  return cases.flatMap(({ id, title, group, access }) => {
    const repeat = withValidRequest(id);
    const isRepeated = named.has(repeat) && !known.has(repeat);
    return [
      { id, title, group, ...(access && { access }) },
      ...(isRepeated ? [{ id: repeat, title: `${title}, and a valid request`, group, ...(access && { access }) }] : []),
    ];
  });
}

/** The contract lets 401 and 403 conform alike: then a reader wants to know which it is. */
function openRefusals({ contract, operations }: Findings): Pick<Conformance, 'openRefusals'> {
  const { missingKey, invalidKey } = contract.refusals;
  if (![missingKey, invalidKey].some((refusal) => (refusal?.status.length ?? 0) > 1)) return {};
  const refused = [...operations.values()].flatMap(({ signs }) => Object.entries(signs.refused));
  const kinds = new Map(refused.map(([id, status]) => [`${id} ${status}`, { case: id, status }]));
  const observed = [...kinds.values()]
    .map((kind) => ({
      ...kind,
      operations: refused.filter(([id, status]) => id === kind.case && status === kind.status).length,
    }))
    .toSorted((one, other) => other.operations - one.operations);
  const documented = contract.operations.some(({ responses }) => '401' in responses || '403' in responses);
  return observed.length === 0 ? {} : { openRefusals: { documented, observed } };
}

/** The cells, each with the cause that explains it. */
function withCauses(
  { operations, ended }: Findings,
  cells: readonly ReportedCell[],
): { readonly cells: readonly ReportedCell[]; readonly causes: readonly Cause[] } {
  // Operations of which nothing counts say nothing.
  const reached = new Set([...ended].map((id) => id.slice(id.indexOf('@') + 1)));
  const signs = new Map([...operations].filter(([id]) => reached.has(id)).map(([id, each]) => [id, each.signs]));
  const causes = causesOf(signs, cells);
  const causeOf = new Map(causes.flatMap(({ id, cells: its }) => its.map((cell) => [cell, id] as const)));
  const named = cells.map((cell): ReportedCell => {
    const cause = causeOf.get(cellId(cell));
    return cause === undefined ? cell : { ...cell, cause };
  });
  return { cells: named, causes };
}

/** A violation stands however little else is known; otherwise nothing conforms that was not judged to its end. */
function verdictWithReason(
  found: Findings,
  cells: readonly ReportedCell[],
  judged: readonly ReportedCell[],
): { verdict: Verdict; reason?: string } {
  const { strict, known, today, target, interrupted, planned, keys, keyRulesPlanned = [] } = found;
  const verdict = verdictOf(cells, strict);
  const stale = staleEntries(known, withUnreached(found, cells), target?.environment ?? '', today);
  if (verdict === 'violates') return { verdict, ...(stale.length > 0 && { reason: stale.join(' ') }) };
  if (interrupted) return { verdict: 'error', reason: `the run was interrupted after ${many(cells.length, 'cell')}` };
  if (judged.length < planned)
    return {
      verdict: 'error',
      reason: `${planned - judged.length} of ${planned} cells are missing: did a shard or a worker not report?`,
    };
  if (keyRulesPlanned.length > 0 && !keys)
    return {
      verdict: 'error',
      reason: 'keys over time were not asked to their end: did a shard or a worker not report?',
    };
  if (stale.length > 0) return { verdict: 'error', reason: stale.join(' ') };
  // Operations that are alike in being judged by nothing else conform to nothing.
  if (verdictOf([...judged, ...(keys?.cells ?? [])], new Set()) === 'not proven')
    return { verdict: 'not proven', reason: 'nothing could be judged' };
  return { verdict };
}

/** A key that stays behind is an error, whatever else was found; what the target violates stands all the same. */
function withLeftovers(
  { leftovers = [] }: Findings,
  { verdict, reason }: { readonly verdict: Verdict; readonly reason?: string },
): { readonly verdict: Verdict; readonly reason?: string } {
  if (leftovers.length === 0) return { verdict, ...(reason !== undefined && { reason }) };
  const all = [...(reason === undefined ? [] : [reason]), ...leftovers].join(' ');
  return { verdict: verdict === 'violates' ? verdict : 'error', reason: all };
}

/** Of a part of a run nobody can say that a failure is gone: what was not reached is undecided. */
function withUnreached(
  { contract, catalogue: { rules, crossOperationRules } }: Findings,
  cells: readonly ReportedCell[],
): Pick<ReportedCell, 'rule' | 'operation' | 'outcome'>[] {
  const reached = new Set(cells.map(cellId));
  const missing = contract.operations.flatMap(({ id: operation }) =>
    rules.map(({ id: rule }) => ({ rule, operation })).filter((cell) => !reached.has(cellId(cell))),
  );
  // Rules that compare operations need them all.
  const open = contract.operations.flatMap(({ id: operation }) =>
    crossOperationRules.map(({ id: rule }) => ({ rule, operation })),
  );
  const undecided = missing.length > 0 ? [...missing, ...open] : [];
  return [...cells, ...undecided.map((cell) => ({ ...cell, outcome: 'not proven' as const }))];
}

/** The cells that compare operations: made here, since the shards of a run know only their own. */
function crossOperationCells(found: Findings, judged: readonly ReportedCell[]): ReportedCell[] {
  const reached = new Set(judged.map(({ operation }) => operation));
  const operations = [...found.operations.values()].filter(({ operation }) => reached.has(operation));
  return comparisonCells({ ...found, operations, environment: found.target?.environment ?? '' });
}

/** What the rules that compare operations need to know. */
export interface Compared {
  readonly contract: Contract;
  readonly catalogue: Pick<ReportedCatalogue, 'crossOperationRules'>;
  /** Those that were asked. */
  readonly operations: readonly Pick<ReportedOperation, 'operation' | 'fingerprints' | 'compared'>[];
  readonly environment: string;
  readonly known: readonly KnownFailure[];
  readonly edition?: Edition | undefined;
  readonly today: string;
}

/** Judges the operations against each other. */
export function comparisonCells(all: Compared): ReportedCell[] {
  const { contract, catalogue, operations, environment, known, edition, today } = all;
  const newer = newerRules({ ...catalogue, rules: [], keyRules: [] }, edition);
  const prints = new Map(operations.map(({ operation, fingerprints }) => [operation, fingerprints]));
  const evidence = new Map(operations.map(({ operation, compared }) => [operation, compared]));
  return judgeTogether(catalogue.crossOperationRules, prints, contract).map((cell) => {
    const reported = reportCell(cell, excuse(cell, environment, known, today), newer.has(cell.rule));
    const cases = reported.cases.map((one) => {
      const its = evidence.get(cell.operation)?.[one.case];
      return one.expected === undefined || its === undefined ? one : { ...one, evidence: its };
    });
    return { ...reported, cases };
  });
}
