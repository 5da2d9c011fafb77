import { writeFileSync } from 'node:fs';
import { killMatrix } from '../selftest/support/kill-matrix.ts';
import { readKills } from '../selftest/support/kills.ts';

/** Writes docs/kill-matrix.md from what the last self-test of the defects left: `npm test` comes first. */
writeFileSync('docs/kill-matrix.md', killMatrix(readKills()));
