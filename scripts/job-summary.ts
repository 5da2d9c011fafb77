import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportsFolder } from '../src/config/variables.ts';

/** Prints the last run for the page of a job: its `summary.md`, or that there was nothing to judge. */
const file = join(reportsFolder(), 'summary.md');
process.stdout.write(
  existsSync(file)
    ? readFileSync(file, 'utf8')
    : '## Nothing was judged\n\nThe run ended before it had anything to judge: its log says why.\n',
);
