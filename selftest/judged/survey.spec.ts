import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import type { DefectId } from '../../mock/defects/index.ts';
import { compare, seeded } from '../../src/run/statistics.ts';
import { surveyThrottling, surveyTiming } from '../../src/run/survey.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { cases } from '../../tests/catalogue/index.ts';
import { huechat, mockOf } from '../support/harness.ts';

const SEED = 1;

const ATTEMPTS = { limit: 10, windowSeconds: 60 };

async function withMock<Result>(
  defect: DefectId | undefined,
  environment: string,
  work: (tools: Parameters<typeof surveyTiming>) => Promise<Result>,
): Promise<Result> {
  const contract = await huechat();
  const mock = await startMock({
    ...mockOf(contract),
    attemptLimit: ATTEMPTS,
    rateLimit: { limit: 1000, windowSeconds: 60 },
    ...(defect && { defect: { id: defect } }),
  });
  try {
    return await work([contract, readTarget(contract, mock.settings(environment)), cases, 40, SEED]);
  } finally {
    await mock.close();
  }
}

test('equal samples show no effect, shifted ones a full one', () => {
  const one = Array.from({ length: 40 }, (_, index) => index);
  expect(compare(one, one, seeded(SEED))).toMatchObject({ effect: 0, pValue: 1 });
  const shifted = compare(
    one,
    one.map((value) => value + 100),
    seeded(SEED),
  );
  expect(shifted.effect).toBe(1);
  expect(shifted.pValue).toBeLessThan(0.001);
});

test('timing is measured in pairs, and never becomes a verdict', async () => {
  // Whether the effect is seen depends on how busy the machine is, so the numbers are for a person to read.
  const found = await withMock('comparison-takes-longer-the-more-is-right', 'sandbox', (tools) =>
    surveyTiming(...tools),
  );
  expect(found).toMatchObject({ samples: 40, operation: 'GET /contacts' });
  expect(found.medians.every((milliseconds) => milliseconds > 0)).toBe(true);
});

test('a server that counts bad keys is seen to, and one that does not is not', async () => {
  const survey = (defect?: DefectId): ReturnType<typeof surveyThrottling> =>
    withMock(defect, 'sandbox', ([contract, target]) => surveyThrottling(contract, target, cases, 30));
  expect(await survey()).toMatchObject({ throttledAfter: ATTEMPTS.limit, dataIn429: false, retryAfterMissing: false });
  expect((await survey('bad-keys-not-throttled')).throttledAfter).toBeUndefined();
  expect(await survey('retry-after-missing')).toMatchObject({ retryAfterMissing: true });
  expect(await survey('limited-answer-carries-data')).toMatchObject({ dataIn429: true });
});

test('a survey refuses production', async () => {
  await expect(withMock(undefined, 'production', (tools) => surveyTiming(...tools))).rejects.toThrow(
    'not for production',
  );
});
