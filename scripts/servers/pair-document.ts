import type { Claim } from './claims.ts';
import { type JudgedEdition, type JudgedPair, versionsOfEdition } from './judged-pairs.ts';
import { type Pair, withoutPair } from './pairs.ts';
import { plain, table } from './markdown.ts';
import type { Lock } from './stacks.ts';
import { requestOf } from './way.ts';

/** A pair with what the runs of both its servers said. */
export interface PairResult {
  readonly pair: Pair;
  readonly judged: JudgedPair;
}

const HEAD = ['Pair', 'Versions', 'Advisory', 'Hole', 'A request that opens it', 'Vulnerable', 'Fixed'];

/** The part of docs/servers.md about vulnerable and fixed versions. */
export function pairsSection(results: readonly PairResult[], lock: Lock): string[] {
  const seen = results.filter(({ pair }) => pair.rules.length > 0).length;
  return [
    '## Vulnerable and fixed',
    'Each of these servers is started twice as the documentation of its package shows, once with a version that has a public hole and once with the first version without it ([servers/pairs](../servers/pairs)). Both versions are pinned on purpose, under names of their own, and no stack uses them. Before a server is judged, one request that opens the hole is sent by code that shares nothing with the suite: it must lead into the vulnerable server and not into the fixed one.',
    `The suite sees ${seen} of ${results.length} holes, and claims nothing of the kind about the fixed versions.`,
    table(
      HEAD,
      results.map(({ pair, judged }) => [
        `[${pair.title}](../servers/pairs/${pair.name}.js)`,
        versionsCell(pair, lock),
        pair.advisories.map(({ id, url }) => `[${id}](${url})`).join(', ') || 'none: a matter of order',
        pair.hole,
        `\`${requestOf(pair.way)}\``,
        vulnerableCell(pair, judged),
        fixedCell(judged),
      ]),
    ),
    '### Advisories without a pair',
    'These are holes as well. No pair is about them, in most cases because nothing that is sent to an operation of the contract tells the vulnerable version from the fixed one.',
    table(
      ['Package', 'Advisory', 'Why there is no pair'],
      withoutPair.map(({ name, advisory, why }) => [name, `[${advisory.id}](${advisory.url})`, why]),
    ),
  ];
}

function versionsCell(pair: Pair, lock: Lock): string {
  const [before, after] = [versionsOfEdition(pair, 'vulnerable', lock), versionsOfEdition(pair, 'fixed', lock)];
  return pair.packages ? before.join(', ') : `${before.join()} → ${after.join()}`;
}

function vulnerableCell({ rules, caseWanted }: Pair, { vulnerable }: JudgedPair): string {
  const ofRule = (rule: string): Claim | undefined => vulnerable.holeClaims.find(({ id }) => id.startsWith(`${rule}/`));
  const [first] = rules.flatMap((rule) => ofRule(rule) ?? []);
  const sentence = first
    ? `\`${first.id}\`: ${plain(shortened(first.evidence))}`
    : `not seen, because no case sends ${caseWanted ?? 'this'}`;
  return `**${verdictOf(vulnerable)}**, ${sentence}${besides(vulnerable)}`;
}

const fixedCell = ({ fixed }: JudgedPair): string => `**${verdictOf(fixed)}**${besides(fixed)}`;

const verdictOf = ({ judged }: JudgedEdition): string => judged.report?.verdict ?? 'nothing judged';

const besides = ({ otherClaims }: JudgedEdition): string =>
  otherClaims
    .map(({ id, classification }) => {
      const { worth, because } = classification ?? { worth: 'not classified', because: '' };
      return `; besides, \`${id}\` is ${worth}: ${plain(because.replace(/\.$/, ''))}`;
    })
    .join('');

const LONGEST = 140;

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
