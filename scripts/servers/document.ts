import type { Conformance, Counts } from '../../src/reporting/conformance.ts';
import { keyLineInWords, keysInWords } from '../../src/reporting/reported-keys.ts';
import type { JudgedByBareDocument } from './bare-document.ts';
import type { ClassifiedClaim } from './claims.ts';
import { versionsOfEdition } from './judged-pairs.ts';
import { plain, table } from './markdown.ts';
import { pairsSection, type PairResult } from './pair-document.ts';
import { EDITIONS, editionName, pairs } from './pairs.ts';
import type { JudgedStack } from './run-stack.ts';
import { type Lock, stacks, versionsOf } from './stacks.ts';

/** A stack with what a run said of it. */
export interface StackResult {
  readonly name: string;
  readonly title: string;
  readonly versions: readonly string[];
  readonly judged: JudgedStack;
  readonly claims: readonly ClassifiedClaim[];
}

type Row = readonly string[];

const HEAD = [
  'Stack',
  'Versions',
  'Verdict',
  'Conforms',
  'Violates',
  'Deviates',
  'Not proven',
  'Not applicable',
  'Error',
];

const countsOf = (counts: Counts | undefined): Row =>
  counts
    ? [counts.conforms, counts.violates, counts.deviates, counts.notProven, counts.notApplicable, counts.error].map(
        String,
      )
    : ['', '', '', '', '', ''];

function summary(results: readonly StackResult[]): string {
  const rows = results.map(({ name, title, versions, judged: { report } }) => [
    `[${title}](#${name})`,
    versions.join(', ') || 'Node',
    report?.verdict ?? 'nothing judged',
    ...countsOf(report?.counts),
  ]);
  return table(HEAD, rows);
}

function section({ name, title, claims, judged }: StackResult): string {
  const head = `## ${name}`;
  const what = `${title.charAt(0).toUpperCase()}${title.slice(1)}.`;
  if (!judged.report) return [head, what, 'The run judged nothing:', fenced(readable(judged.printed))].join('\n\n');
  const screen = ['What the owner reads first:', fenced(firstLines(judged.printed))];
  const keys = keysOverTime(judged.report);
  if (claims.length === 0) return [head, what, 'Nothing is claimed.', ...screen, ...keys].join('\n\n');
  const rows = claims.map(({ id, level, operations, cases, evidence, classification }) => [
    `\`${id}\``,
    level,
    String(operations.length),
    String(cases.length),
    classification?.worth ?? 'not classified',
    plain(classification?.because ?? ''),
    plain(evidence),
  ]);
  return [
    head,
    what,
    ...screen,
    table(['Claim', 'Level', 'Operations', 'Cases', 'Worth', 'Why', 'Evidence of the first'], rows),
    ...keys,
  ].join('\n\n');
}

/** What was seen of keys that were made, changed and ended while the server ran; nothing where it has no key command. */
function keysOverTime({ keyLifecycle }: Conformance): readonly string[] {
  if (!keyLifecycle) return [];
  const lines = keyLifecycle.keys.map((key) => `- ${plain(keyLineInWords(key))}`);
  return [`Keys over time: ${plain(keysInWords(keyLifecycle))}.`, lines.join('\n')];
}

/** What is printed, without what another run would print otherwise: progress, the list of reports, and how long it took. */
const readable = (printed: string): string =>
  printed
    .split('\n')
    .filter((line) => !/^reports: |conformance\.html$|^\d+ of \d+ operations, [\d,]+ requests, /.test(line))
    .map((line) => line.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT').replace(/ in [\d.]+ s$/, ''))
    .join('\n');

const FIRST = 12;

/** What stands at the top of the screen once the run has ended, below the two lines that announce it. */
const firstLines = (printed: string): string =>
  readable(printed)
    .split('\n')
    .slice(2, 2 + FIRST)
    .map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line))
    .join('\n');

const LONGEST = 200;

const fenced = (text: string): string => `\`\`\`text\n${text.trim()}\n\`\`\``;

/** What docs/servers.md is made of. */
export interface Results {
  readonly stacks: readonly StackResult[];
  readonly pairs: readonly PairResult[];
  readonly bare: readonly JudgedByBareDocument[];
}

/** The text of docs/servers.md, before Prettier. */
export function documentOf({ stacks: results, pairs: pairResults, bare }: Results, lock: Lock): string {
  const claims = results.flatMap((result) => result.claims);
  const worth = (level: string, wanted: string): number =>
    claims.filter((claim) => claim.level === level && claim.classification?.worth === wanted).length;
  return [
    '# Servers that nobody tuned',
    'Written by `npm run servers`, which starts each server of [servers/stacks](../servers/stacks), judges it with `npm run conformance` and stops it: change those files, or [servers/classification.yaml](../servers/classification.yaml).',
    'Each server keeps [the same contract](../specs/huechat/openapi.yaml) and is written as the documentation of its packages shows. All share [the keys, the data and the bodies of refusals](../servers/huechat.js). Those over HTTP/2 speak TLS, and HTTP/1.1 as well; the others speak plain HTTP on this machine, so what the contract says about HTTPS is not applicable to them.',
    'A claim is one expectation of one rule that a stack does not meet. Its worth was judged by hand: **true**, the owner of the API would mend it once shown the line that repeats it; **pedantic**, it is so and nobody would mend it; **false**, it is not so. A MUST that is not true fails the command.',
    `Of the claims, ${worth('MUST', 'true')} MUST are true, ${worth('MUST', 'pedantic')} pedantic and ${worth('MUST', 'false')} false; ${worth('SHOULD', 'true')} SHOULD are true, ${worth('SHOULD', 'pedantic')} pedantic and ${worth('SHOULD', 'false')} false.`,
    summary(results),
    ...pairsSection(pairResults, lock),
    ...results.map(section),
    '## A document without details',
    'The mock keeps every promise of the contract. Here it is judged by the contract without examples, refusals and scopes, as most documents are published.',
    table(
      ['Server', ...HEAD.slice(2)],
      bare.map(({ title, report }) => [title, report?.verdict ?? 'nothing judged', ...countsOf(report?.counts)]),
    ),
    'What the owner reads where nothing is given:',
    ...bare.slice(1, 2).map(({ printed }) => fenced(readable(printed))),
  ].join('\n\n');
}

/**
 * A sentence about each version of servers/package-lock.json that docs/servers.md does not name. The versions of the pairs are
 * old on purpose: what counts is that the document speaks of those that are pinned.
 */
export function staleVersions(document: string, lock: Lock): string[] {
  const lines = document.split('\n').filter((line) => line.startsWith('|'));
  const ofStacks = stacks.flatMap((stack) => {
    const row = lines.find((line) => line.includes(`](#${stack.name})`)) ?? '';
    const named = (row.split(' | ')[1] ?? '').trim().split(', ');
    return versionsOf(stack, lock)
      .filter((version) => !named.includes(version))
      .map((version) => `docs/servers.md does not say that ${stack.name} was judged with ${version}.`);
  });
  const ofPairs = pairs.flatMap((pair) => {
    const row = lines.find((line) => line.includes(`](../servers/pairs/${pair.name}.js)`)) ?? '';
    const named = (row.split(' | ')[1] ?? '').trim().split(/, | → /);
    return EDITIONS.flatMap((edition) =>
      versionsOfEdition(pair, edition, lock)
        .filter((version) => !named.includes(version))
        .map(
          (version) => `docs/servers.md does not say that ${editionName(pair, edition)} was judged with ${version}.`,
        ),
    );
  });
  return [...ofStacks, ...ofPairs];
}
