import { expect, test } from '../support/unit-test.ts';
import { EDITIONS, isNewer } from '../../src/config/editions.ts';
import { readRunSettings } from '../../src/config/read-run-settings.ts';
import { variableNames } from '../../src/config/variables.ts';
import { allureResults } from '../../src/reporting/allure-results.ts';
import { newerRules } from '../../src/reporting/compose.ts';
import { type Conformance, count, exitCode, type ReportedCell, verdictOf } from '../../src/reporting/conformance.ts';
import { junit } from '../../src/reporting/junit.ts';
import { conformancePage } from '../../src/reporting/page/page.ts';
import { planLine } from '../../src/reporting/plan-text.ts';
import { sarif } from '../../src/reporting/sarif.ts';
import { summaryMarkdown } from '../../src/reporting/summary-markdown.ts';
import { terminalSummary } from '../../src/reporting/summary.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { endOfTest } from '../../src/asking/end-of-test.ts';
import { huechat } from '../support/contracts.ts';
import { sample } from '../support/report-samples.ts';

/** A gate that pins an edition fails for the rules of that edition alone. */

const SAYS = 'edition 2026.11: 1 newer rule cannot fail this run';
const NEWER = 'newer than the pinned edition, so it cannot fail this run';

/** A report whose only failures are those of one rule. */
async function pinned({ newer }: { readonly newer: boolean }): Promise<Conformance> {
  const whole = await sample({ outcomeOf: (_, rule) => (rule === 'missing-key' ? 'violates' : 'conforms') });
  const cells = whole.cells.map((cell): ReportedCell =>
    newer && cell.rule === 'missing-key' ? { ...cell, newer } : cell,
  );
  const verdict = verdictOf(cells, new Set());
  return { ...whole, cells, verdict, counts: count(cells), edition: { pinned: '2026.11', newerRules: 1 } };
}

test.describe('the setting', () => {
  const names = variableNames('huechat');
  const read = (HUECHAT_EDITION: string) => readRunSettings({ HUECHAT_EDITION }, names);

  test('names an edition', () => {
    expect(read('2026.11')).toMatchObject({ settings: { edition: '2026.11' }, problems: [] });
    expect(readRunSettings({}, names).settings.edition).toBeUndefined();
  });

  test('is said to be wrong in one sentence: an edition that is not there, and what is none', () => {
    const known = 'set it to 2026.11 or 2026.12, or remove it for the newest.';
    expect(read('2031.01').problems).toEqual([
      `HUECHAT_EDITION names an edition that this version of the suite does not have: ${known}`,
    ]);
    for (const value of ['2026', '2026-11', 'latest', '2026.13', '26.11'])
      expect(read(value).problems).toEqual([`HUECHAT_EDITION is not an edition of the form YEAR.MONTH: ${known}`]);
  });
});

test('a rule is newer than every edition before its own, and than none where none is pinned', () => {
  expect(EDITIONS).toEqual([...EDITIONS].toSorted());
  expect(isNewer('2026.12', '2026.11')).toBe(true);
  expect(isNewer('2026.12', '2026.12')).toBe(false);
  expect(isNewer('2026.11', '2026.12')).toBe(false);
  expect(isNewer('2026.12', undefined)).toBe(false);
});

test('an edition has the rules that it had when it was published', () => {
  const newer = newerRules(catalogue, '2026.11');
  const old = [...catalogue.rules, ...catalogue.crossOperationRules].filter(({ id }) => !newer.has(id));
  // A rule that is added counts since a later edition: set its `since`, and leave this number as it is.
  expect(old).toHaveLength(63);
});

for (const outcome of ['violates', 'deviates', 'error', 'not proven'] as const)
  test(`a cell of a newer rule that ends with ${outcome} fails nothing`, () => {
    const cell: ReportedCell = { rule: 'a', level: 'MUST', operation: 'GET /a', outcome, cases: [], reason: 'why' };
    const good: ReportedCell = { ...cell, rule: 'b', outcome: 'conforms' };
    const strict = new Set(['should', 'proven'] as const);
    expect(exitCode(verdictOf([cell, good], strict))).not.toBe(0);
    expect(exitCode(verdictOf([{ ...cell, newer: true }, good], strict))).toBe(0);
    const end = endOfTest([{ ...cell, newer: true }], true);
    expect(end).toMatchObject({ failing: [], errors: [] });
    if (outcome !== 'not proven')
      expect(end.annotations.map(({ description }) => description)).toContain(`${NEWER}: ${outcome}: why`);
  });

test('a newer rule alone proves nothing', () => {
  const cell: ReportedCell = {
    rule: 'a',
    level: 'MUST',
    operation: 'GET /a',
    outcome: 'conforms',
    cases: [],
    newer: true,
  };
  expect(verdictOf([cell], new Set())).toBe('not proven');
});

test.describe('every report', () => {
  test('says which edition is pinned and how many rules cannot fail the run', async () => {
    const report = await pinned({ newer: true });
    expect(report.verdict).toBe('conforms');
    for (const view of [terminalSummary(report), summaryMarkdown(report), conformancePage(report)])
      expect(view).toContain(SAYS);
    expect(terminalSummary({ ...report, edition: { pinned: '2026.12', newerRules: 0 } })).toContain(
      'edition 2026.12: no rule is newer',
    );
  });

  test('shows what a newer rule found as what cannot fail the run', async () => {
    const [report, failing] = [await pinned({ newer: true }), await pinned({ newer: false })];
    for (const view of [terminalSummary, summaryMarkdown, conformancePage] as const) {
      expect(view(report)).toContain(NEWER);
      expect(view(failing)).not.toContain(NEWER);
    }
    for (const view of [summaryMarkdown, conformancePage] as const)
      expect(view(report)).toContain(
        'fails only rules that are newer than the pinned edition; 4 failures of newer rules',
      );
    expect(junit(report)).toContain(' failures="0" ');
    expect(junit(failing)).not.toContain(' failures="0" ');
    expect(junit(report)).toContain(`<skipped message="${NEWER}: violates: `);
    const levels = (of: Conformance) => new Set(sarif(of).runs[0]?.results?.map(({ level }) => level));
    expect([...levels(report)]).toEqual(['note']);
    expect([...levels(failing)]).toEqual(['error']);
    const statuses = (of: Conformance) => new Set(allureResults(of).map(({ status }) => status));
    expect(statuses(report)).not.toContain('failed');
    expect(statuses(failing)).toContain('failed');
  });

  test('the line of the plan says it too', async () => {
    const variables = {
      HUECHAT_BASE_URL: 'https://sandbox.huechat.ai/v2',
      HUECHAT_API_KEY: 'sk_test_9zY8xW7vU6tS5rQ4',
    };
    const target = readTarget(await huechat(), { ...variables, HUECHAT_EDITION: '2026.11' });
    const plan = {
      ...{ requests: 1, byMethod: {}, byCredential: {}, notSent: [], leftOut: 0, onDemand: 0, overHttp2: 0 },
      ...{ unprovenHarmless: 0, newerRules: 1 },
    };
    expect(planLine(plan, target)).toBe(`plan: 1 request; ${SAYS}`);
    expect(planLine(plan, readTarget(await huechat(), variables))).toBe('plan: 1 request');
  });
});
