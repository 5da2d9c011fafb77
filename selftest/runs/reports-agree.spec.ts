import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { expect, test } from '@playwright/test';
import type { JSONReport, JSONReportSuite, JSONReportTest } from '@playwright/test/reporter';
import { startMock } from '../../mock/start.ts';
import type { Badge } from '../../src/reporting/badge.ts';
import { type Conformance, count, type Evidence } from '../../src/reporting/conformance.ts';
import { evidenceText } from '../../src/reporting/evidence.ts';
import { REPORT_FILES } from '../../src/reporting/report-files.ts';
import { many } from '../../src/reporting/wording.ts';
import { catalogue, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { conformance, opened } from '../support/command-line.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { unzipped } from '../support/key-search.ts';
import {
  countsInAllure,
  countsInJunit,
  countsInPage,
  countsInPlaywright,
  countsInSarif,
  countsInSummary,
  countsInTerminal,
  expectSame,
} from '../support/report-counts.ts';

/** One real run that has something of almost everything, and each thing that tells of it. */
test('every report of a run says the same: terminal, JUnit, SARIF, badge, summary and page', async ({}, info) => {
  test.setTimeout(180_000);
  const mock = await startMock({
    ...mockOf(await huechat()),
    defect: { id: 'missing-key-accepted', operation: 'GET /contacts' },
  });
  const ran = await conformance({
    variables: { ...mock.settings('sandbox'), HUECHAT_REVOKED_KEY: '' },
    args: ['--config', 'selftest/support/every-reporter.config.ts', '-g', 'GET /contacts '],
    folder: info.outputPath(),
  }).finally(() => mock.close());
  const read = (name: string): string => readFileSync(join(ran.reports, name), 'utf8');
  const report = JSON.parse(read('conformance.json')) as Conformance;
  const { counts, cells, verdict } = report;
  const named = (...outcomes: string[]): string[] =>
    cells.filter(({ outcome }) => outcomes.includes(outcome)).map(({ operation, rule }) => `${operation} › ${rule}`);
  expect(ran.err).toBe('');
  expect({ verdict, code: ran.code }).toEqual({ verdict: 'violates', code: 1 });
  expect(counts.violates, 'several rules complain').toBeGreaterThan(2);
  expect(counts.notProven).toBeGreaterThan(0);
  expect(counts.notApplicable).toBeGreaterThan(0);

  await test.step('the terminal, whose last line is the page', () => {
    const { causes = [] } = report;
    expect(causes.map(({ id }) => id)).toEqual(['no-gate']);
    expect([...ran.out.matchAll(/^cause: (.*)\.$/gm)].map(([, sentence]) => sentence)).toEqual(
      causes.map(({ sentence }) => sentence),
    );
    const complaints = [...ran.out.matchAll(/^(violates|deviates|error) \w+ {2}(.*?) {2}(\S+)$/gm)];
    expect(complaints.map(([, outcome, operation, rule]) => [outcome, `${operation} › ${rule}`])).toEqual(
      cells
        .filter(({ outcome, cause }) => ['violates', 'deviates', 'error'].includes(outcome) && cause === undefined)
        .map(({ outcome, operation, rule }) => [outcome, `${operation} › ${rule}`]),
    );
    expect(ran.out).toContain(
      `: ${counts.conforms} conform, ${counts.violates} violate, ${counts.deviates} deviate, ${counts.notProven} not proven, ${counts.notApplicable} not applicable, ${counts.error} error; ${report.requests} requests in `,
    );
    expect(ran.out).toMatch(new RegExp(`^verdict: ${verdict} \\(partial\\)$`, 'm'));
    expect(ran.out.trimEnd().split('\n').at(-1)).toBe(join(ran.reports, 'conformance.html'));
  });

  const own = new Set(rules.map(({ id }) => id));
  const tested = (...outcomes: string[]): string[] =>
    named(...outcomes).filter((name) => own.has(name.split(' › ')[1] ?? ''));

  // See tests/playwright/workarounds.ts: the runner is told that these failures are expected, its reporters are not.
  await test.step('Playwright’s reporters and Allure’s show a failure for each violation', async () => {
    const failing = tested('violates').toSorted();
    const listed = [...ran.out.matchAll(/^\s+✘ .* › (GET \/contacts › .*?):/gm)].map(([, name]) => name);
    expect(listed.toSorted(), 'list').toEqual(failing);

    const json = (JSON.parse(read('playwright.json')) as JSONReport).suites.flatMap(testsIn);
    expect(
      failedIn(json, ({ test: { status } }) => status === 'unexpected'),
      'json',
    ).toEqual(failing);
    expect(json.filter(({ test: { expectedStatus } }) => expectedStatus === 'failed')).toEqual([]);
    const workers = json.flatMap(({ test: { results } }) => results.map(({ workerIndex }) => workerIndex));
    expect(new Set(workers).size, 'one worker').toBe(1);

    const [, archive = ''] = /data:application\/zip;base64,([\w+/=]+)/.exec(read('html/index.html')) ?? [];
    const html = (await unzipped(Buffer.from(archive, 'base64'))).find(({ name }) => name === 'report.json');
    const { stats } = JSON.parse(html?.content.toString() ?? '') as { stats: { unexpected: number } };
    expect(stats.unexpected, 'html').toBe(failing.length);

    const [blob = ''] = readdirSync(join(ran.reports, 'blob'));
    const events = (await unzipped(readFileSync(join(ran.reports, 'blob', blob))))
      .find(({ name }) => name === 'report.jsonl')
      ?.content.toString();
    const ended = (events ?? '').split('\n').filter((line) => line.includes('"onTestEnd"'));
    expect(
      ended.filter((line) => line.includes('"status":"failed"')),
      'blob',
    ).toHaveLength(failing.length);
    expect(ended.filter((line) => line.includes('"expectedStatus":"failed"'))).toEqual([]);

    const allure = readdirSync(join(ran.reports, 'allure-playwright'))
      .filter((name) => name.endsWith('-result.json'))
      .map((name) => JSON.parse(read(`allure-playwright/${name}`)) as { status: string; name: string });
    expect(
      allure
        .filter(({ status }) => status === 'failed')
        .map(({ name }) => `GET /contacts › ${name.split(':')[0]}`)
        .toSorted(),
      'Allure',
    ).toEqual(failing);

    const tests = [...read('playwright-junit.xml').matchAll(/<testcase name="([^"]*)"[^>]*>(.*?)<\/testcase>/gs)];
    const having = (element: string): string[] =>
      tests
        .filter(([, , content = '']) => content.includes(`<${element}`))
        .map(([, name = '']) => name.replace('[conformance] ', '').split(':')[0] ?? '');
    expect(having('failure')).toEqual(tested('violates'));
    expect(having('error')).toEqual(tested('error'));
    expect(having('skipped')).toEqual(tested('not applicable', 'not proven'));
  });

  await test.step('a failure says in its first line what was found, then who says so, and how to repeat it', () => {
    for (const [, message = '', text = ''] of read('playwright-junit.xml').matchAll(
      /<failure message="([^"]*)"[^>]*>(.*?)<\/failure>/gs,
    )) {
      expect(message).toMatch(/^GET \/contacts violates [a-z-]+: .*expected .*, received /);
      expect(text).toMatch(/\(https:\/\/[^)]+\)/);
      expect(text).toContain('curl -sS');
    }
  });

  await test.step('JUnit and Allure, of every cell', () => {
    const tests = [...read('junit.xml').matchAll(/<testcase name="([^"]*?): [^>]*>(.*?)<\/testcase>/gs)];
    const having = (element: string): string[] =>
      tests.flatMap(([, name = '', content = '']) =>
        content.includes(`<${element} `) ? [`GET /contacts › ${name}`] : [],
      );
    expect(having('failure')).toEqual(named('violates'));
    expect(having('error')).toEqual(named('error'));
    expect(having('skipped')).toEqual(named('not applicable', 'not proven'));
    for (const [, , content = ''] of tests)
      if (content.includes('<skipped'))
        expect(content).toMatch(/<skipped message="not (?:applicable|proven): [^"]{10,}"/);
    const results = readdirSync(join(ran.reports, 'allure-results'))
      .filter((name) => name.endsWith('-result.json'))
      .map((name) => JSON.parse(read(`allure-results/${name}`)) as Parameters<typeof countsInAllure>[0][number]);
    expectSame(counts, countsInAllure(results), 'Allure');
    expectSame(
      count(cells.filter(({ rule }) => own.has(rule))),
      countsInPlaywright(JSON.parse(read('playwright.json')) as JSONReport),
      'Playwright’s JSON',
    );
  });

  await test.step('SARIF', () => {
    const [run] = (JSON.parse(read('conformance.sarif')) as Log).runs;
    const results = run?.results?.map(
      ({ ruleId, locations }) => `${locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName} › ${ruleId}`,
    );
    expect(results?.toSorted()).toEqual([...named('violates', 'deviates'), 'GET /contacts › cause-no-gate'].toSorted());
    const contract = readFileSync(report.contract.file, 'utf8').split('\n');
    const line = run?.results?.[0]?.locations?.[0]?.physicalLocation?.region?.startLine ?? 0;
    expect(contract.slice(line - 2, line).join('\n'), 'the line is the operation’s').toMatch(/\/contacts:\s+get:/);
  });

  await test.step('the counts of every other report', () => {
    expectSame(counts, countsInTerminal(ran.out), 'terminal');
    expectSame(counts, countsInPage(read('conformance.html')), 'page');
    expectSame(counts, countsInSummary(read('summary.md')), 'summary');
    expectSame(counts, countsInSarif(JSON.parse(read('conformance.sarif')) as Log), 'SARIF');
    expectSame(counts, countsInJunit(read('junit.xml')), 'JUnit');
  });

  await test.step('badge and summary', () => {
    expect((JSON.parse(read('badge.json')) as Badge).message).toBe(
      `violates in ${many(counts.violates, 'cell')} (partial)`,
    );
    const summary = read('summary.md');
    expect(summary).toContain(`Authentication: ${verdict}`);
    expect(summary).toContain(
      `| ${counts.violates} | ${counts.deviates} | ${counts.error} | ${counts.notProven} | ${counts.conforms} | ${counts.notApplicable} |`,
    );
    for (const { sentence } of report.causes ?? []) expect(summary).toContain(sentence.split(' (')[0]);
    for (const { outcome, rule, cause } of cells)
      if (['violates', 'deviates'].includes(outcome) && cause === undefined) expect(summary).toContain(`\`${rule}\``);
    expect(summary).toContain('set `HUECHAT_REVOKED_KEY` to prove');
  });

  await test.step('no promise says that no rule checks it, unless that is true', () => {
    const sources = new Set(
      [...rules, ...crossOperationRules].flatMap(({ source }) => ('promise' in source ? source.promise : [])),
    );
    const unchecked = report.promises.filter(
      ({ id, uncheckable }) => !sources.has(id) && uncheckable === undefined && !(id in catalogue.judgedOtherwise),
    );
    const rows = read('conformance.html')
      .split('<tr>')
      .filter((row) => row.includes('No rule checks it.'));
    expect(rows).toHaveLength(unchecked.length);
    for (const [id, how] of Object.entries(catalogue.judgedOtherwise))
      expect(report.promises.find((promise) => promise.id === id)?.otherwise).toBe(how);
  });

  await test.step('two requests are shown as two', () => {
    const cell = cells.find(({ rule }) => rule === 'authenticated-connection');
    const evidence: Evidence | undefined = cell?.cases[0]?.evidence;
    expect(evidence?.request.headers.join()).not.toContain('HUECHAT_API_KEY');
    expect(evidence?.request.before?.headers).toContain('X-API-Key: «HUECHAT_API_KEY»');
    expect(cell && evidenceText(cell)).toMatch(
      /> GET .*\/contacts.*\n(.*\n)*.*«HUECHAT_API_KEY»\n.*answered, and then\n.*> GET/,
    );
    for (const name of ['junit.xml', 'playwright-junit.xml']) expect(read(name)).toContain('answered, and then');
  });

  await test.step('all of it comes from conformance.json alone', () => {
    const before = REPORT_FILES.map(read);
    for (const name of REPORT_FILES) if (name !== 'conformance.json') rmSync(join(ran.reports, name));
    const page = join(ran.reports, 'conformance.html');
    expect(opened('nowhere')).toMatchObject({
      ...{ status: 2, stdout: '' },
      stderr:
        'nowhere/conformance.html is not there: run npm run conformance, or name a conformance.json: npm run report -- some/conformance.json\n',
    });
    expect(opened('', join(ran.reports, 'conformance.json'))).toMatchObject({
      ...{ status: 0, stdout: `${page}\n`, stderr: '' },
    });
    expect(REPORT_FILES.map(read)).toEqual(before);
    expect(opened(ran.reports)).toMatchObject({ status: 0, stdout: `${page}\n`, stderr: '' });

    rmSync(join(ran.reports, 'badge.json'));
    mkdirSync(join(ran.reports, 'badge.json'));
    expect(opened('', join(ran.reports, 'conformance.json'))).toMatchObject({
      ...{ status: 2, stdout: '' },
      stderr: `${join(ran.reports, 'badge.json')} cannot be written, a folder is in its place (EISDIR): correct that, or copy ${join(ran.reports, 'conformance.json')} to another folder.\n`,
    });
    writeFileSync(join(ran.reports, 'notice.md'), '## Nothing was judged\n');
    expect(opened(ran.reports)).toMatchObject({ status: 0, stdout: `${page}\n`, stderr: '## Nothing was judged\n' });
  });
});

interface Tested {
  readonly name: string;
  readonly test: JSONReportTest;
}

/** The tests of a suite in Playwright's JSON report, by `operation › rule`. */
function testsIn({ title, specs, suites = [] }: JSONReportSuite): Tested[] {
  const own = specs.flatMap((spec) =>
    spec.tests.map((each) => ({ name: `${title} › ${spec.title.split(':')[0]}`, test: each })),
  );
  return [...own, ...suites.flatMap(testsIn)];
}

function failedIn(tests: readonly Tested[], isFailed: (tested: Tested) => boolean): string[] {
  return tests
    .filter(isFailed)
    .map(({ name }) => name)
    .toSorted();
}
