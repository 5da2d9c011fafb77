import { expect, test } from '@playwright/test';
import { judgeMock, type JudgeOptions } from '../support/harness.ts';

const READS = ['GET /contact/{identifier}', 'GET /conversation/{id}'];

async function judged(options: JudgeOptions) {
  const { cells, requests } = await judgeMock({ ...options, operations: (id) => READS.includes(id) });
  const ofRule = cells.filter(({ rule }) => rule === 'other-account');
  return { requests, outcomes: ofRule.map(({ outcome }) => outcome), reasons: ofRule.map(({ reason }) => reason) };
}

test('the key of another account costs two requests for each read by id, and nothing is sent without it', async () => {
  const without = await judged({});
  const given = await judged({ variant: 'two-accounts' });
  expect(without.outcomes).toEqual(['not applicable', 'not applicable']);
  expect(without.reasons[0]).toBe('accounts are compared where HUECHAT_OTHER_ACCOUNT_KEY is a key of another one');
  expect(given.outcomes).toEqual(['conforms', 'conforms']);
  expect(given.requests - without.requests).toBe(2 * READS.length);
});

test('a key of another account that is not accepted proves nothing', async () => {
  const variables = { HUECHAT_OTHER_ACCOUNT_KEY: 'sk_test_9aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT' };
  const { outcomes, reasons } = await judged({ variables });
  expect(outcomes).toEqual(['not proven', 'not proven']);
  expect(reasons[0]).toContain('the key of HUECHAT_OTHER_ACCOUNT_KEY got 401 from the list of its own account');
});
