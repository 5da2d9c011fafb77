import type { Contract, Level, DocumentedPromise } from '../model/contract.ts';
import type { KnownFailure } from '../config/known-failures.ts';
import type { CaseVerdict, Cell, Outcome } from '../model/cell.ts';
import type { KeyTimeline } from '../model/key-lifecycle.ts';
import type { Strictness } from '../model/target.ts';
import type { Cause } from '../judging/causes.ts';
import type { ShownAccess } from '../requests/case.ts';
import type { Rule } from '../judging/rule.ts';
import type { Severity } from '../judging/standards.ts';
import { lastResponse } from '../http/last-response.ts';
import type { Exchange, Respondent, SentRequest } from '../model/exchange.ts';

export type Verdict = 'conforms' | 'violates' | 'not proven' | 'error';

export interface Counts {
  readonly conforms: number;
  readonly violates: number;
  readonly deviates: number;
  readonly notApplicable: number;
  readonly notProven: number;
  readonly error: number;
  /** Of the violations and deviations, those that an entry of known-failures.yaml excuses. */
  readonly known: number;
}

/** A `SentRequest` as reports have it: `before` is what the model calls `earlier`, and the command stands beside it. */
export interface ReportedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body?: string;
  /** The request that was sent just before, where a case consists of two. Its response is not recorded. */
  readonly before?: Omit<ReportedRequest, 'before'>;
}

/** What was sent and received, safe to show: every key stands as its name. */
export interface Evidence {
  readonly request: ReportedRequest;
  readonly answer?: {
    readonly status: number;
    readonly headers: readonly string[];
    readonly body: string;
    readonly truncated: boolean;
  };
  readonly fault?: string;
  /** The status that the accepted counterpart of the request got. */
  readonly controlStatus?: number;
  readonly curl: string;
}

export interface ReportedCase {
  readonly case: string;
  readonly outcome: Outcome;
  readonly status?: number;
  /** The scopes of the key that was sent, of a case whose `access` names a key with scopes. */
  readonly scopes?: readonly string[];
  readonly reason?: string;
  readonly variable?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** Ids of the expectations that were not met. */
  readonly expectations?: readonly string[];
  /** Who wrote the response. With the evidence only. */
  readonly respondent?: Respondent;
  readonly evidence?: Evidence;
}

export interface ReportedCell {
  readonly rule: string;
  readonly level: Level;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** The entry of known-failures.yaml that excuses it. */
  readonly known?: { readonly reason: string; readonly owner: string; readonly link: string; readonly expires: string };
  /** The rule is newer than the edition that the run pins: whatever became of the cell, it does not fail the run. */
  readonly newer?: boolean;
  /** Every case; of a rule that looks at whatever was answered, those that do not conform. */
  readonly cases: readonly ReportedCase[];
  /** How many cases were looked at, where not all are listed. */
  readonly judged?: number;
  /** Of a cell that failed before: the start of the first of the runs in a row that saw it fail. */
  readonly since?: string;
  /** Id of the cause that it follows from. */
  readonly cause?: string;
}

/** A cell that fails now or failed when it was last judged, and not both. */
export interface ChangedCell {
  readonly operation: string;
  readonly rule: string;
  readonly outcome: Outcome;
  readonly before?: Outcome;
}

/** What is different from earlier runs of the same target. */
export interface Changes {
  /** Start of the last of them. */
  readonly since: string;
  readonly baseUrl: string;
  /** That run went by another contract. */
  readonly contractChanged: boolean;
  /** Fail now and did not then, or were not judged then. */
  readonly new: readonly ChangedCell[];
  /** Failed then and are judged and do not fail now. */
  readonly fixed: readonly ChangedCell[];
  /** Failed then and could not be judged now. */
  readonly lost: readonly ChangedCell[];
  /** How many failed then and fail now. */
  readonly stillFailing: number;
}

/** A run in short, for a look back over many. */
export interface PastRun {
  readonly startedAt: string;
  readonly verdict: Verdict;
  readonly partial: boolean;
  readonly counts: Counts;
}

/** What a run saw of a question that the contract leaves open. */
export interface OpenRefusals {
  /** False: no operation documents a 401 or a 403. */
  readonly documented: boolean;
  /** On how many operations which case was refused with which status. */
  readonly observed: readonly { readonly case: string; readonly status: number; readonly operations: number }[];
}

