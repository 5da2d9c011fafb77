import type { Contract, Level } from '../model/contract.ts';
import { type HttpResponse, mediaType } from '../model/exchange.ts';
import { type CaseVerdict, type Cell, worst } from '../model/cell.ts';
import type { Source } from './rule.ts';

/** A rule that holds the operations of an API against each other, once all of them have answered. */
export interface CrossOperationRule {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly section: string;
  readonly source: Source;
  /** `form`: what an answer looks like; `let-in`: whether the credential opened the operation. */
  readonly compare: 'form' | 'let-in';
  /** Cases whose answers are compared, by id. */
  readonly given: readonly string[];
}

/** What is compared of an answer, by case. Short enough to travel with an operation's cells. */
export type Fingerprints = Readonly<Record<string, string>>;

/** Of one case there is a print for each way of comparing. */
export function printName({ compare }: Pick<CrossOperationRule, 'compare'>, caseId: string): string {
  return `${compare} ${caseId}`;
}

/** Header fields that differ from answer to answer by nature or belong to the connection. */
const INCIDENTAL = new Set([
  'age',
  'connection',
  'content-length',
  'date',
  'etag',
  'expires',
  'keep-alive',
  'last-modified',
  'transfer-encoding',
  'via',
]);

/** An answer without its values: status, media type, members of the body and names of the headers. */
export function fingerprint(answer: HttpResponse): string {
  const { status, headers, body } = answer;
  const names = [...new Set(headers.map(([name]) => name.toLowerCase()))]
    .filter((name) => !INCIDENTAL.has(name))
    .toSorted();
  return `status ${status}; ${mediaType(answer) ?? 'no media type'}; headers ${names.join(', ')}; body ${shape(body.json, 3)}`;
}

function shape(value: unknown, depth: number): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  if (depth === 0) return 'an object';
  return `{${Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${name}: ${shape(member, depth - 1)}`)
    .join(', ')}}`;
}

interface Outlier {
  readonly case: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * The cases in which an operation answers otherwise than most do. Nothing is said where no form has a majority: then
 * there is no outlier to name.
 */
function outliers(
  rule: CrossOperationRule,
  byOperation: ReadonlyMap<string, Fingerprints>,
  contract: Contract,
): ReadonlyMap<string, readonly Outlier[]> {
  const found = new Map<string, Outlier[]>(
    contract.operations.filter(({ id }) => byOperation.has(id)).map(({ id }) => [id, []]),
  );
  for (const one of rule.given) {
    const answers = [...byOperation].flatMap(([operation, prints]) =>
      prints[printName(rule, one)] === undefined ? [] : [{ operation, print: prints[printName(rule, one)] ?? '' }],
    );
    const usual = majority(answers.map(({ print }) => print));
    if (usual === undefined) continue;
    for (const { operation, print } of answers) {
      if (print !== usual)
        found.get(operation)?.push({ case: one, expected: `as on most operations: ${usual}`, actual: print });
    }
  }
  return found;
}

function majority(prints: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const print of prints) counts.set(print, (counts.get(print) ?? 0) + 1);
  return [...counts].find(([, count]) => count > prints.length / 2)?.[0];
}

/** The cells of the rules that compare operations, for those that have answered. */
export function judgeTogether(
  rules: readonly CrossOperationRule[],
  byOperation: ReadonlyMap<string, Fingerprints>,
  contract: Contract,
): Cell[] {
  return rules.flatMap((rule) =>
    [...outliers(rule, byOperation, contract)].map(([operation, found]): Cell => {
      const asked = rule.given.filter((id) => byOperation.get(operation)?.[printName(rule, id)] !== undefined);
      const complaint = rule.level === 'MUST' ? 'violates' : 'deviates';
      const cases = asked.map((id): CaseVerdict => {
        const complaints = found
          .filter((outlier) => outlier.case === id)
          .map(({ expected, actual }) => ({ expectation: 'usual-form', expected, actual }));
        return { case: id, outcome: complaints.length > 0 ? complaint : 'conforms', complaints };
      });
      return {
        rule: rule.id,
        level: rule.level,
        operation,
        ...(cases.length === 0
          ? // Why a case was not answered is for the rules to say that judge it by itself.
            { outcome: 'not applicable', reason: 'none of its cases was answered, so there is nothing to compare' }
          : { outcome: worst(cases.map(({ outcome }) => outcome)) }),
        cases,
      };
    }),
  );
}
