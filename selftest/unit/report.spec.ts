import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { newAjv } from '../../src/openapi/json-schema.ts';
import { cellId } from '../../src/model/cell-id.ts';
import { allureResults } from '../../src/reporting/allure-results.ts';
import { badge } from '../../src/reporting/badge.ts';
import { bugsOf } from '../../src/reporting/grouped-findings.ts';
import { runsOfTarget, withPast } from '../../src/reporting/changes.ts';
import type { Conformance, ReportedCell } from '../../src/reporting/conformance.ts';
import { coverageOf } from '../../src/reporting/coverage.ts';
import { evidenceText } from '../../src/reporting/evidence.ts';
import { compared, writeReports } from '../../src/reporting/files.ts';
import { keepRun, outcomesOf, readHistory, readRun, remember } from '../../src/reporting/history.ts';
import { difference } from '../../src/reporting/page/difference.ts';
import { embed } from '../../src/reporting/page/embed.ts';
import { conformancePage } from '../../src/reporting/page/page.ts';
import { html, json, verbatim, webAddress } from '../../src/reporting/page/html.ts';
import { cut, inLine, readable } from '../../src/visible-text.ts';
import { sarif } from '../../src/reporting/sarif.ts';
import { MOST_LINES, terminalSummary } from '../../src/reporting/summary.ts';
import { summaryMarkdown } from '../../src/reporting/summary-markdown.ts';
import { headline, many, notices } from '../../src/reporting/wording.ts';
import schema from '../../schemas/conformance.schema.json' with { type: 'json' };
import { badNight, everyOutcome, sample } from '../support/report-samples.ts';

const violating = (rule: string, ...operations: number[]) =>
  sample({ outcomeOf: (index, id) => (id === rule && operations.includes(index) ? 'violates' : 'conforms') });

const at = (report: Conformance, startedAt: string): Conformance => ({ ...report, startedAt });

/** Nothing of it is the same bug as anything else. */
const distinct = (report: Conformance): Conformance => ({
  ...report,
  cells: report.cells.map((cell, index) => ({
    ...cell,
    cases: cell.cases.map((each) => ({
      ...each,
      expectations: [`e${index}`],
      reason: `reason ${'x'.repeat(index % 300)}`,
    })),
  })),
});

test.describe('texts', () => {
  test('what acts without being seen is made visible, and the rest is left alone', () => {
    expect(readable('a\u001b[31mb\u0000')).toBe('a␛[31mb␀');
    expect(readable('user\u202Etxt.exe')).toBe('user‹U+202E›txt.exe');
    expect(readable('\u2066x\u2069\u200b\ufeff\u0085')).toBe('‹U+2066›x‹U+2069›‹U+200B›‹U+FEFF›‹U+0085›');
    expect(readable('\ud83d')).toBe('‹U+D83D›');
    expect(readable('Grüße 👋\n\tzwei')).toBe('Grüße 👋\n\tzwei');
  });

  test('a text is cut between characters, and says how much is missing', () => {
    expect(cut('abc', 3)).toEqual({ text: 'abc', left: 0 });
    expect(cut('ab👋', 3)).toEqual({ text: 'ab', left: 2 });
    expect(inLine('a\n  b\u202e c', 99)).toBe('a b‹U+202E› c');
    expect(inLine('abcdef', 3)).toBe('abc…');
  });

  test('a page takes no markup but its own', () => {
    const given = '<script>alert(1)</script>"\'`&';
    expect(html`<b title="${given}">${given}</b>`.text).toBe(
      '<b title="&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#96;&#38;">&#60;script&#62;alert(1)&#60;/script&#62;&#34;&#39;&#96;&#38;</b>',
    );
    expect(html`${[html`<i></i>`, undefined, 1]}`.text).toBe('<i></i>1');
    expect(json({ given: '</script><!--\u2028' })).toBe('{"given":"\\u003c/script\\u003e\\u003c!--\\u2028"}');
    expect(() => verbatim('script', '', 'a = "</script>"')).toThrow(/ends its own element/);
  });

  test('only an address of the web becomes a link', () => {
    expect(webAddress('https://example.com/a')).toBe('https://example.com/a');
    for (const other of ['javascript:alert(1)', 'data:text/html,x', 'specs/huechat/openapi.yaml', ' https://'])
      expect(webAddress(other)).toBeUndefined();
  });
});