/** `Standards`, of whatever version of the suite wrote the report. */
export interface ReportedStandards {
  readonly cwe: readonly number[];
  readonly owaspApi: readonly string[];
  readonly asvs: readonly string[];
  readonly severity: Severity;
}

export interface ReportedRule {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly section: string;
  /** The edition since which a run can fail for it; absent in reports of versions that had no editions. */
  readonly since?: string;
  /** Who says it, in its own words where it is a promise. */
  readonly source: { readonly text: string; readonly url: string; readonly promise?: string };
  /** Absent in reports of versions that did not know it. */
  readonly standards?: ReportedStandards;
}

/** A promise of the contract, and where no rule has it as its source: which ones judge it all the same, or why none does. */
export interface ReportedPromise extends DocumentedPromise {
  readonly otherwise?: string;
}

/** `reports/conformance.json`, described by `schemas/conformance.schema.json`: what every other report is made from. */
export interface Conformance {
  readonly suite: { readonly version: string };
  readonly contract: {
    readonly id: string;
    readonly title: string;
    readonly version: string;
    readonly file: string;
    readonly sha256: string;
  };
  /** With `mock` where it was the embedded mock, so that nothing is said of an API of the user's. */
  readonly target: { readonly baseUrl: string; readonly environment: string; readonly mock?: boolean };
  readonly startedAt: string;
  readonly durationMs: number;
  readonly requests: number;
  /** Of the requests those on unsafe methods that no control has shown to be harmless; absent in files of earlier suites. */
  readonly unprovenHarmless?: number;
  /** How the API refuses; only where the contract leaves open whether with 401 or with 403. */
  readonly openRefusals?: OpenRefusals;
  readonly verdict: Verdict;
  /** What the run fails for besides a broken MUST; absent: for nothing, or in files of earlier suites. */
  readonly strict?: readonly Strictness[];
  /** The edition of the rules that the run pins, and how many are newer; absent: all rules count. */
  readonly edition?: { readonly pinned: string; readonly newerRules: number };
  /** Why nothing, or not everything, was judged. */
  readonly reason?: string;
  /** Not every planned cell was reached. */
  readonly partial: boolean;
  /** The run was one of several that share the contract's operations. */
  readonly shard?: { readonly current: number; readonly total: number };
  /** The report was put together from those of shards. */
  readonly merged?: boolean;
  readonly counts: Counts;
  /** Against the run before; absent: none is known. */
  readonly changes?: Changes;
  /** Earlier runs of the target, the oldest first. */
  readonly trend?: readonly PastRun[];
  readonly rules: readonly ReportedRule[];
  /** What each case sends, in words. A form that is not the primary one stands behind `@` in a cell's case. */
  readonly cases: readonly {
    readonly id: string;
    readonly title: string;
    readonly group: string;
    /** Of a case that shows what a key opens: which key, and what is expected of it. */
    readonly access?: ShownAccess;
  }[];
  readonly operations: readonly { readonly id: string; readonly line: number }[];
  readonly promises: readonly ReportedPromise[];
  /** What explains many cells at once; absent in files of suites that did not look for causes. */
  readonly causes?: readonly Cause[];
  /** What became of keys that changed while the run watched; absent: it did not ask for it. */
  readonly keyLifecycle?: KeyTimeline;
  readonly cells: readonly ReportedCell[];
}

export function reportCell(cell: Cell, known?: KnownFailure, newer = false): ReportedCell {
  const excused = known && {
    known: { reason: known.reason, owner: known.owner, link: known.link, expires: known.expires },
  };
  const { broad, cases, ...rest } = cell;
  const listed = broad ? cases.filter(({ outcome }) => outcome !== 'conforms') : cases;
  return {
    ...rest,
    ...excused,
    ...(newer && { newer }),
    cases: listed.map(reportCase),
    ...(broad && { judged: cases.length }),
  };
}

