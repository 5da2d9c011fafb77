import { argumentsOf } from '../src/config/command-line.ts';
import { jobSummary } from '../src/reporting/files.ts';
import { reportsFolder } from '../src/config/variables.ts';

/** Prints the last run for the page of a job. */
argumentsOf('summary');
process.stdout.write(jobSummary(reportsFolder()));
