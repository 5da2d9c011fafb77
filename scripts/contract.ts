import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { gapSarif, gapText } from '../src/authoring/gap-reports.ts';
import { gapsOf } from '../src/authoring/gaps.ts';
import { newContract } from '../src/authoring/new-contract.ts';
import { ContractError } from '../src/openapi/contract-error.ts';
import { readDocument } from '../src/openapi/load-contract.ts';

/**
 * For whoever brings a document of their own.
 *
 * Usage: npm run contract -- check FILE [--sarif FILE], which ends with 0 where there is no gap, with 1 where there are
 * some and with 2 where the file cannot be read; npm run contract -- new NAME FILE.
 */
const USAGE = 'Say npm run contract -- check FILE [--sarif FILE], or npm run contract -- new NAME FILE.';

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof ContractError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parsed(args) ?? { positionals: [], values: {} };
  const [command, first, second, ...more] = positionals;
  if (command === 'check' && first !== undefined && second === undefined) return check(first, values.sarif);
  if (command === 'new' && first !== undefined && second !== undefined && more.length === 0 && !values.sarif)
    return make(first, second);
  process.stderr.write(`${USAGE}\n`);
  return 2;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { sarif: { type: 'string' } }, allowPositionals: true });
  } catch {
    return undefined;
  }
}

async function check(file: string, sarif: string | undefined): Promise<number> {
  const { contract, sources } = await readDocument(file, 'document');
  const gaps = gapsOf(contract, sources);
  if (sarif !== undefined)
    writeFileSync(sarif, `${JSON.stringify(gapSarif(contract, gaps, manifest.version), null, 2)}\n`);
  process.stdout.write(gapText(contract, gaps));
  return gaps.length === 0 ? 0 : 1;
}

async function make(name: string, file: string): Promise<number> {
  const { operations } = await newContract(name, file, 'specs');
  process.stdout.write(
    `specs/${name} has ${operations.length} operations. Look for gaps with npm run contract -- check, set the variables of specs/${name}/.env.example, and see what a run would send with CONTRACT=specs/${name} npm run plan.\n`,
  );
  return 0;
}
