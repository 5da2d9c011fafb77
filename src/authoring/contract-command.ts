import { writeFileSync } from 'node:fs';
import { commandText } from '../config/command-text.ts';
import { fileErrorCode, reasonOf } from '../config/unwritable.ts';
import { variableNames } from '../config/variables.ts';
import type { Contract } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { readDocument } from '../openapi/load-contract.ts';
import { formOfParameterValues, missingValues } from '../openapi/required-parameters.ts';
import { readable } from '../visible-text.ts';
import { gapSarif, gapText, operationsOf } from './gap-reports.ts';
import { gapsOf } from './gaps.ts';
import { newContract } from './new-contract.ts';

const USAGE = `Say ${commandText('contract', 'check FILE [--sarif FILE]')}, or ${commandText('contract', 'new NAME FILE')}.`;

export interface CommandResult {
  /** 0: done, and no gap; 1: there are gaps; 2: the arguments or the document are of no use. */
  readonly code: 0 | 1 | 2;
  /** For standard output. */
  readonly out: string;
  /** For standard error: one sentence and its line break, or nothing. */
  readonly err: string;
}

/**
 * `npm run contract`: checks a document for gaps, or makes a new contract of one. Files are named from the working
 * directory.
 *
 * @param words what stands behind the command's name, such as `['check', 'openapi.yaml']`
 * @param sarif the file of `--sarif`
 * @param version of the suite, for SARIF
 */
export async function contractCommand(
  words: readonly string[],
  sarif: string | undefined,
  version: string,
): Promise<CommandResult> {
  const { code, out, err } = await result(words, sarif, version);
  return { code, out: readable(out), err: readable(err) };
}

async function result(words: readonly string[], sarif: string | undefined, version: string): Promise<CommandResult> {
  const [command, first, second, ...more] = words;
  try {
    if (command === 'check' && first !== undefined && second === undefined) return await check(first, sarif, version);
    if (command === 'new' && first !== undefined && second !== undefined && more.length === 0 && sarif === undefined)
      return await make(first, second);
  } catch (error) {
    if (error instanceof ContractError) return { code: 2, out: '', err: `${error.message}\n` };
    return { code: 2, out: '', err: notWritten('specs', error) };
  }
  return { code: 2, out: '', err: `${USAGE}\n` };
}

async function check(file: string, sarif: string | undefined, version: string): Promise<CommandResult> {
  const { contract, sources } = await readDocument(file, 'document');
  const gaps = gapsOf(contract, sources);
  const out = gapText(contract, gaps);
  try {
    if (sarif !== undefined) writeFileSync(sarif, `${JSON.stringify(gapSarif(contract, gaps, version), null, 2)}\n`);
  } catch (error) {
    return { code: 2, out, err: notWritten(sarif ?? '', error) };
  }
  return { code: gaps.length === 0 ? 0 : 1, out, err: '' };
}

/** @throws the error itself, where it is not the file system's */
function notWritten(path: string, error: unknown): string {
  const code = fileErrorCode(error);
  if (code === undefined) throw error;
  return `${(error as NodeJS.ErrnoException).path ?? path} cannot be written, ${reasonOf(code)}: correct that, or name another one.\n`;
}

async function make(name: string, file: string): Promise<CommandResult> {
  const made = await newContract(name, file, 'specs');
  const out = `specs/${name} has ${operationsOf(made)}. Look for gaps with ${commandText('contract', 'check')}, set the variables of specs/${name}/.env.example, and see what a run would send with CONTRACT=specs/${name} ${commandText('plan')}.\n`;
  return { code: 0, out: out + missingText(made), err: '' };
}

/** What a run would have to make up, in two sentences; empty where there is nothing. */
function missingText(contract: Contract): string {
  const missing = missingValues(contract);
  if (missing.length === 0) return '';
  const names = missing.map(({ parameter }) => `${parameter.in} ${parameter.name}`).join(', ');
  return `Operations require what the document shows no example of: ${names}. Give values in ${variableNames(contract.id).parameterValues} (${formOfParameterValues(missing)}); otherwise a run makes some up.\n`;
}
