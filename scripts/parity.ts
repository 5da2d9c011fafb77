import { readFileSync } from 'node:fs';
import { argumentsOf } from '../src/config/command-line.ts';
import type { Conformance } from '../src/reporting/conformance.ts';
import { parityOf, parityText, reasonNotComparable } from '../src/reporting/parity.ts';

/**
 * Compares two runs: `npm run parity -- sandbox/conformance.json production/conformance.json`. Ends with 0 where both saw
 * the same, 1 where they differ, and 2 where they cannot be compared.
 */
const [one, other] = argumentsOf('parity').words.map(read);
const reason = one && other && reasonNotComparable(one, other);
if (reason !== undefined) fail(reason);
else if (one && other) {
  process.stdout.write(`${parityText(one, other)}\n`);
  process.exitCode = parityOf(one, other).differences.length > 0 ? 1 : 0;
}

function read(file: string): Conformance | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Conformance> | null;
    if (value?.contract && value.target && Array.isArray(value.cells)) return value as Conformance;
  } catch {
    // Said below, as of a file that is no report.
  }
  fail(`${file} cannot be read as a conformance.json: name the file that a run wrote.`);
  return undefined;
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
