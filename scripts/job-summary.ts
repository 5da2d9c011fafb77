import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conformance } from '../src/report/conformance.ts';
import { jobSummary } from '../src/report/job-summary.ts';
import { reportsFolder } from '../src/target/variables.ts';

/** Prints the last run in Markdown, from its `conformance.json`. */
const file = join(reportsFolder(), 'conformance.json');
process.stdout.write(
  existsSync(file)
    ? jobSummary(JSON.parse(readFileSync(file, 'utf8')) as Conformance)
    : '## nothing was judged\n\nThe run ended before it had anything to judge: its log says why.\n',
);
