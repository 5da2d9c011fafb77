import { expect, test } from '@playwright/test';
import { readTarget } from '../../src/config/read-target.ts';
import { reportOperation } from '../../src/reporting/playwright-notes.ts';
import { Engine } from '../../src/run/engine.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { huechat } from '../support/harness.ts';
import { KeySearch } from '../support/key-search.ts';
import { answerOf, record } from '../support/recorder.ts';

/** Keys that hold words of the API, as people make them. The words stand in every report; what is beside them does not. */
const KEY = 'sk_test_contacts_reader_0001';
const REVOKED = 'sk_test_conversations_old_4711';

test('no report holds a key with ordinary words where responses repeat it, and sound bodies are judged as they came', async () => {
  const server = await record((head) => {
    const key = /^x-api-key: (.*)$/im.exec(head)?.[1] ?? 'none';
    // A path that is no operation: without it the operation would count as one that leads nowhere.
    if (!/^\S+ \/v2\/contacts[? ]/.test(head)) return answerOf(404, '{"error":"not found"}');
    if (key === KEY) return answerOf(200, `{"contacts":[{"note":"${key}"}]}`, `X-Echo: ${key}`);
    return answerOf(
      401,
      `{"error":"contacts ${key}","${key}":1,"message":"${key}","code":"${key}"}`,
      `Location: /${key}`,
    );
  });
  const contract = await huechat();
  const target = readTarget(contract, {
    HUECHAT_BASE_URL: `http://127.0.0.1:${server.port}/v2`,
    HUECHAT_ENVIRONMENT: 'sandbox',
    HUECHAT_API_KEY: KEY,
    HUECHAT_REVOKED_KEY: REVOKED,
  });
  const engine = new Engine(contract, target, catalogue, { tries: 1, backoff: 1 });
  const operation = contract.operations.find(({ id }) => id === 'GET /contacts');
  if (!operation) throw new Error('the contract of the tests has no GET /contacts any more');
  try {
    const result = await engine.run(operation);
    const { cells, compared, fingerprints } = reportOperation(result, () => undefined);
    const report = JSON.stringify([cells, compared, fingerprints]);
    const search = new KeySearch(['s_reader_0001', 's_old_4711']);
    expect(await search.find(report)).toEqual([]);
    // Rules quote what was received: some of the findings speak of the member that the key was put into.
    expect(report).toContain('«key»');
    expect(report).toContain(String.raw`{\"error\":\"contacts`);
    expect(report).toContain('/v2/contacts');
  } finally {
    await engine.close();
    await server.close();
  }
});
