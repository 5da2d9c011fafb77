import { jobSummary } from '../src/reporting/files.ts';
import { reportsFolder } from '../src/config/variables.ts';

/** Prints the last run for the page of a job. */
process.stdout.write(jobSummary(reportsFolder()));
