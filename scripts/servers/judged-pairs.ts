import type { Claim, ClassifiedClaim } from './claims.ts';
import { type Edition, EDITIONS, editionName, type Pair, pairs } from './pairs.ts';
import type { JudgedServer } from './run-stack.ts';
import { type Lock, versionOf } from './stacks.ts';

/** What a run said of the server of a pair in one edition. */
export interface JudgedEdition {
  readonly judged: JudgedServer;
  /** What it says of the hole. */
  readonly holeClaims: readonly Claim[];
  /** Everything else, as servers/classification.yaml has it. */
  readonly otherClaims: readonly ClassifiedClaim[];
}

export type JudgedPair = Readonly<Record<Edition, JudgedEdition>>;

/** Whether a claim is one of those by which a pair shows its hole. */
export function isAboutHole({ rules, cases, guardsNothing }: Hole, claim: Pick<Claim, 'id' | 'cases'>): boolean {
  if (guardsNothing) return true;
  const isOfRule = rules.some((rule) => claim.id.startsWith(`${rule}/`));
  return isOfRule && (cases === undefined || cases.some((id) => claim.cases.includes(id)));
}

type Hole = Pick<Pair, 'rules' | 'cases' | 'guardsNothing'>;

/** A sentence about each thing that is not as `scripts/servers/pairs.ts` has it. */
export function problemsOfPair(pair: Pair, judged: JudgedPair): string[] {
  const { vulnerable, fixed } = judged;
  const absent = pair.rules.filter((rule) => !vulnerable.holeClaims.some(({ id }) => id.startsWith(`${rule}/`)));
  return [
    ...(vulnerable.judged.isOpen ? [] : [`${editionName(pair, 'vulnerable')}: its way does not lead in any more.`]),
    ...(fixed.judged.isOpen ? [`${editionName(pair, 'fixed')}: the way of the vulnerable one still leads in.`] : []),
    ...absent.map((rule) => `${editionName(pair, 'vulnerable')}: ${rule} does not see the hole any more.`),
    ...fixed.holeClaims.map(({ id, evidence }) => `${editionName(pair, 'fixed')}: ${id} sees a hole: ${evidence}.`),
    ...EDITIONS.filter((edition) => !judged[edition].judged.report).map(
      (edition) => `${editionName(pair, edition)}: the run judged nothing.`,
    ),
  ];
}

/** `@fastify/middie 9.1.0`, or what both of its servers have in common. */
export function versionsOfEdition(pair: Pair, edition: Edition, lock: Lock): string[] {
  if (pair.packages) return pair.packages.map((name) => `${name} ${versionOf(name, lock)}`);
  const alias = editionName(pair, edition);
  return [`${lock.packages[`node_modules/${alias}`]?.name ?? alias} ${versionOf(alias, lock)}`];
}

/** The names by which `npm run servers` takes pairs. */
export const pairNames: readonly string[] = pairs.map(({ name }) => name);
