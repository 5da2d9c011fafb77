import { writeFileSync } from 'node:fs';
import { killMatrix } from '../tests/selftest/kill-matrix.ts';
import { readKills } from '../tests/selftest/kills.ts';

/** Writes docs/kill-matrix.md from what the last self-test of the defects left: `npm test` comes first. */
writeFileSync('docs/kill-matrix.md', killMatrix(readKills()));