function reportCase(verdict: CaseVerdict): ReportedCase {
  const { case: id, outcome, scopes, reason, variable, unmet, exchange, respondent, control } = verdict;
  const response = exchange && lastResponse(exchange);
  // What a survey found has the outcome `not applicable`, and is shown like any other finding.
  const isPlain = unmet.length === 0 && (outcome === 'conforms' || outcome === 'not applicable');
  return {
    case: id,
    outcome,
    ...(response && { status: response.status }),
    ...(scopes && { scopes }),
    ...(reason !== undefined && { reason }),
    ...(variable !== undefined && { variable }),
    ...(unmet.length > 0 && {
      expected: unmet.map(({ expected }) => expected).join('; '),
      actual: unmet.map(({ actual }) => actual).join('; '),
      expectations: unmet.map(({ expectation }) => expectation),
    }),
    ...(!isPlain && exchange && respondent && { respondent }),
    ...(!isPlain && exchange && { evidence: evidenceOf(exchange, control) }),
  };
}

/** What was sent and answered, as reports show it. */
export function evidenceOf(exchange: Exchange, control?: Exchange): Evidence {
  const { request, fault } = exchange;
  const response = lastResponse(exchange);
  const controlResponse = control && lastResponse(control);
  return {
    request: reportRequest(request),
    ...(response && {
      answer: {
        status: response.status,
        headers: response.headers.map(([name, value]) => `${name}: ${value}`),
        body: response.body.text,
        truncated: response.body.truncated,
      },
    }),
    ...(fault && { fault: `${fault.kind}: ${fault.message}` }),
    ...(controlResponse && { controlStatus: controlResponse.status }),
    curl: request.curl,
  };
}

/** The one place where the names of the model become those of conformance.json. */
function reportRequest({ earlier, ...request }: SentRequest): ReportedRequest {
  const own = ({ method, url, headers, body }: SentRequest): ReportedRequest => ({
    ...{ method, url, headers },
    ...(body !== undefined && { body }),
  });
  return { ...own(request), ...(earlier && { before: own(earlier) }) };
}

export function reportRule(
  {
    id,
    level,
    title,
    section,
    since,
    source,
    standards,
  }: Pick<Rule, 'id' | 'level' | 'title' | 'section' | 'since' | 'source' | 'standards'>,
  contract: Contract,
): ReportedRule {
  const rule = { id, level, title, section, since, standards };
  if ('standard' in source) return { ...rule, source: { text: source.standard, url: source.url } };
  const promise = contract.promises.find((candidate) => candidate.id === source.promise);
  const words = promise
    ? { text: promise.text, url: promise.source }
    : { text: 'The OpenAPI document declares the operation secured', url: contract.file };
  return { ...rule, source: { ...words, promise: source.promise } };
}

export function reportPromises(
  { promises }: Pick<Contract, 'promises'>,
  otherwise: Readonly<Record<string, string>>,
): ReportedPromise[] {
  return promises.map((promise) => {
    const how = otherwise[promise.id];
    return how === undefined ? promise : { ...promise, otherwise: how };
  });
}

export function count(cells: readonly ReportedCell[]): Counts {
  const of = (outcome: Outcome): number => cells.filter((cell) => cell.outcome === outcome).length;
  return {
    conforms: of('conforms'),
    violates: of('violates'),
    deviates: of('deviates'),
    notApplicable: of('not applicable'),
    notProven: of('not proven'),
    error: of('error'),
    known: cells.filter(({ known }) => known !== undefined).length,
  };
}

/** Whether what became of a cell can fail the run: it is neither excused nor newer than the pinned edition. */
export function canFail({ known, newer }: Pick<ReportedCell, 'known' | 'newer'>): boolean {
  return known === undefined && newer !== true;
}

export function verdictOf(cells: readonly ReportedCell[], strict: ReadonlySet<Strictness>): Verdict {
  const outcomes = new Set(cells.filter((cell) => canFail(cell)).map(({ outcome }) => outcome));
  if (outcomes.has('violates') || (strict.has('should') && outcomes.has('deviates'))) return 'violates';
  if (outcomes.has('error')) return 'error';
  if (!outcomes.has('conforms') || (strict.has('proven') && outcomes.has('not proven'))) return 'not proven';
  return 'conforms';
}

/** 0 conforms, 1 violates, 2 could not judge. */
export function exitCode(verdict: Verdict): 0 | 1 | 2 {
  return verdict === 'conforms' ? 0 : verdict === 'violates' ? 1 : 2;
}
