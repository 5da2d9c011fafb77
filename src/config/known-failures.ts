import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';
import { ConfigurationError } from './configuration-error.ts';
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

/**
 * Reads the entries beside a contract; no file means none.
 *
 * @param cells every rule and operation there is, to notice an entry that can match nothing
 * @throws ConfigurationError naming each entry that is not one, or that matches nothing
 */
export function readKnownFailures(
  file: string,
  cells: { readonly rules: readonly string[]; readonly operations: readonly string[] },
): readonly KnownFailure[] {
  if (!existsSync(file)) return [];
  const entries = entriesOf(file);
  const idle = entries.filter(
    ({ rule, operation }) => !cells.rules.includes(rule) || !cells.operations.some((id) => matches(operation, id)),
  );
  if (idle.length > 0) {
    throw new ConfigurationError(
      idle.map(
        ({ rule, operation }) =>
          `${file}: the known failure of ${rule} on ${operation} matches no rule and operation of the contract: correct or remove it.`,
      ),
    );
  }
  return entries;
}

function entriesOf(file: string): KnownFailure[] {
  let content: unknown;
  try {
    // Dates stay the words they are: YAML 1.2's core schema has no date type.
    content = parse(readFileSync(file, 'utf8')) ?? [];
  } catch (error) {
    throw new ConfigurationError([`${file} is not YAML: ${(error as Error).message.split('\n')[0]}`]);
  }
  // The usual list is empty, and checking the schema by its own takes longer than all that a run does with the list.
  if (Array.isArray(content) && content.length === 0) return [];
  const ajv = new Ajv2020({ allErrors: true, strict: true, validateSchema: false });
  ajvFormats.default(ajv);
  const isValid = ajv.compile<KnownFailure[]>(schema);
  if (isValid(content)) return content;
  throw new ConfigurationError(
    (isValid.errors ?? []).map(
      ({ instancePath, message }) => `${file}: entry ${instancePath.replace('/', '') || 'list'} ${message}.`,
    ),
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
      return [`${name} expired on ${entry.expires}: mend it (${entry.link}) or give it a new date.`];
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

function concerns({ rule, operation, environment }: KnownFailure, cell: Failing, here: string): boolean {
  return rule === cell.rule && matches(operation, cell.operation) && matches(environment, here);
}

function matches(glob: string, text: string): boolean {
  const pattern = glob
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(text);
}