test.describe('the verdict in words', () => {
  test('a sound target', async () => {
    const report = await sample();
    expect(headline(report)).toBe('HueChat API keeps every promise that was judged');
    expect(notices(report)).toEqual([]);
    expect(badge(report)).toEqual({
      ...{ schemaVersion: 1, label: 'authentication' },
      ...{ message: 'conforms', color: 'brightgreen' },
    });
  });

  test('violations, on how many rules and operations', async () => {
    const report = await violating('revoked-key', 0, 2);
    expect(headline(report)).toBe(`HueChat API breaks 1 of ${report.rules.length} rules on 2 of 4 operations`);
    expect(badge(report)).toMatchObject({ message: 'violates in 2 cells', color: 'red' });
  });

  test('partial, sharded and known are said', async () => {
    const whole = await violating('revoked-key', 0);
    const known = { reason: 'r', owner: 'o', link: 'https://example.com/1', expires: '2999-01-01' };
    const cells = whole.cells.slice(0, 10).map((cell): ReportedCell => ({ ...cell, known }));
    const report: Conformance = {
      ...{ ...whole, cells, partial: true, verdict: 'conforms', shard: { current: 2, total: 3 } },
      counts: { ...whole.counts, known: 1 },
    };
    expect(notices(report).map((notice) => notice.split(':')[0])).toEqual(['Sharded', 'Partial', 'Known failures']);
    expect(notices({ ...report, merged: true })).toHaveLength(4);
    expect(headline(report)).toContain('1 failure is known and excused');
    expect(badge(report).message).toMatch(/\(partial\)$/);
  });

  test('a run that could not judge says why', async () => {
    const report: Conformance = { ...(await sample()), verdict: 'error', reason: 'the run was interrupted' };
    expect(headline(report)).toBe('The run could not judge HueChat API: the run was interrupted');
    expect(badge(report)).toMatchObject({ message: 'could not judge', color: 'orange' });
  });
});

test('a run of the embedded mock says so in every report, and its badge is not green', async () => {
  const [ofMock, ofTarget] = [await sample({ mock: true }), await sample()];
  const ajv = newAjv({ strict: true });
  expect(ajv.validate(schema, ofMock), ajv.errorsText()).toBe(true);
  expect([ofMock.target.mock, ofTarget.target.mock]).toEqual([true, undefined]);
  for (const view of [terminalSummary, summaryMarkdown, conformancePage]) {
    expect(view(ofMock)).toContain('No target is set, so the embedded mock was judged.');
    // Markdown has a backslash before each underscore.
    expect(view(ofMock).replaceAll('\\_', '_')).toContain('set HUECHAT_BASE_URL and HUECHAT_API_KEY in .env.');
    expect(view(ofTarget)).not.toMatch(/embedded mock/);
  }
  expect(terminalSummary(ofMock).split('\n')).toContain('verdict: conforms, of the embedded mock');
  expect(headline(ofMock)).toBe('HueChat API’s embedded mock keeps every promise that was judged');
  expect(badge(ofMock)).toMatchObject({ message: 'the mock conforms', color: 'blue' });
  expect(badge(ofTarget)).toMatchObject({ message: 'conforms', color: 'brightgreen' });
  const past = remember(at(ofMock, '2026-01-01T00:00:00.000Z'));
  expect(runsOfTarget([past], ofMock)).toEqual([past]);
  expect(runsOfTarget([past], ofTarget), 'the mock is no earlier run of a target').toEqual([]);
});

test('what a failing test says is readable, names both of two requests, and can be copied', async () => {
  const before = { method: 'GET', url: 'https://example.com/first', headers: ['X-API-Key: «HUECHAT_API_KEY»'] };
  const { cells } = await sample({ outcomeOf: everyOutcome, before, evidence: { body: 'a\u001b[31m\u202eb' } });
  const cell = cells.find(({ outcome }) => outcome === 'violates');
  const text = cell ? evidenceText(cell) : '';
  expect(text).toContain(
    '  > GET https://example.com/first\n  > X-API-Key: «HUECHAT_API_KEY»\n  answered, and then\n  > GET ',
  );
  expect(text).toContain('  < a␛[31m‹U+202E›b\n');
  expect(text).toContain(`right after the first:\n  ${cell?.cases[0]?.evidence?.curl}\n`);
});

