import { parse } from 'yaml';
import type { Level } from '../../src/model/contract.ts';
import type { Conformance, ReportedCase } from '../../src/reporting/conformance.ts';

/** One expectation of one rule that a stack does not meet, on one operation or several. */
export interface Claim {
  /** `rule/expectation` */
  readonly id: string;
  readonly level: Level;
  readonly operations: readonly string[];
  /** Ids of the cases that show it. */
  readonly cases: readonly string[];
  /** Of the first case on the first operation: what was sent, expected and received, in one line. */
  readonly evidence: string;
}

/**
 * What a claim is worth. `true`: the owner of the API would mend it once shown the line that repeats it. `pedantic`: it is
 * so and nobody would mend it. `false`: it is not so, and the suite is to be mended.
 */
export type Worth = 'true' | 'pedantic' | 'false';

/** An entry of `servers/classification.yaml`. */
export interface Classification {
  /** `rule/expectation`, or a rule for all its expectations. */
  readonly claim: string;
  readonly stacks: readonly string[];
  readonly worth: Worth;
  readonly because: string;
}

export interface ClassifiedClaim extends Claim {
  readonly classification?: Classification;
}

/** Every finding of a run, those of one expectation together. */
export function claimsOf(report: Conformance): Claim[] {
  const found = report.cells
    .filter(({ outcome }) => outcome === 'violates' || outcome === 'deviates')
    .flatMap(({ rule, level, operation, cases }) =>
      cases.flatMap((one) =>
        (one.expectations ?? []).map((expectation) => ({ id: `${rule}/${expectation}`, level, operation, one })),
      ),
    );
  return [...new Set(found.map(({ id }) => id))].flatMap((id) => {
    const its = found.filter((finding) => finding.id === id);
    const [first] = its;
    if (!first) return [];
    const operations = [...new Set(its.map(({ operation }) => operation))];
    const cases = [...new Set(its.map(({ one }) => one.case))];
    return [{ id, level: first.level, operations, cases, evidence: evidenceOf(first.operation, first.one) }];
  });
}

const LONGEST = 240;

function evidenceOf(operation: string, { case: id, expected, actual }: ReportedCase): string {
  const text = `${operation}, ${id}: expected ${expected ?? 'otherwise'}; got ${actual ?? 'nothing'}`.replace(
    /\s+/g,
    ' ',
  );
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Claims that a stack makes of a list of classifications, each with the one that speaks of it. */
export function classify(
  stack: string,
  claims: readonly Claim[],
  classifications: readonly Classification[],
): ClassifiedClaim[] {
  const own = classifications.filter(({ stacks }) => stacks.includes(stack));
  return claims.map((claim) => {
    const classification = own.find((one) => one.claim === claim.id) ?? own.find((one) => speaksOf(one, claim));
    return { ...claim, ...(classification && { classification }) };
  });
}

const speaksOf = ({ claim }: Classification, { id }: Claim): boolean => id === claim || id.startsWith(`${claim}/`);

/** A sentence about each claim that nobody has classified, and about each classification of what is not claimed. */
export function problemsOf(
  judged: ReadonlyMap<string, readonly ClassifiedClaim[]>,
  classifications: readonly Classification[],
): string[] {
  const unclassified = [...judged].flatMap(([stack, claims]) =>
    claims
      .filter(({ classification }) => classification === undefined)
      .map(
        ({ id, level, evidence }) =>
          `${stack}: nobody has classified ${id} (${level}): ${evidence}. Add it to servers/classification.yaml.`,
      ),
  );
  const stale = classifications.flatMap((one) =>
    one.stacks
      .filter((stack) => judged.get(stack)?.every(({ classification }) => classification !== one))
      .map((stack) => `${stack}: nothing claims ${one.claim} any more. Take it out of servers/classification.yaml.`),
  );
  const untrue = [...judged].flatMap(([stack, claims]) =>
    claims
      .filter(({ level, classification }) => level === 'MUST' && classification && classification.worth !== 'true')
      .map(
        ({ id, classification }) =>
          `${stack}: the MUST ${id} is ${classification?.worth ?? ''}: mend the rule or the judging, not the list.`,
      ),
  );
  return [...unclassified, ...stale, ...untrue];
}

/**
 * @param text of servers/classification.yaml
 * @throws Error that names the entry that has not every member
 */
export function readClassifications(text: string): Classification[] {
  // In YAML, true and false are no strings unless they are quoted; both are accepted here.
  const entries = (parse(text) ?? []) as Partial<Record<keyof Classification, unknown>>[];
  return entries.map(({ claim, stacks, worth, because }, index) => {
    const name = String(worth);
    if (typeof claim !== 'string' || typeof because !== 'string' || !isList(stacks) || !isWorth(name))
      throw new Error(
        `servers/classification.yaml, entry ${index + 1}: give claim, stacks, because, and as worth true, pedantic or false.`,
      );
    return { claim, stacks, worth: name, because };
  });
}

const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');

const isWorth = (value: string): value is Worth => ['true', 'pedantic', 'false'].includes(value);
