import { writeFileSync } from 'node:fs';
import { argumentsOf } from '../src/config/command-line.ts';
import { killMatrix } from '../selftest/support/kill-matrix.ts';
import { readKills, withoutKills } from '../selftest/support/kills.ts';

/** Writes docs/kill-matrix.md from what the last self-test of the defects left: `npm test` comes first. */
argumentsOf('kill-matrix');
const kills = readKills();
const missing = withoutKills(kills);
if (missing.length > 0) {
  const shown = missing.slice(0, 3).join(', ');
  process.stderr.write(
    `The last self-test left nothing about ${missing.length} defects (${shown}${missing.length > 3 ? ', …' : ''}): run npm test first, all of it.\n`,
  );
  process.exitCode = 2;
} else {
  writeFileSync('docs/kill-matrix.md', killMatrix(kills));
}
