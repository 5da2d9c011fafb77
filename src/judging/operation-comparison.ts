import { mediaTypeOf } from '../fields/response-fields.ts';
import type { Contract, Operation, RefusalName } from '../model/contract.ts';
import { securityAlternativesOf } from '../requests/security-alternative.ts';
import { documentedResponse } from '../openapi/documented-response.ts';
import { nodeAt } from '../openapi/json-pointer.ts';
import type { HttpResponse } from '../model/exchange.ts';
import type { CaseVerdict, Cell } from '../model/cell.ts';
import type { Case } from '../requests/case.ts';
import { comparableHeaders } from './comparable-headers.ts';
import { outcomeOfCell, outcomeOfUnmet } from './level.ts';
import type { RuleHead } from './rule.ts';

/** A rule that compares the operations of an API with each other, once all of them have responded. */
export interface CrossOperationRule extends RuleHead {
  /** `shape`: what a response looks like; `access`: whether the credential was accepted or denied. */
  readonly compare: 'shape' | 'access';
  /** The cases whose responses are compared. */
  readonly given: { readonly cases: readonly Case[] };
  /** The refusal that the contract promises, by the id of the case: a status of it is right, whatever most operations do. */
  readonly promised?: Readonly<Record<string, RefusalName>>;
}

/** The one expectation of every rule that compares operations: an operation responds as most of them do. */
export const AS_ON_MOST_OPERATIONS = 'usual-form';

/** What is compared of a response, by `fingerprintName`. Short enough to travel with an operation's cells. */
export type Fingerprints = Readonly<Record<string, string>>;

/**
 * A case has a fingerprint for each way of comparing, and operations are compared that take their credential alike:
 * `shape no-key of bearer`.
 *
 * @param alternative id of the operation's primary security alternative
 */
export function fingerprintName(
  { compare }: Pick<CrossOperationRule, 'compare'>,
  caseId: string,
  alternative = 'nobody',
): string {
  return `${compare} ${caseId} of ${alternative}`;
}

/** A response without its values: status, media type, members of the body and, where they count, names of the headers. */
export function fingerprint(response: HttpResponse, hasHeaders = true): string {
  const { status, body } = response;
  const type = mediaTypeOf(response)?.essence ?? 'no media type';
  return `status ${status}; ${type}; ${hasHeaders ? `headers ${comparableHeaders(response).join(', ')}; ` : ''}body ${shape(body.json, 3)}`;
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

/** What most operations have. Undefined where nothing has a majority, because then no operation is the odd one. */
function majority(fingerprints: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const one of fingerprints) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].find(([, count]) => count > fingerprints.length / 2)?.[0];
}

/** The cells of the rules that compare operations, for the operations that have responded, in the contract's order. */
export function judgeTogether(
  rules: readonly CrossOperationRule[],
  byOperation: ReadonlyMap<string, Fingerprints>,
  contract: Contract,
): Cell[] {
  const operations = contract.operations.filter(({ id }) => byOperation.has(id));
  const usual = usualOf([...byOperation.values()]);
  const descriptions = new Descriptions(contract);
  return rules.flatMap((rule) =>
    operations.map((operation) =>
      cellOf(rule, operation, byOperation.get(operation.id) ?? {}, usual, contract, descriptions),
    ),
  );
}

/** What most operations have, by the name of the fingerprint. */
function usualOf(all: readonly Fingerprints[]): ReadonlyMap<string, string | undefined> {
  const byName = new Map<string, string[]>();
  for (const [name, print] of all.flatMap((prints) => Object.entries(prints)))
    byName.set(name, [...(byName.get(name) ?? []), print]);
  return new Map([...byName].map(([name, prints]) => [name, majority(prints)]));
}

/** What the contract promises is right, however many operations do otherwise. */
function isPromised(refusal: RefusalName | undefined, print: string, usual: string, { refusals }: Contract): boolean {
  const statuses = (refusal && refusals[refusal]?.status) ?? [];
  return statuses.includes(statusOf(print)) && !statuses.includes(statusOf(usual));
}

/**
 * Whether the contract describes a response of the operation otherwise than that of most operations: then it is right as it
 * is, and the rules that know what is described judge it.
 */
class Descriptions {
  readonly #contract: Contract;
  readonly #usual = new Map<number, string | undefined>();

  constructor(contract: Contract) {
    this.#contract = contract;
  }

  areUnusual(operation: Operation, print: string): boolean {
    const status = statusOf(print);
    const own = this.#of(operation, status);
    if (own === undefined) return false;
    if (!this.#usual.has(status))
      this.#usual.set(status, majority(this.#contract.operations.flatMap((one) => this.#of(one, status) ?? [])));
    const usual = this.#usual.get(status);
    return usual !== undefined && usual !== own;
  }

  #of(operation: Operation, status: number): string | undefined {
    const described = documentedResponse(operation, status);
    if (!described) return undefined;
    const { schema, mediaTypes } = described;
    // Schemas that are written out at every operation have no name in common.
    const isNamed = schema === undefined || schema.startsWith('#/components/');
    return JSON.stringify([mediaTypes.toSorted(), isNamed ? schema : nodeAt(this.#contract.document, schema)?.value]);
  }
}

function statusOf(print: string): number {
  return Number(/^status (\d+)/.exec(print)?.[1]);
}

function cellOf(
  rule: CrossOperationRule,
  operation: Operation,
  prints: Fingerprints,
  usual: ReadonlyMap<string, string | undefined>,
  contract: Contract,
  descriptions: Descriptions,
): Cell {
  const { level } = rule;
  const alternative = securityAlternativesOf(contract, operation)[0]?.id;
  const cases = rule.given.cases.flatMap(({ id }): CaseVerdict[] => {
    const name = fingerprintName(rule, id, alternative);
    const actual = prints[name];
    if (actual === undefined) return [];
    const expected = usual.get(name);
    const isRight =
      expected === undefined ||
      expected === actual ||
      isPromised(rule.promised?.[id], actual, expected, contract) ||
      (rule.compare === 'shape' && descriptions.areUnusual(operation, actual));
    if (isRight) return [{ case: id, outcome: 'conforms', unmet: [] }];
    const unmet = [
      {
        expectation: AS_ON_MOST_OPERATIONS,
        state: 'unmet' as const,
        expected: `as on most operations: ${expected}`,
        actual,
      },
    ];
    return [{ case: id, ...outcomeOfUnmet(level), unmet }];
  });
  const cell = { rule: rule.id, level, operation: operation.id, cases };
  if (cases.length === 0)
    // Why a case got no response is for the rules to say that judge it by itself.
    return {
      ...cell,
      outcome: 'not applicable',
      reason: 'none of its cases got a response that can be compared',
    };
  return { ...cell, ...outcomeOfCell(level, cases) };
}
