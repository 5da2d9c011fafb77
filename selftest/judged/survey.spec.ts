import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import type { DefectId } from '../../mock/defects/index.ts';
import { surveyThrottling, surveyTiming } from '../../src/run/survey.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { cases } from '../../tests/catalogue/index.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept } from '../support/interceptor.ts';

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

test('timing is measured in pairs that begin with either key in turn, and never becomes a verdict', async () => {
  // Whether the effect is seen depends on how busy the machine is, so the numbers are for a person to read.
  const contract = await huechat();
  const mock = await startMock({
    ...mockOf(contract),
    defect: { id: 'comparison-takes-longer-the-more-is-right' },
  });
  const { settings, seen, close } = await intercept(mock, {});
  const found = await surveyTiming(contract, readTarget(contract, settings), cases, 10, SEED).finally(async () => {
    await close();
    await mock.close();
  });
  const keys = seen.map(({ head }) => /^x-api-key: (.*)$/im.exec(head)?.[1]);
  const [first, second] = keys;
  expect(first).not.toBe(second);
  expect(keys).toEqual(Array.from({ length: 5 }, () => [first, second, second, first]).flat());
  expect(new Set(seen.map(({ target }) => target)).size, 'one operation is asked').toBe(1);
  expect(found.medians.every((milliseconds) => milliseconds > 0)).toBe(true);
});

test('an answer that throttles is not timed, and how many there were is said', async () => {
  const found = await withMock(undefined, 'sandbox', ([contract, target, ...rest]) =>
    surveyTiming(contract, target, ...rest),
  );
  expect(found).toMatchObject({ samples: ATTEMPTS.limit / 2, leftOut: 2 * 40 - ATTEMPTS.limit });
});

test('a server that throttles from the start gives no numbers, and the sentence says why', async () => {
  const contract = await huechat();
  const mock = await startMock({ ...mockOf(contract), attemptLimit: { limit: 4, windowSeconds: 60 } });
  const target = readTarget(contract, mock.settings('sandbox'));
  await expect(surveyTiming(contract, target, cases, 10, SEED).finally(() => mock.close())).rejects.toThrow(
    'The target throttles the guessing of keys: 16 of 20 requests got 429 or no response',
  );
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
