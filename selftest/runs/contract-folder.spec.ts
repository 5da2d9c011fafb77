import { expect, test } from '@playwright/test';
import { conformance } from '../support/command-line.ts';

/** A port of this machine where nobody listens: the preflight says so, and nothing is judged. */
const BASE_URL = 'https://127.0.0.1:9/v2';

test('a base URL is judged, however the path of the contract is written', async ({}, info) => {
  test.setTimeout(120_000);
  const { out, err, code } = await conformance({
    variables: {
      CONTRACT: 'specs/twitch/../huechat/.',
      HUECHAT_BASE_URL: BASE_URL,
      HUECHAT_ENVIRONMENT: 'sandbox',
      HUECHAT_API_KEY: 'sk_test_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT',
    },
    folder: info.outputPath(),
  });
  expect(out).toContain(` on ${BASE_URL} (sandbox)`);
  expect(err).toContain('127.0.0.1:9');
  expect(code).toBe(2);
});