test.describe('the end of a run', () => {
  const lines = (report: Conformance): string[] => terminalSummary(report).split('\n');

  test('fits on a screen whatever is found, and says how much is left and where', async () => {
    const everything = await sample({ operations: 60, outcomeOf: () => 'violates', actual: 'a\n'.repeat(500) });
    const open = await sample({ operations: 60, outcomeOf: () => 'not proven' });
    const mixed = await sample({ operations: 300, outcomeOf: badNight });
    const changed = withPast(at(everything, '2026-03-09T06:00:00.000Z'), [remember(mixed)]);
    for (const report of [everything, open, mixed, changed]) {
      expect(lines(report).length).toBeLessThanOrEqual(MOST_LINES);
      expect(Math.max(...lines(report).map(({ length }) => length))).toBeLessThan(1000);
    }
    const findings = bugsOf(everything);
    const cells = findings.slice(10).reduce((sum, bug) => sum + bug.cells.length, 0);
    expect(terminalSummary(everything)).toContain(
      `\n… and ${findings.length - 10} more findings in ${many(cells, 'cell')}, in conformance.html\n`,
    );
  });

  test('has what is on most operations first, and what is known last', async () => {
    const report = await sample({ operations: 30, outcomeOf: badNight });
    const order = (of: Conformance): (string | undefined)[] =>
      lines(of).flatMap((line) => /^(?:violates|deviates) .* {2}([a-z-]+)(?: {2}\(known|$)/.exec(line)?.[1] ?? []);
    expect(order(report)).toEqual(['revoked-key', 'invalid-key', 'strange-path', 'error-envelope', 'challenge']);
    const known = { reason: 'r', owner: 'o', link: 'https://example.com/1', expires: '2999-01-01' };
    const excused = report.cells.map((cell) => (cell.rule === 'revoked-key' ? { ...cell, known } : cell));
    const last = { ...report, cells: excused, counts: { ...report.counts, known: 30 } };
    expect(order(last)).toEqual(['invalid-key', 'strange-path', 'error-envelope', 'challenge', 'revoked-key']);
    expect(terminalSummary(last)).toContain(`${report.counts.violates} violate, 30 of them known, 6 deviate, `);
    expect(lines(last)).toContain('verdict: violates, without 30 known failures');
  });

  test('says after the verdict what to do next, in at most three lines', async () => {
    const next = (report: Conformance): string[] => {
      const all = lines(report);
      const at = all.findIndex((line) => line.startsWith('verdict: '));
      return all.slice(at + 1);
    };
    const page = 'next: npm run report opens the page with the evidence of every cell';
    const mixed = await sample({ outcomeOf: everyOutcome });
    expect(next(mixed)).toEqual([
      expect.stringMatching(/^next: see missing-key on GET \/contacts yourself: curl --path-as-is /),
      'next: set HUECHAT_SCOPED_KEYS to prove 4 cells',
      `next: run again: 1 cell could not be judged because of an error`,
    ]);
    expect(next(await sample())).toEqual([
      page,
      'next: npm run gate before a release: it fails for whatever is not proven',
    ]);
    const known = { reason: 'r', owner: 'o', link: 'https://example.com/1', expires: '2999-01-01' };
    const report = await violating('revoked-key', 0);
    expect(next({ ...report, cells: report.cells.map((cell) => ({ ...cell, known })) })[0]).toBe(page);
  });

  test('of causes has the five with the most cells, each with what to do', async () => {
    const report = await violating('revoked-key', 0, 1, 2, 3);
    const broken = report.cells.filter(({ outcome }) => outcome === 'violates').map(cellId);
    const causes = Array.from({ length: 30 }, (_, index) => ({
      ...{ id: `cause-${index}`, sentence: `The ${index}th cause`, remedy: 'Mend it.' },
      example: { operation: 'GET /contacts', case: 'no-key', received: 'status 302', repeat: `curl ${index}` },
      cells: index === 29 ? broken : broken.slice(0, 1),
    }));
    const shown = lines({ ...report, causes });
    expect(shown.length).toBeLessThanOrEqual(MOST_LINES);
    expect(shown.slice(0, 3)).toEqual([
      'cause: The 29th cause.',
      '    4 cells follow (4 violates) from it. Mend it.',
      '    curl 29',
    ]);
    expect(shown).toContain('… and 25 more causes, in conformance.html');
  });
});

test.describe('bugs', () => {
  test('the same bug on many operations is one', async () => {
    const bugs = bugsOf(await sample({ operations: 30, outcomeOf: badNight }));
    expect(bugs.map(({ rule, outcome, cells }) => [rule, outcome, cells.length])).toEqual([
      ['invalid-key', 'violates', 2],
      ['revoked-key', 'violates', 30],
      ['strange-path', 'violates', 1],
      ['error-envelope', 'violates', 1],
      ['challenge', 'deviates', 6],
    ]);
  });

  test('an operation that was sent fewer cases has the same bug, one that answers some of them well has another', async () => {
    const report = await violating('invalid-key', 0, 1, 2);
    const broken = report.cells.filter(({ outcome }) => outcome === 'violates');
    const [first, second, third] = broken.map((cell) => ({
      ...cell,
      cases: cell.cases
        .slice(0, 3)
        .map((each) => ({ ...each, outcome: 'violates' as const, expectations: ['status'] })),
    }));
    if (!first || !second || !third) throw new Error('three cells are broken');
    const fewer = { ...second, cases: second.cases.slice(0, 2) };
    const better = {
      ...third,
      cases: third.cases.map((each, index) => (index === 0 ? { case: each.case, outcome: 'conforms' as const } : each)),
    };
    const groups = bugsOf({ rules: report.rules, cells: [fewer, first, better] }).map(({ cells }) => cells);
    expect(groups.map((cells) => cells.map(({ operation }) => operation))).toEqual([
      [first.operation, second.operation],
      [third.operation],
    ]);
  });
});

test.describe('since last time', () => {
  const days = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'].map((day) => `${day}T06:00:00.000Z`);
  const [one = '', two = '', three = '', four = ''] = days;

  test('new, fixed and still failing, and since when', async () => {
    const past = [
      at(await violating('revoked-key', 0), one),
      at(await violating('revoked-key', 0, 1), two),
      at(await violating('revoked-key', 0, 1), three),
    ].map(remember);
    const report = withPast(at(await violating('revoked-key', 1, 2), four), past);
    const name = (index: number): string => report.operations[index]?.id ?? '';
    expect(report.changes).toMatchObject({ since: three, contractChanged: false, lost: [], stillFailing: 1 });
    expect(report.changes?.new).toEqual([
      { operation: name(2), rule: 'revoked-key', outcome: 'violates', before: 'conforms' },
    ]);
    expect(report.changes?.fixed).toEqual([
      { operation: name(0), rule: 'revoked-key', outcome: 'conforms', before: 'violates' },
    ]);
    expect(report.cells.filter(({ since }) => since).map(({ operation, since }) => [operation, since])).toEqual([
      [name(1), two],
    ]);
    expect(report.trend?.map(({ startedAt, counts }) => [startedAt, counts.violates])).toEqual([
      [one, 1],
      [two, 2],
      [three, 2],
    ]);
    const line =
      /^since 2026-03-03 06:00 UTC: 1 new \(revoked-key on .*\), 1 fixed \(revoked-key on .*\), 1 still failing$/m;
    expect(terminalSummary(report)).toMatch(line);
    expect(summaryMarkdown(report)).toContain('**1 newly failing**: `revoked-key` on');
    const ajv = newAjv({ strict: true });
    ajv.validate(schema, JSON.parse(JSON.stringify(report)));
    expect(ajv.errors ?? []).toEqual([]);
  });

  test('what a run did not judge is as it was when it was judged last', async () => {
    const broken = at(await violating('revoked-key', 0), one);
    const part: Conformance = { ...at(await sample(), two), cells: [], partial: true };
    const again = withPast(at(await violating('revoked-key', 0), three), [broken, part].map(remember));
    expect(again.changes).toMatchObject({ since: two, new: [], fixed: [], stillFailing: 1 });
    expect(again.cells.find(({ outcome }) => outcome === 'violates')?.since).toBe(one);
    const unproven = await sample({ outcomeOf: (_, rule) => (rule === 'revoked-key' ? 'not proven' : 'conforms') });
    const lost = withPast(at(unproven, three), [remember(broken)]);
    expect(lost.changes).toMatchObject({ new: [], fixed: [], lost: [{ outcome: 'not proven', before: 'violates' }] });
    expect(terminalSummary(lost)).toContain('1 not judged any more');
  });

  test('only runs of the same target are looked at, and the port of this machine makes no other', async () => {
    const report = at(await sample(), two);
    const on = (baseUrl: string): Conformance => ({ ...at(report, one), target: { ...report.target, baseUrl } });
    const here = { ...report, target: { ...report.target, baseUrl: 'https://127.0.0.1:4711/v2' } };
    expect(runsOfTarget([remember(on('https://127.0.0.1:1/v2'))], here)).toHaveLength(1);
    expect(runsOfTarget([remember(on('https://other.example.com/v2'))], report)).toEqual([]);
    expect(runsOfTarget([remember(on(report.target.baseUrl))], report)).toHaveLength(1);
    expect(runsOfTarget([remember(report)], report), 'a run is not its own past').toEqual([]);
  });

  test('a kept run says of every cell what became of it', async () => {
    const report = await sample({ outcomeOf: everyOutcome });
    expect([...outcomesOf(remember(report))].toSorted()).toEqual(
      report.cells.map((cell) => [cellId(cell), cell.outcome]).toSorted(),
    );
  });

  test('the last thirty are kept, small, and what is no run is passed over', async ({}, info) => {
    const folder = info.outputPath('history');
    const report = await sample({ operations: 100 });
    for (let minute = 10; minute < 45; minute++) keepRun(folder, at(report, `2026-03-01T06:${minute}:00.000Z`));
    writeFileSync(join(folder, '2026-03-01T05-00-00.000Z.json'), '{ "startedAt": ');
    expect(readdirSync(folder)).toHaveLength(31);
    const kept = readHistory(folder);
    expect(kept).toHaveLength(30);
    expect(kept.map(({ startedAt }) => startedAt).at(-1)).toBe('2026-03-01T06:44:00.000Z');
    expect(JSON.stringify(kept[0]).length).toBeLessThan(15_000);
  });

  test('a named report is compared with, whatever its address; one that is not there is said and nothing more', async ({}, info) => {
    mkdirSync(info.outputDir, { recursive: true });
    const earlier = at(await violating('revoked-key', 0), one);
    const file = info.outputPath('previous.json');
    writeFileSync(
      file,
      JSON.stringify({ ...earlier, target: { ...earlier.target, baseUrl: 'https://preview-17.example.com/v2' } }),
    );
    const report = at(await sample(), two);
    expect(compared(report, info.outputDir, file).report.changes).toMatchObject({ since: one, stillFailing: 0 });
    expect(readRun(file)?.contract.id).toBe('huechat');
    const absent = compared(report, info.outputDir, info.outputPath('nothing.json'));
    expect(absent.missing).toMatch(/nothing\.json is not there: nothing is compared\.$/);
    expect(absent.report.changes).toBeUndefined();
    writeFileSync(file, '[]');
    expect(compared(report, info.outputDir, file).missing).toMatch(/is no report of a run/);
  });
});

test.describe('promises', () => {
  test('each has the rules that check it and what they found, or nothing does', async () => {
    const report = await sample({ outcomeOf: everyOutcome });
    const covered = coverageOf(report);
    expect(covered.map(({ promise }) => promise.id)).toEqual(report.promises.map(({ id }) => id));
    const revoked = covered.find(({ promise }) => promise.id === 'revoked-key');
    expect(revoked?.rules.map(({ id }) => id)).toEqual(['revoked-key']);
    expect(revoked?.counts).toMatchObject({ violates: 4, conforms: 0 });
    const otherwise = covered.find(({ promise }) => promise.id === 'other-environment-answer');
    expect(otherwise?.rules.map(({ id }) => id)).toEqual(['other-environment']);
    expect(otherwise?.counts).toMatchObject({ conforms: 4 });
    const never = covered.find(({ promise }) => promise.uncheckable !== undefined);
    expect(never?.rules).toEqual([]);
  });
});

test.describe('what differs between two texts', () => {
  /** Both texts with what is marked in brackets. */
  const marked = (expected: string, actual: string): string[] => {
    const found = difference(expected, actual);
    const show = (text: string, marks: readonly number[]): string =>
      marks.reduceRight((shown, at, index) => `${shown.slice(0, at)}${index % 2 ? ']' : '['}${shown.slice(at)}`, text);
    return [show(expected, found.expected), show(actual, found.actual)];
  };

  test('is marked word by word, the status with the status and the body with the body', () => {
    expect(marked('status 401; the error envelope', 'status 200; the error is missing')).toEqual([
      'status [401]; the error envelope',
      'status [200]; the error is missing',
    ]);
    expect(marked('status 200, as in the usual spelling', 'status 401'), 'words of ours are no data').toEqual([
      'status [200], as in the usual spelling',
      'status [401]',
    ]);
    expect(marked('the headers date, vary', 'the headers date, www-authenticate')).toEqual([
      'the headers date, [vary]',
      'the headers date, [www-authenticate]',
    ]);
    expect(marked('code "a", {"id":1}', 'code "b", {"id":1}')).toEqual([
      'code "[a]", {"id":1}',
      'code "[b]", {"id":1}',
    ]);
  });

  test('is not marked where nothing or almost everything differs', () => {
    expect(marked('status 401', 'status 401')).toEqual(['status 401', 'status 401']);
    expect(marked('a key in the header', 'connection reset by peer')).toEqual([
      'a key in the header',
      'connection reset by peer',
    ]);
    expect(marked('a  b c', 'a b c'), 'white space alone').toEqual(['a  b c', 'a b c']);
  });

  test('leaves out what only says what the other text is like', () => {
    expect(marked('as on most operations: status 401', 'status 403')).toEqual([
      'as on most operations: status [401]',
      'status [403]',
    ]);
  });

  test('is found in long texts too, and given up where it would take too long', () => {
    const words = Array.from({ length: 20_000 }, (_, index) => `w${index}`);
    const [one, other] = [words.join(' '), words.with(9999, 'x1').join(' ')];
    expect(difference(one, other).actual).toEqual([other.indexOf('x1'), other.indexOf('x1') + 2]);
    expect(difference(one, words.toReversed().join(' '))).toEqual({ expected: [], actual: [] });
  });
});

test.describe('the data of the page', () => {
  test('what does not fit is left out, of every bug the first operation last', async () => {
    const report = await sample({ operations: 200, outcomeOf: badNight });
    const all = embed(report);
    const few = embed(report, { text: 8192, evidence: 60_000 });
    const evidence = (data: typeof all): string[] => Object.keys(data.details);
    expect(evidence(few).length).toBeLessThan(evidence(all).length / 2);
    expect(JSON.stringify(few.details).length + few.texts.join('').length).toBeLessThan(100_000);
    for (const { cells } of bugsOf(report)) {
      const operation = report.operations.findIndex(({ id }) => id === cells[0].operation);
      const rule = few.rules.findIndex(({ id }) => id === cells[0].rule);
      expect(evidence(few)).toContain(`${operation}.${rule}`);
    }
  });

  test('a body of 5 MB is cut, and a sound report of a thousand operations is small', async () => {
    const body = 'x'.repeat(5_000_000);
    const data = embed(await sample({ outcomeOf: everyOutcome, evidence: { body } }));
    expect(Math.max(...data.texts.map(({ length }) => length))).toBeLessThan(8300);
    expect(data.texts.join()).toContain('… 4991808 more characters are in conformance.json');
    expect(JSON.stringify(embed(await sample({ operations: 1000 }))).length).toBeLessThan(350_000);
  });
});

test('the page names the numbers of a rule in the standards, beside its source and in the detail of a cell', async () => {
  const report = await sample({ outcomeOf: everyOutcome });
  const line = 'CWE-306, OWASP API2:2023, ASVS 5.0 8.2.1, ASVS 5.0 8.3.1';
  expect(conformancePage(report)).toContain(`<p class="quiet">${line}</p>`);
  expect(embed(report).rules.find(({ id }) => id === 'missing-key')?.standards).toBe(line);
  expect(embed(report).rules.find(({ id }) => id === 'error-envelope')).not.toHaveProperty('standards');
});

test.describe('SARIF', () => {
  test('a result for each failing cell, at its line of the contract', async () => {
    const report = await sample({ outcomeOf: everyOutcome });
    const [run] = sarif(report).runs;
    const failing = report.cells.filter(({ outcome }) => outcome === 'violates' || outcome === 'deviates');
    expect(run?.results).toHaveLength(failing.length);
    const lines = new Map(report.operations.map(({ id, line }) => [id, line]));
    for (const result of run?.results ?? []) {
      const [place] = result.locations ?? [];
      const operation = place?.logicalLocations?.[0]?.fullyQualifiedName ?? '';
      expect(place?.physicalLocation?.region?.startLine).toBe(lines.get(operation));
      expect(place?.physicalLocation?.artifactLocation?.uri).toBe('specs/huechat/openapi.yaml');
      const rule = run?.tool.driver.rules?.[result.ruleIndex ?? -1];
      expect(rule?.id).toBe(result.ruleId);
      const level = failing.find((cell) => cell.rule === result.ruleId && cell.operation === operation)?.level;
      expect(result.level).toBe(level === 'MUST' ? 'error' : 'warning');
    }
    const errors = run?.invocations?.[0]?.toolExecutionNotifications ?? [];
    expect(errors.map(({ message }) => message.text)).toEqual([expect.stringContaining('plain-http: reset')]);
  });

  test('every rule has help text and a level, and a known failure is suppressed with its reason', async () => {
    const whole = await violating('revoked-key', 0);
    const known = {
      reason: 'it is mended on Friday',
      owner: 'team',
      link: 'https://example.com/1',
      expires: '2999-01-01',
    };
    const cells = whole.cells.map((cell): ReportedCell => (cell.outcome === 'violates' ? { ...cell, known } : cell));
    const [run] = sarif({ ...whole, cells }).runs;
    for (const rule of run?.tool.driver.rules ?? []) {
      expect(rule.help?.text.length).toBeGreaterThan(20);
      expect(rule.help?.markdown?.length).toBeGreaterThan(20);
      expect(rule.defaultConfiguration?.level).toMatch(/^(error|warning)$/);
      if (rule.helpUri !== undefined) expect(URL.canParse(rule.helpUri)).toBe(true);
    }
    expect(run?.results?.[0]?.suppressions).toEqual([
      expect.objectContaining({ kind: 'external', justification: expect.stringContaining('Friday') }),
    ]);
  });

  test('each rule that somebody gains from has a score, the tag of code scanning and the numbers of the standards', async () => {
    const report = await sample({ outcomeOf: everyOutcome });
    const found = sarif(report).runs[0]?.tool.driver.rules ?? [];
    const properties = new Map(found.map(({ id, properties: its }) => [id, its]));
    expect(properties.get('missing-key')).toEqual({
      tags: [
        'authentication',
        'Missing key',
        'security',
        'external/cwe/cwe-306',
        'owasp-api-2023/API2',
        'asvs-5.0/8.2.1',
        'asvs-5.0/8.3.1',
      ],
      'security-severity': '9.5',
      level: 'MUST',
    });
    expect(properties.get('error-envelope')).toEqual({ tags: ['authentication', 'Error responses'], level: 'MUST' });
    for (const { id, standards } of report.rules)
      expect('security-severity' in (properties.get(id) ?? {}), id).toBe(standards?.severity !== 'none');
  });

  test('a report of a version without standards has neither scores nor their tags', async () => {
    const report = await sample({ outcomeOf: everyOutcome });
    const rules = report.rules.map(({ standards: _, ...rule }) => rule);
    const found = sarif({ ...report, rules }).runs[0]?.tool.driver.rules ?? [];
    expect(JSON.stringify(found.map(({ properties }) => properties))).not.toMatch(/security|cwe|asvs|owasp/);
  });

  test('is valid by the published schema of SARIF 2.1.0, whatever the run found', async () => {
    const schema = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as {
      $schema?: string;
      id?: string;
    };
    // The schema is of draft 4, whose `id` later drafts call `$id`; nothing else in it differs from them.
    const { $schema, id, ...rest } = schema;
    expect([$schema, id]).toEqual([
      'http://json-schema.org/draft-04/schema#',
      expect.stringContaining('sarif-2.1.0-rtm.5.json'),
    ]);
    // One of its patterns is none where patterns are read by Unicode's rules.
    const isValid = newAjv({ strict: false, unicodeRegExp: false }).compile(rest);
    const known = { reason: 'r', owner: 'o', link: 'https://example.com/1', expires: '2999-01-01' };
    const every = await sample({ outcomeOf: everyOutcome });
    for (const report of [
      await sample(),
      every,
      { ...every, cells: every.cells.map((cell) => ({ ...cell, known })) },
      await sample({ operations: 300, outcomeOf: badNight }),
      await sample({ outcomeOf: () => 'not proven' }),
    ]) {
      isValid(JSON.parse(JSON.stringify(sarif(report))));
      expect(isValid.errors ?? []).toEqual([]);
    }
    expect(isValid({ ...sarif(every), version: '2.0.0' }), 'the schema refuses what is no SARIF 2.1.0').toBe(false);
    const { driver } = sarif(every).runs[0]?.tool ?? {};
    expect(URL.canParse(driver?.informationUri ?? '')).toBe(true);
    for (const { id: own, name = '' } of driver?.rules ?? []) {
      expect(name).toMatch(/^([A-Z][a-z0-9]*)+$/);
      expect(name).not.toBe(own);
    }
  });

  test('more results than readers take are cut, the worst kept, and it says so', async () => {
    const report = await sample({ operations: 1000, outcomeOf: (index) => (index % 2 ? 'violates' : 'conforms') });
    const [run] = sarif(report).runs;
    expect(run?.results).toHaveLength(5000);
    expect(run?.invocations?.[0]?.toolExecutionNotifications?.at(-1)?.message.text).toMatch(/more failing cells/);
  });
});

test('a report that is left out is not written, and no other one sends its readers to it', async ({}, info) => {
  const report = distinct(
    await sample({ operations: 60, outcomeOf: (index) => (index === 0 ? 'conforms' : 'violates') }),
  );
  const folder = info.outputPath('reports');
  writeReports(folder, report, new Set(['summary', 'badge']));
  expect(readdirSync(folder).toSorted()).toEqual(['badge.json', 'conformance.json', 'history', 'summary.md']);

  const json = join(folder, 'conformance.json');
  const withPage = [
    /, all in `(.*)`\.\n$/.exec(summaryMarkdown(report)),
    /^… and .*, in (.*)$/m.exec(terminalSummary(report)),
    /^(\S+) has them one by one\.$/.exec(allureResults(report).at(-1)?.description ?? ''),
  ];
  expect(withPage.map((found) => found?.[1])).toEqual(withPage.map(() => 'conformance.html'));
  const without = [
    readFileSync(join(folder, 'summary.md'), 'utf8'),
    terminalSummary(report, json),
    JSON.stringify(allureResults(report, 'conformance.json')),
  ];
  for (const text of without) {
    expect(text).toContain('conformance.json');
    expect(text).not.toContain('conformance.html');
  }
  expect(terminalSummary(await sample(), json)).toContain(
    `\nnext: npm run report -- ${json} makes the page with the evidence of every cell\n`,
  );
});

test.describe('summary.md', () => {
  test('is below 60 kB whatever happens', async () => {
    const hostile = '`'.repeat(300) + '\u202e<img src=x onerror=alert(1)>| @everyone '.repeat(500);
    for (const report of [
      await sample({
        operations: 300,
        outcomeOf: (index, rule) => ((index + rule.length) % 3 ? 'violates' : 'error'),
      }),
      await sample({ operations: 300, outcomeOf: () => 'violates', actual: hostile, evidence: { body: hostile } }),
    ]) {
      const text = summaryMarkdown(distinct(report));
      expect(Buffer.byteLength(text)).toBeLessThan(60_000);
      expect(text).toMatch(/… and [\d,]+ more parts, all in `conformance\.html`\.\n$/);
    }
  });

  test('a server’s words are no markup and call nobody', async () => {
    const actual = 'a `code` | <b>bold</b> @someone #1 \u001b[31m\nnext';
    const text = summaryMarkdown(await sample({ outcomeOf: everyOutcome, actual }));
    expect(text).toContain('received ``a `code` | <b>bold</b> @someone #1 ␛[31m next``');
  });

  test('says what is missing, and the variable', async () => {
    expect(summaryMarkdown(await sample({ outcomeOf: everyOutcome }))).toContain(
      '- set `HUECHAT_SCOPED_KEYS` to prove 4 cells',
    );
  });
});
