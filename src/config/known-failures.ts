import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import schema from '../../schemas/known-failures.schema.json' with { type: 'json' };
import type { Outcome } from '../model/cell.ts';

/** An entry of `known-failures.yaml`; the schema says what each member means. */
export interface KnownFailure {
  readonly rule: string;
  readonly operation: string;
  readonly environment: string;
  readonly reason: string;
  readonly owner: string;
  readonly link: string;
  readonly expires: string;
}

interface Failing {
  readonly rule: string;
  readonly operation: string;
  readonly outcome: Outcome;
}

/** The entries of a file, and what is wrong with it in sentences for the user; a file with a problem has no entries. */
interface KnownFailuresFile {
  readonly entries: readonly KnownFailure[];
  readonly problems: readonly string[];
}

/**
 * Reads the entries beside a contract. A file that does not exist has none.
 *
 * @param file such as `specs/example/known-failures.yaml`
 */
export async function readKnownFailures(file: string): Promise<KnownFailuresFile> {
  if (!existsSync(file)) return { entries: [], problems: [] };
  let content: unknown;
  try {
    // Dates stay strings: YAML 1.2's core schema has no date type.
    content = parse(readFileSync(file, 'utf8')) ?? [];
  } catch (error) {
    return { entries: [], problems: [`${file} is not YAML: ${(error as Error).message.split('\n')[0]}`] };
  }
  // The usual list is empty. It is not worth loading the validator for.
  if (Array.isArray(content) && content.length === 0) return { entries: [], problems: [] };
  const { newAjv } = await import('../openapi/json-schema.ts');
  const isValid = newAjv({ strict: true, validateSchema: false }).compile<KnownFailure[]>(schema);
  if (isValid(content)) return { entries: content, problems: [] };
  const problems = (isValid.errors ?? []).map(
    ({ instancePath, message }) => `${file}: entry ${instancePath.replace('/', '') || 'list'} ${message}.`,
  );
  return { entries: [], problems };
}

/**
 * A sentence about each entry that concerns no cell, because its rule or its operation does not exist.
 *
 * @param file that the entries were read from, for the sentence
 * @param cells the ids of every rule of the catalogue and of every operation of the contract
 */
export function unmatchedEntries(
  file: string,
  entries: readonly KnownFailure[],
  cells: { readonly rules: readonly string[]; readonly operations: readonly string[] },
): string[] {
  return entries
    .filter(
      ({ rule, operation }) => !cells.rules.includes(rule) || !cells.operations.some((id) => matches(operation, id)),
    )
    .map(
      ({ rule, operation }) =>
        `${file}: the known failure of ${rule} on ${operation} matches no rule and operation of the contract: correct or remove it.`,
    );
}

/** The entry that excuses a failing cell today, if one does. */
export function excuse(
  cell: Failing,
  environment: string,
  entries: readonly KnownFailure[],
  today: string,
): KnownFailure | undefined {
  if (!isFailing(cell)) return undefined;
  return entries.find((entry) => entry.expires >= today && concerns(entry, cell, environment));
}

/** The entry that is about a cell, whether it has expired or not. */
export function entryFor(
  cell: Omit<Failing, 'outcome'>,
  environment: string,
  entries: readonly KnownFailure[],
): KnownFailure | undefined {
  const its = entries.filter((entry) => concerns(entry, cell, environment));
  return its.toSorted((one, other) => other.expires.localeCompare(one.expires))[0];
}

/**
 * What is wrong with the entries themselves after a run, one sentence each: expired, or the failure is gone. An entry
 * whose cells were not all decided is left alone.
 */
export function staleEntries(
  entries: readonly KnownFailure[],
  cells: readonly Failing[],
  environment: string,
  today: string,
): string[] {
  return entries.flatMap((entry) => {
    const its = cells.filter((cell) => concerns(entry, cell, environment));
    const name = `the known failure of ${entry.rule} on ${entry.operation}`;
    if (its.length > 0 && entry.expires < today)
      return [`${name} expired on ${entry.expires}: fix it (${entry.link}) or give it a new date.`];
    const decided = its.filter(
      ({ outcome }) => outcome === 'conforms' || outcome === 'not applicable' || isFailing({ outcome }),
    );
    if (its.length === 0 || decided.length < its.length || its.some(isFailing)) return [];
    return [`${name} no longer happens: remove its entry.`];
  });
}

function isFailing({ outcome }: { readonly outcome: Outcome }): boolean {
  return outcome === 'violates' || outcome === 'deviates';
}

function concerns(
  { rule, operation, environment }: KnownFailure,
  cell: Omit<Failing, 'outcome'>,
  here: string,
): boolean {
  return rule === cell.rule && matches(operation, cell.operation) && matches(environment, here);
}

function matches(glob: string, text: string): boolean {
  const pattern = glob
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(text);
}
