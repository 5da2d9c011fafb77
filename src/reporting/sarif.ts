import { createHash } from 'node:crypto';
import type { Location, Log, PropertyBag, ReportingDescriptor, Result } from 'sarif';
import { SEVERITIES } from '../judging/standards.ts';
import { cellId } from '../model/cell-id.ts';
import { causesOfReport, type ShownCause } from './causes.ts';
import type { Conformance, ReportedCell, ReportedRule, ReportedStandards } from './conformance.ts';
import { webAddress } from './page/html.ts';
import { isFailing } from './outcomes.ts';
import { inLine, readable } from '../visible-text.ts';
import { following, headline, many, NEWER } from './wording.ts';

/** Readers of SARIF refuse a run with more results than this. */
const MOST_RESULTS = 5000;
const LONGEST_MESSAGE = 1000;
const MOST_RELATED = 100;

/**
 * SARIF 2.1.0: a result for each cause of failing cells, related to the operations that it is on, and one for each cell
 * that violates or deviates, at the operation's line of the contract. What is not proven is no result, and an error is no
 * fault of the API: it is a notification of the run.
 */
export function sarif(report: Conformance): Log {
  const { suite, contract, verdict, startedAt, durationMs, counts, rules, cells } = report;
  const failing = cells.filter(({ outcome }) => isFailing(outcome));
  const worstFirst = failing.toSorted((a, b) => Number(b.outcome === 'violates') - Number(a.outcome === 'violates'));
  const places = new Map(report.operations.map(({ id, ...place }) => [id, place]));
  const standards = new Map(rules.flatMap((rule) => (rule.standards ? [[rule.id, rule.standards] as const] : [])));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const all = causesOfReport(report);
  const causes = all.filter(({ counts: { violates, deviates } }) => violates + deviates > 0);
  const others = all.filter((cause) => !causes.includes(cause));
  const room = MOST_RESULTS - causes.length;
  const of = { file: contract.file, places };
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'auth-conformance',
            ...informationUri(report),
            semanticVersion: suite.version,
            rules: [...rules.map(descriptor), ...causes.map((cause) => causeDescriptor(cause, standards))],
          },
        },
        automationDetails: { id: `auth-conformance/${contract.id}/${report.target.environment}/` },
        originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the project that the contract is in.' } } },
        artifacts: [{ location: placeOf(contract.file), hashes: { 'sha-256': contract.sha256 } }],
        invocations: [
          {
            executionSuccessful: verdict === 'conforms' || verdict === 'violates',
            startTimeUtc: startedAt,
            endTimeUtc: new Date(Date.parse(startedAt) + durationMs).toISOString(),
            toolExecutionNotifications: notifications(report, others, failing.length - room),
          },
        ],
        results: [
          ...causes.map((cause, index) => causeResult(cause, of, rules.length + index)),
          ...worstFirst.slice(0, room).map((cell) => result(cell, of, indexes.get(cell.rule) ?? -1)),
        ],
        columnKind: 'utf16CodeUnits',
        properties: { verdict, counts: { ...counts } },
      },
    ],
  };
}

/** The suite has no address of its own. What it holds the API to has one: the page of the first promise. */
function informationUri({ promises, rules }: Conformance): { readonly informationUri?: string } {
  const addresses = [...promises, ...rules.map(({ source: { url } }) => ({ source: url }))];
  const [address] = addresses.flatMap(({ source }) => webAddress(source) ?? []);
  return address === undefined ? {} : { informationUri: address };
}

function descriptor({ id, level, title, section, source, standards }: ReportedRule): ReportingDescriptor {
  const said = source.promise === undefined ? `A standard says so: ${source.text}.` : `The promise: “${source.text}”`;
  const more = webAddress(source.url);
  return {
    id,
    name: pascal(id),
    shortDescription: { text: readable(title) },
    fullDescription: { text: readable(`${title[0]?.toUpperCase() ?? ''}${title.slice(1)}. ${said}`) },
    help: {
      text: readable(`${level}: ${title}. ${said}${more === undefined ? '' : ` (${more})`}`),
      markdown: `**${level}**: ${inMarkdown(title)}.\n\n${inMarkdown(said)}${more === undefined ? '' : `\n\n<${more}>`}`,
    },
    ...(more !== undefined && { helpUri: more }),
    defaultConfiguration: { level: level === 'MUST' ? 'error' : 'warning' },
    properties: {
      tags: ['authentication', section, ...(standards ? tagsOf(standards) : [])],
      ...severityOf(standards ? [standards] : []),
      level,
    } satisfies PropertyBag,
  };
}

/** Code scanning shows what has the tag `security` as a weakness, and links tags such as `external/cwe/cwe-306`. */
function tagsOf({ cwe, owaspApi, asvs, severity }: ReportedStandards): string[] {
  return [
    ...(severity === 'none' ? [] : ['security']),
    ...cwe.map((weakness) => `external/cwe/cwe-${String(weakness).padStart(3, '0')}`),
    ...owaspApi.map((risk) => `owasp-api-2023/${risk}`),
    ...asvs.map((requirement) => `asvs-5.0/${requirement}`),
  ];
}

/** The worst of them, as code scanning reads it; nothing where nobody gains anything. */
function severityOf(all: readonly ReportedStandards[]): { readonly 'security-severity'?: string } {
  const [worst] = all
    .flatMap(({ severity }) => SEVERITIES[severity].score ?? [])
    .toSorted((one, other) => Number(other) - Number(one));
  return worst === undefined ? {} : { 'security-severity': worst };
}

