import { readFileSync, statSync } from 'node:fs';
import schema from '../../schemas/conformance.schema.json' with { type: 'json' };
import { newAjv } from '../openapi/json-schema.ts';
import type { Conformance } from './conformance.ts';

/** Bytes: the report of a thousand operations has a tenth of it. */
const LARGEST = 500_000_000;

/**
 * Reads a report whose cells something is done with. What a file says is not trusted, so all of it is checked.
 *
 * @returns with `problem`, a sentence for the user, where the file is no report of a run
 */
export function readReport(file: string): { readonly report: Conformance } | { readonly problem: string } {
  const remedy = 'name the conformance.json that a run wrote.';
  let value: unknown;
  try {
    const found = statSync(file);
    if (!found.isFile()) return { problem: `${file} is no file: ${remedy}` };
    if (found.size > LARGEST) return { problem: `${file} is larger than a report can be: ${remedy}` };
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: `${file} is not JSON: ${remedy}` };
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `${file} ${code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`}: ${remedy}` };
  }
  const validate = newAjv({ strict: true, validateSchema: false, allErrors: false }).compile<Conformance>(schema);
  if (validate(value)) return { report: value };
  const [first] = validate.errors ?? [];
  const where = first?.instancePath === '' ? 'it' : `its ${first?.instancePath}`;
  return { problem: `${file} is no conformance.json of this version, ${where} ${first?.message}: ${remedy}` };
}

/**
 * Why nothing can be done with the cells of a report under the settings, in a sentence; undefined: they name its contract.
 *
 * @param contract id of the contract that the settings name
 */
export function problemOfAnother({ contract: { id } }: Conformance, contract: string): string | undefined {
  if (id === contract) return undefined;
  return `The report is about the contract ${id}, and the settings name ${contract}: set CONTRACT to its folder.`;
}
