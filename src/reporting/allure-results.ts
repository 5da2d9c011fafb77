import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../model/cell.ts';
import { cellId } from '../model/cell-id.ts';
import type { Level } from '../model/contract.ts';
import type { Conformance, ReportedCell, ReportedRule } from './conformance.ts';
import { evidenceText, findingText, isFatal } from './evidence.ts';
import { outcomesOf, type RememberedRun } from './history.ts';
import { OUTCOMES } from './outcomes.ts';
import { webAddress } from './page/html.ts';
import type { FullReport } from './report-files.ts';
import { inLine, readable } from '../visible-text.ts';
import { headline, many, NEWER } from './wording.ts';

/** A single page with more results than this takes a browser seconds to open. */
const MOST_RESULTS = 4000;
const LONGEST_MESSAGE = 1000;
const MOST_RUNS = 20;

/** Allure's configuration, which lies beside the results. */
export const ALLURE_CONFIG = 'allurerc.json';
const HISTORY = 'history.jsonl';

/** As Allure has it in `*-result.json`. */
interface AllureResult {
  readonly uuid: string;
  readonly name: string;
  readonly fullName: string;
  readonly testCaseId: string;
  readonly titlePath: readonly string[];
  readonly status: AllureStatus;
  readonly statusDetails?: {
    readonly message: string;
    readonly trace?: string;
    readonly expected?: string;
    readonly actual?: string;
    readonly known?: true;
  };
  readonly stage: 'finished';
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly stop: number;
  readonly description: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly links: readonly { readonly name: string; readonly url: string; readonly type: string }[];
}

type AllureStatus = 'passed' | 'failed' | 'broken' | 'skipped';

/** What of Allure's settings names files: paths from the folder of the results. */
export interface AllureConfig {
  readonly historyPath: string;
  readonly resolutions: object;
}

/** What a level is in Allure's words. */
const SEVERITIES: Readonly<Record<Level, string>> = { MUST: 'critical', SHOULD: 'minor', SURVEY: 'trivial' };

/**
 * Writes the results that Allure's report is made of, a file for each cell, and the settings to make it with.
 *
 * @param past earlier runs of the target, the oldest first: Allure shows what became of each cell in them
 */
export function writeAllureResults(
  folder: string,
  report: Conformance,
  past: readonly RememberedRun[],
  full: FullReport = 'conformance.html',
): void {
  mkdirSync(folder, { recursive: true });
  const results = allureResults(report, full);
  for (const result of results) writeFileSync(join(folder, `${result.uuid}-result.json`), JSON.stringify(result));
  // Of a thousand operations twenty runs are more than Allure can read.
  const shown = new Map(results.map(({ testCaseId, uuid }) => [testCaseId, uuid]));
  writeFileSync(
    join(folder, HISTORY),
    past
      .slice(-MOST_RUNS)
      .map((run) => `${JSON.stringify(historyPoint(run, shown))}\n`)
      .join(''),
  );
  writeFileSync(join(folder, ALLURE_CONFIG), `${JSON.stringify(allureConfig(report), null, 1)}\n`);
}

/**
 * A result for each cell. Of a report with more cells than a page can hold, what conforms and what does not apply is one
 * result for each operation, that counts them.
 */
export function allureResults(report: Conformance, full: FullReport = 'conformance.html'): AllureResult[] {
  const { cells, operations } = report;
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  if (cells.length <= MOST_RESULTS) return cells.map((cell, index) => resultOf(cell, rules, report, index));
  const isQuiet = ({ outcome }: ReportedCell): boolean => outcome === 'conforms' || outcome === 'not applicable';
  const loud = cells.filter((cell) => !isQuiet(cell));
  const worstFirst = OUTCOMES.flatMap(({ outcome }) => loud.filter((cell) => cell.outcome === outcome));
  const quiet = operations.map(({ id }) => ({
    id,
    its: cells.filter((cell) => cell.operation === id && isQuiet(cell)),
  }));
  const room = MOST_RESULTS - operations.length;
  return [
    ...worstFirst.slice(0, room).map((cell, index) => resultOf(cell, rules, report, index)),
    ...quiet.flatMap(({ id, its }, index) =>
      its.length > 0 ? [quietResult(id, its, report, room + index, full)] : [],
    ),
  ];
}