function result(cell: ReportedCell, of: Places, ruleIndex: number): Result {
  const { rule, operation, outcome, known, newer, since, cause } = cell;
  return {
    ruleId: rule,
    ruleIndex,
    kind: 'fail',
    // What cannot fail the run is no alert that blocks one.
    level: newer ? 'note' : outcome === 'violates' ? 'error' : 'warning',
    message: { text: newer ? `${message(cell)} (${NEWER})` : message(cell) },
    locations: [locationOf(operation, of)],
    // Alerts stay the same while lines move.
    partialFingerprints: { 'ruleAndOperation/v1': createHash('sha256').update(cellId(cell)).digest('hex') },
    ...(known && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: readable(`${known.reason} (${known.owner}, ${known.link}, until ${known.expires})`),
        },
      ],
    }),
    properties: {
      outcome,
      ...(since !== undefined && { since }),
      ...(cause !== undefined && { cause: causeRule(cause) }),
    },
  };
}

/** The id of a cause among those of the rules. */
function causeRule(id: string): string {
  return `cause-${id}`;
}

/** As bad as the worst of what follows from it. */
function causeDescriptor(
  { id, remedy, shown }: ShownCause,
  standards: ReadonlyMap<string, ReportedStandards>,
): ReportingDescriptor {
  const failing = shown.filter(({ outcome }) => isFailing(outcome)).flatMap(({ rule }) => standards.get(rule) ?? []);
  const severity = severityOf(failing);
  return {
    id: causeRule(id),
    name: pascal(causeRule(id)),
    shortDescription: { text: `a cause of several findings: ${id.replaceAll('-', ' ')}` },
    fullDescription: { text: readable(remedy) },
    help: { text: readable(remedy), markdown: inMarkdown(remedy) },
    defaultConfiguration: { level: 'error' },
    properties: {
      tags: ['authentication', 'cause', ...('security-severity' in severity ? ['security'] : [])],
      ...severity,
    } satisfies PropertyBag,
  };
}

interface Places {
  readonly file: string;
  readonly places: ReadonlyMap<string, { readonly line: number; readonly column?: number }>;
}

/** At the operation of its example, and related to every operation that it is on. */
function causeResult(
  { id, sentence, remedy, example, shown, counts }: ShownCause,
  of: Places,
  ruleIndex: number,
): Result {
  const operations = [...new Set(shown.map(({ operation }) => operation))];
  const said = `${sentence}. ${following(counts)} from it. ${remedy}`;
  return {
    ruleId: causeRule(id),
    ruleIndex,
    kind: 'fail',
    level: counts.violates > 0 ? 'error' : 'warning',
    message: { text: inLine(said, LONGEST_MESSAGE) },
    locations: [locationOf(example.operation, of)],
    relatedLocations: operations.slice(0, MOST_RELATED).map((operation, index) => {
      const cells = shown.filter((cell) => cell.operation === operation).length;
      const words = `${operation}: ${many(cells, 'cell follows', 'cells follow')} from it`;
      return { id: index + 1, ...locationOf(operation, of), message: { text: readable(words) } };
    }),
    partialFingerprints: { 'cause/v1': createHash('sha256').update(id).digest('hex') },
    // Where every failing cell is excused, so is what they follow from.
    ...(shown.every(({ outcome, known }) => !isFailing(outcome) || known) && {
      suppressions: [
        { kind: 'external', status: 'accepted', justification: 'Every failing cell that follows from it is known.' },
      ],
    }),
    properties: { cells: shown.map(cellId).slice(0, MOST_RESULTS) },
  };
}

function locationOf(operation: string, { file, places }: Places): Location {
  const { line = 1, column } = places.get(operation) ?? {};
  return {
    physicalLocation: {
      artifactLocation: placeOf(file),
      region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
    },
    logicalLocations: [{ fullyQualifiedName: operation, kind: 'resource' }],
  };
}

function message({ operation, outcome, cases }: ReportedCell): string {
  const failing = cases.filter((each) => each.outcome === outcome);
  const said = failing
    .slice(0, 3)
    .map(({ case: id, expected, actual, reason }) =>
      expected === undefined ? `${id}: ${reason}` : `${id}: expected ${expected}; received ${actual}`,
    );
  const more = failing.length > 3 ? [`and ${failing.length - 3} more cases`] : [];
  return inLine(`${operation}: ${[...said, ...more].join(' · ')}`, LONGEST_MESSAGE);
}

interface Notification {
  readonly level: 'error' | 'warning';
  readonly message: { readonly text: string };
}

function notifications(report: Conformance, causes: readonly ShownCause[], left: number): Notification[] {
  const { verdict, cells } = report;
  const errors = new Set(
    cells
      .filter(({ outcome }) => outcome === 'error')
      .map(({ operation, rule, reason }) => inLine(`${operation} ${rule}: ${reason ?? 'error'}`, LONGEST_MESSAGE)),
  );
  return [
    ...(verdict === 'error' || verdict === 'not proven'
      ? [{ level: 'error' as const, message: { text: readable(headline(report)) } }]
      : []),
    ...[...errors].slice(0, 100).map((text) => ({ level: 'error' as const, message: { text } })),
    ...causes.map(({ sentence, remedy }) => ({
      level: 'warning' as const,
      message: { text: inLine(`${sentence}. ${remedy}`, LONGEST_MESSAGE) },
    })),
    ...(left > 0
      ? [
          {
            level: 'warning' as const,
            message: { text: `${left} more failing cells are in conformance.json.` },
          },
        ]
      : []),
  ];
}

function placeOf(file: string): { uri: string; uriBaseId: string } {
  return { uri: encodeURI(file), uriBaseId: 'SRCROOT' };
}

function pascal(id: string): string {
  return id.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
}

function inMarkdown(text: string): string {
  return readable(text).replace(/[\\`*_{}[\]()#+!|<>~]/g, (character) => `\\${character}`);
}
