import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conformance } from './conformance.ts';
import { NOTICE_FILE } from './report-files.ts';

/** The report of the last run, or why that one left none: what stands in the folder then is of an earlier run. */
export function lastRun(folder: string): Conformance | { readonly notice: string } {
  const notice = join(folder, NOTICE_FILE);
  if (existsSync(notice)) return { notice: readFileSync(notice, 'utf8') };
  try {
    return JSON.parse(readFileSync(join(folder, 'conformance.json'), 'utf8')) as Conformance;
  } catch {
    return { notice: 'The run ended before it had anything to judge. The log of the job says why.' };
  }
}

/** Lines `name=value` for the outputs of a step, none of which holds a text of a server. */
export function outputLines(run: ReturnType<typeof lastRun>, code: number): string {
  const counts = 'notice' in run ? undefined : run.counts;
  const outputs = {
    'exit-code': code,
    verdict: 'notice' in run ? 'error' : run.verdict,
    conforms: counts?.conforms ?? 0,
    violates: counts?.violates ?? 0,
    deviates: counts?.deviates ?? 0,
    'not-applicable': counts?.notApplicable ?? 0,
    'not-proven': counts?.notProven ?? 0,
    error: counts?.error ?? 0,
    known: counts?.known ?? 0,
  };
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
