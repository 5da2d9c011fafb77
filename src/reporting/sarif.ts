import { createHash } from 'node:crypto';
import type { Log, PropertyBag, ReportingDescriptor, Result } from 'sarif';
import { cellId } from '../model/cell-id.ts';
import type { Conformance, ReportedCell, ReportedRule } from './conformance.ts';
import { webAddress } from './page/html.ts';
import { isFailing } from './outcomes.ts';
import { inLine, readable } from './visible-text.ts';
import { headline } from './wording.ts';

/** Readers of SARIF refuse a run with more results than this. */
const MOST_RESULTS = 5000;
const LONGEST_MESSAGE = 1000;

/**
 * SARIF 2.1.0: a result for each cell that violates or deviates, at the operation's line of the contract. What is not
 * proven is no result, and an error is no fault of the API: it is a notification of the run.
 */
export function sarif(report: Conformance): Log {
  const { suite, contract, verdict, startedAt, durationMs, counts, rules, cells } = report;
  const failing = cells.filter(({ outcome }) => isFailing(outcome));
  const worstFirst = failing.toSorted((a, b) => Number(b.outcome === 'violates') - Number(a.outcome === 'violates'));
  const lines = new Map(report.operations.map(({ id, line }) => [id, line]));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'auth-conformance', semanticVersion: suite.version, rules: rules.map(descriptor) } },
        automationDetails: { id: `auth-conformance/${contract.id}/${report.target.environment}/` },
        originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the project that the contract is in.' } } },
        artifacts: [{ location: placeOf(contract.file), hashes: { 'sha-256': contract.sha256 } }],
        invocations: [
          {
            executionSuccessful: verdict === 'conforms' || verdict === 'violates',
            startTimeUtc: startedAt,
            endTimeUtc: new Date(Date.parse(startedAt) + durationMs).toISOString(),
            toolExecutionNotifications: notifications(report, failing.length),
          },
        ],
        results: worstFirst
          .slice(0, MOST_RESULTS)
          .map((cell) => result(cell, contract.file, lines.get(cell.operation) ?? 1, indexes.get(cell.rule) ?? -1)),
        columnKind: 'utf16CodeUnits',
        properties: { verdict, counts: { ...counts } },
      },
    ],
  };
}

function descriptor({ id, level, title, section, source }: ReportedRule): ReportingDescriptor {
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
    properties: { tags: ['authentication', section], level } satisfies PropertyBag,
  };
}

function result(cell: ReportedCell, file: string, line: number, ruleIndex: number): Result {
  const { rule, operation, outcome, known, since } = cell;
  return {
    ruleId: rule,
    ruleIndex,
    kind: 'fail',
    level: outcome === 'violates' ? 'error' : 'warning',
    message: { text: message(cell) },
    locations: [
      {
        physicalLocation: { artifactLocation: placeOf(file), region: { startLine: line } },
        logicalLocations: [{ fullyQualifiedName: operation, kind: 'resource' }],
      },
    ],
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
    properties: { outcome, ...(since !== undefined && { since }) },
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

function notifications(report: Conformance, failing: number): Notification[] {
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
    ...(failing > MOST_RESULTS
      ? [
          {
            level: 'warning' as const,
            message: { text: `${failing - MOST_RESULTS} more failing cells are in conformance.json.` },
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