function resultOf(
  cell: ReportedCell,
  rules: ReadonlyMap<string, ReportedRule>,
  report: Conformance,
  index: number,
): AllureResult {
  const { rule: id, level, operation, outcome, known, newer } = cell;
  const rule = rules.get(id);
  const shown = cell.cases.find((each) => each.outcome === outcome && each.expected !== undefined);
  const said = outcome === 'conforms' ? undefined : `${newer ? `${NEWER}: ` : ''}${outcome}: ${findingText(cell)}`;
  const trace = evidenceText(cell, rule?.source);
  const address = rule && webAddress(rule.source.url);
  return {
    ...identity(operation, id, report, index),
    name: `${id}: ${readable(rule?.title ?? '')}`,
    status: statusOf(cell, report),
    ...(said !== undefined && {
      statusDetails: {
        message: inLine(known ? `${said} (${excuseText(known)})` : said, LONGEST_MESSAGE),
        ...(cell.cases.some((each) => each.outcome === outcome) && { trace }),
        ...(shown && { expected: readable(shown.expected ?? ''), actual: readable(shown.actual ?? '') }),
        ...(known && { known: true as const }),
      },
    }),
    description: readable(rule ? `${level}: ${rule.title}. ${rule.source.text}` : level),
    labels: [
      ...labels({ operation, rule, level }),
      ...tags([
        level,
        ...(outcome === 'conforms' ? [] : [outcome]),
        ...(known ? ['known failure'] : []),
        ...(newer ? ['newer rule'] : []),
      ]),
      ...(known ? [{ name: 'owner', value: known.owner }] : []),
    ],
    links: [
      ...(address === undefined ? [] : [{ name: rule?.source.promise ?? 'the standard', url: address, type: 'link' }]),
      ...(known && webAddress(known.link) !== undefined
        ? [{ name: 'known failure', url: known.link, type: 'issue' }]
        : []),
    ],
  };
}

function quietResult(
  operation: string,
  cells: readonly ReportedCell[],
  report: Conformance,
  index: number,
  full: FullReport,
): AllureResult {
  const conforming = cells.filter(({ outcome }) => outcome === 'conforms').length;
  return {
    ...identity(operation, 'everything else', report, index),
    name: `everything else: ${many(conforming, 'rule conforms', 'rules conform')}, ${cells.length - conforming} not applicable`,
    status: conforming > 0 ? 'passed' : 'skipped',
    description: `${full} has them one by one.`,
    labels: labels({ operation, rule: undefined, level: 'MUST' }),
    links: [],
  };
}

function identity(
  operation: string,
  rule: string,
  { startedAt }: Conformance,
  index: number,
): Pick<AllureResult, 'uuid' | 'fullName' | 'testCaseId' | 'titlePath' | 'stage' | 'start' | 'stop'> {
  const id = cellId({ rule, operation });
  // Allure sorts by the start: the order of the report.
  const time = Date.parse(startedAt) + index;
  return {
    ...{ uuid: md5(id), fullName: `${operation} › ${rule}`, testCaseId: id, titlePath: [operation] },
    ...{ stage: 'finished', start: time, stop: time },
  };
}

function labels(of: {
  readonly operation: string;
  readonly rule: ReportedRule | undefined;
  readonly level: Level;
}): AllureResult['labels'] {
  return [
    { name: 'suite', value: of.operation },
    { name: 'feature', value: of.rule?.section ?? 'other' },
    { name: 'severity', value: SEVERITIES[of.level] },
  ];
}

function tags(names: readonly string[]): AllureResult['labels'] {
  return names.map((value) => ({ name: 'tag', value }));
}

/** What a run fails for is failed, and a known failure too: the report's resolutions take it out of the count. */
function statusOf(cell: ReportedCell, report: Conformance): AllureStatus {
  if (cell.newer) return cell.outcome === 'error' || cell.outcome === 'violates' ? 'skipped' : STATUSES[cell.outcome];
  if (cell.outcome === 'violates' || isFatal(cell, report)) return 'failed';
  return STATUSES[cell.outcome];
}

