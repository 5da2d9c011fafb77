import { withPast } from '../../src/reporting/changes.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { remember } from '../../src/reporting/history.ts';
import { endForNew } from '../../src/reporting/new-failures.ts';
import type { Outcome } from '../../src/model/cell.ts';
import { sample } from '../support/report-samples.ts';
import { expect, test } from '../support/unit-test.ts';

const VARIABLE = 'EXAMPLE_FAIL_ON';

/** A run in which the rule has these outcomes, one on each operation, and everything else conforms. */
function run(startedAt: string, outcomes: readonly Outcome[]): Promise<Conformance> {
  return sample({
    operations: outcomes.length,
    startedAt,
    outcomeOf: (operation, rule) => (rule === 'missing-key' ? outcomes[operation] : 'conforms'),
  });
}

async function after(before: readonly Outcome[], now: readonly Outcome[]): Promise<Conformance> {
  const earlier = await run('2026-03-01T06:00:00.000Z', before);
  return withPast(await run('2026-03-02T06:00:00.000Z', now), [remember(earlier)]);
}

test('what failed before decides nothing, and the verdict stays', async () => {
  const report = await after(['violates', 'conforms'], ['violates', 'conforms']);
  expect(report.verdict).toBe('violates');
  expect(endForNew(report, VARIABLE)).toEqual({
    code: 0,
    sentence: expect.stringMatching(
      /^EXAMPLE_FAIL_ON=new: 1 cell fails that already failed in the run of .*, and no other cell fails: the exit code is 0$/,
    ),
  });
});

test('a failure that is new decides, beside one that is not', async () => {
  expect(endForNew(await after(['violates', 'conforms'], ['violates', 'violates']), VARIABLE)).toEqual({ code: 1 });
});

test('a failure that could not be judged last time and failed before that is not new', async () => {
  const [first, second] = [
    await run('2026-03-01T06:00:00.000Z', ['violates', 'conforms']),
    await run('2026-03-02T06:00:00.000Z', ['not proven', 'conforms']),
  ];
  const report = withPast(
    await run('2026-03-03T06:00:00.000Z', ['violates', 'conforms']),
    [first, second].map(remember),
  );
  expect(endForNew(report, VARIABLE)).toMatchObject({ code: 0 });
});

test('without an earlier run every failure is new', async () => {
  expect(endForNew(await run('2026-03-02T06:00:00.000Z', ['violates']), VARIABLE)).toEqual({ code: 1 });
});

test('an error beside old failures is no success', async () => {
  expect(endForNew(await after(['violates', 'conforms'], ['violates', 'error']), VARIABLE)).toMatchObject({ code: 2 });
});

test('a stale entry of known failures fails the run by itself', async () => {
  const report = await after(['violates', 'conforms'], ['violates', 'conforms']);
  expect(endForNew({ ...report, reason: 'an entry has expired' }, VARIABLE)).toEqual({ code: 1 });
});

test('a run that conforms ends as it would anyway', async () => {
  expect(endForNew(await after(['violates', 'conforms'], ['conforms', 'conforms']), VARIABLE)).toEqual({ code: 0 });
});
