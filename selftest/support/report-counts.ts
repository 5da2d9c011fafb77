import type { Log } from 'sarif';
import { expect } from '@playwright/test';
import type { JSONReport, JSONReportSuite, JSONReportTest } from '@playwright/test/reporter';
import type { Counts } from '../../src/reporting/conformance.ts';

/** What each report says of how many cells there are, read from the report itself as its readers read it. */

type Found = Partial<Counts>;

/** What the first is the whole of: a report need not say everything, but says nothing else. */
export function expectSame(counts: Counts, found: Partial<Counts>, report: string): void {
  expect(counts, report).toMatchObject(found);
  expect(Object.keys(found).length, `${report} says something`).toBeGreaterThan(2);
}

export function countsInTerminal(text: string): Found {
  const of = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(text)?.[1]);
  return {
    ...{ conforms: of('conform,'), violates: of('violate,'), deviates: of('deviate,') },
    ...{ notProven: of('not proven,'), notApplicable: of('not applicable,'), error: of('error;') },
    known: Number(/, without (\d+) known failures?/.exec(text)?.[1] ?? 0),
  };
}

export function countsInPage(html: string): Found {
  const of = (kind: string): number =>
    Number(new RegExp(`<li class="${kind}[^>]*>.*?<span class="number">(\\d+)`, 's').exec(html)?.[1]);
  return {
    ...{ conforms: of('conforms'), violates: of('violates'), deviates: of('deviates'), error: of('error') },
    ...{ notProven: of('not-proven'), notApplicable: of('not-applicable') },
    known: Number(/Known failures: (\d+) failing/.exec(html)?.[1] ?? 0),
  };
}

export function countsInSummary(markdown: string): Found {
  const row = /^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/m.exec(markdown) ?? [];
  const [violates, deviates, error, notProven, conforms, notApplicable] = row.slice(1).map(Number);
  const known = Number(/Known failures: (\d+) failing/.exec(markdown)?.[1] ?? 0);
  return { violates, deviates, error, notProven, conforms, notApplicable, known } as Found;
}

/** SARIF has results for what is broken, and none for anything else. */
export function countsInSarif({ runs: [run] }: Log): Found {
  const cells = (run?.results ?? []).filter(({ properties }) => properties?.['outcome'] !== undefined);
  const of = (outcome: string): number => cells.filter(({ properties }) => properties?.['outcome'] === outcome).length;
  const known = cells.filter(({ suppressions = [] }) => suppressions.length > 0).length;
  return { violates: of('violates'), deviates: of('deviates'), known };
}

export function countsInJunit(xml: string): Found {
  const of = (outcome: string): number => xml.split(`<property name="outcome" value="${outcome}"/>`).length - 1;
  return {
    ...{ conforms: of('conforms'), violates: of('violates'), deviates: of('deviates'), error: of('error') },
    ...{ notProven: of('not proven'), notApplicable: of('not applicable') },
    known: xml.split('<property name="known failure"').length - 1,
  };
}

/** What a pipeline counts: the attributes of the whole. */
export function totalsInJunit(xml: string): Readonly<Record<string, number>> {
  const head = /<testsuites [^>]*>/.exec(xml)?.[0] ?? '';
  return Object.fromEntries(
    [...head.matchAll(/ (tests|failures|errors|skipped)="(\d+)"/g)].map(([, name = '', count]) => [
      name,
      Number(count),
    ]),
  );
}

interface AllureResult {
  readonly status: string;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
}

export function countsInAllure(results: readonly AllureResult[]): Found {
  const tagged = (value: string): AllureResult[] =>
    results.filter(({ labels }) => labels.some((label) => label.name === 'tag' && label.value === value));
  const rest = results.filter(
    (result) =>
      !['violates', 'deviates', 'error', 'not proven', 'not applicable'].some((tag) => tagged(tag).includes(result)),
  );
  return {
    ...{ violates: tagged('violates').length, deviates: tagged('deviates').length, error: tagged('error').length },
    ...{ notProven: tagged('not proven').length, notApplicable: tagged('not applicable').length },
    ...{ conforms: rest.length, known: tagged('known failure').length },
  };
}

/** Of Playwright's report in JSON: a test for each cell of a rule that judges operations one by one. What passes and has no annotation conforms. */
export function countsInPlaywright({ suites }: JSONReport): Found {
  const tests = suites.flatMap(testsIn).filter(({ projectName }) => projectName === 'conformance');
  const noted = (type: string): JSONReportTest[] =>
    tests.filter(({ annotations }) => annotations.some((annotation) => annotation.type === type));
  const skipped = (outcome: string): number =>
    tests.filter(({ annotations }) =>
      annotations.some(({ type, description = '' }) => type === 'skip' && description.startsWith(`${outcome}: `)),
    ).length;
  const failed = tests.filter(({ status }) => status === 'unexpected');
  const violating = failed.filter(({ results }) => / violates /.test(results[0]?.error?.message ?? ''));
  const deviating = failed.filter(({ results }) => / deviates /.test(results[0]?.error?.message ?? ''));
  const known = noted('known failure');
  const deviates = new Set([...noted('deviates'), ...deviating]);
  const violates = new Set([...violating, ...known.filter((test) => !deviates.has(test))]);
  const [notProven, notApplicable] = [skipped('not proven'), skipped('not applicable')];
  const error = failed.length - violating.length - deviating.length;
  return {
    ...{ violates: violates.size, deviates: deviates.size, known: known.length, error, notProven, notApplicable },
    conforms: tests.length - violates.size - deviates.size - error - notProven - notApplicable,
  };
}

function testsIn({ specs, suites = [] }: JSONReportSuite): JSONReportTest[] {
  return [...specs.flatMap(({ tests }) => tests), ...suites.flatMap(testsIn)];
}