const STATUSES: Readonly<Record<Outcome, AllureStatus>> = {
  ...{ violates: 'failed', deviates: 'passed', error: 'broken', conforms: 'passed' },
  ...{ 'not proven': 'skipped', 'not applicable': 'skipped' },
};

/** Allure's configuration. */
function allureConfig(report: Conformance): AllureConfig & Readonly<Record<string, unknown>> {
  const { contract, target, suite, cells } = report;
  const tagged = (value: string): object => ({ labels: { tag: `^${value}$` } });
  const known = cells.flatMap((cell) => (cell.known ? [{ id: cellId(cell), known: cell.known }] : []));
  return {
    name: inLine(`${headline(report)}.`, 200),
    historyPath: HISTORY,
    appendHistory: false,
    // A name that Allure would refuse stands in the variables alone.
    ...(/^[\w][\w .-]{0,63}$/.test(target.environment) && { environment: target.environment }),
    qualityGate: { rules: [gateOf(report)] },
    // Of a cell the first that fits.
    categories: [
      { name: 'Known failures', matchers: tagged('known failure'), expand: true },
      { name: 'Rules newer than the pinned edition', matchers: tagged('newer rule') },
      { name: 'Violates: a MUST is broken', matchers: tagged('violates'), expand: true },
      { name: 'Deviates: a SHOULD is broken', matchers: tagged('deviates'), expand: true },
      { name: 'Errors: the suite or the network failed', matchers: tagged('error'), expand: true },
      { name: 'Not proven: a key, an accepted control or a response is missing', matchers: tagged('not proven') },
    ],
    resolutions: {
      rules: known.map(({ id, known: entry }) => ({
        ...{ resolution: 'accepted', testCaseId: [md5(id)], comment: inLine(excuseText(entry), LONGEST_MESSAGE) },
      })),
    },
    variables: {
      Contract: `${contract.title} ${contract.version} (${contract.file})`,
      Target: target.mock === true ? `the embedded mock, ${target.baseUrl}` : target.baseUrl,
      Environment: target.environment,
      Suite: suite.version,
    },
    plugins: {
      awesome: { options: { singleFile: true, reportLanguage: 'en', sections: [], defaultSortBy: 'status,asc' } },
    },
  };
}

/** What `allure quality-gate` goes by: it passes where the verdict is that the target conforms, and nowhere else. */
function gateOf({ verdict }: Conformance): object {
  // Of what is not proven no result fails, so that no number of failures is few enough.
  return { id: `verdict ${verdict}`, maxFailures: verdict === 'conforms' ? 0 : -1 };
}

function excuseText({ reason, owner, link, expires }: NonNullable<ReportedCell['known']>): string {
  return `known failure: ${reason} (${owner}, ${link}, until ${expires})`;
}

/**
 * A run as Allure keeps it, of what the suite keeps.
 *
 * @param shown digests of the results that the report shows, by the ids of their cells: only what became of these
 */
function historyPoint(run: RememberedRun, shown: ReadonlyMap<string, string>): object {
  const timestamp = Date.parse(run.startedAt);
  const results: [string, object][] = [];
  const known: string[] = [];
  const noParameters = md5('');
  for (const [id, outcome] of outcomesOf(run)) {
    const digest = shown.get(id);
    if (digest === undefined) continue;
    const historyId = `${digest}.${noParameters}`;
    const status = STATUSES[outcome];
    const result = { id: md5(`${run.startedAt} ${id}`), name: id, status, start: timestamp, stop: timestamp, url: '' };
    results.push([historyId, { ...result, historyId, message: outcome }]);
    known.push(digest);
  }
  return {
    ...{ uuid: md5(run.startedAt), name: run.verdict, timestamp, url: '', metrics: {} },
    knownTestCaseIds: known,
    testResults: Object.fromEntries(results),
  };
}

/** Allure names test cases by this digest. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
