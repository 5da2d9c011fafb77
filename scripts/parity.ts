import { readFileSync } from 'node:fs';
import type { Conformance } from '../src/reporting/conformance.ts';
import { parityText } from '../src/reporting/parity.ts';

/** Compares two runs: `npm run parity -- sandbox.json production.json`. Lists differences and judges none. */
const [first, second] = process.argv.slice(2);
if (first === undefined || second === undefined) {
  process.stderr.write(
    'Name two conformance.json files: npm run parity -- sandbox/conformance.json production/conformance.json\n',
  );
  process.exitCode = 2;
} else {
  const [one, other] = [first, second].map(read);
  if (one && other) process.stdout.write(`${parityText(one, other)}\n`);
  else process.exitCode = 2;
}

function read(file: string): Conformance | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Conformance;
  } catch {
    process.stderr.write(`${file} cannot be read as a conformance.json: name the file that a run wrote.\n`);
    return undefined;
  }
}
