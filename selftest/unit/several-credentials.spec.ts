import { dryRunSettings } from '../../mock/dry-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { planOperation } from '../../src/requests/plan-operation.ts';
import { cases } from '../../tests/catalogue/index.ts';
import { huechatWithSecret, mockOf, twitch } from '../support/contracts.ts';
import { expect, test } from '../support/unit-test.ts';

/** Of credentials that an operation asks for together each is changed by itself, and the others stay right. */

const OWN = 'one-of-several-';

/** What is sent of these cases, or why not, by the end of the case's id. */
async function planned(load: typeof twitch, id: string, more: Readonly<Record<string, string>> = {}) {
  const contract = await load();
  const { [`${contract.id.toUpperCase()}_CA`]: _, ...settings } = dryRunSettings(mockOf(contract));
  const operation = contract.operations.find((one) => one.id === id);
  if (!operation) throw new Error(`the contract of the tests has no ${id} any more`);
  const target = readTarget(contract, { ...settings, ...more });
  const probes = planOperation(contract, target, operation, cases, new SchemaValidators(contract));
  return Object.fromEntries(
    probes
      .filter((probe) => probe.id.startsWith(OWN))
      .map(({ id: probe, notSent, request }) => [
        probe.slice(OWN.length),
        notSent?.message ??
          (request?.headers ?? [])
            .filter(([name]) => /^(?:x-api-key|x-app-secret|authorization|client-id)$/i.test(name))
            .map(([name, value]) => `${name}: ${value.join('')}`)
            .join(', '),
      ]),
  );
}

test('each credential is missing once, and the other ones are empty, altered and never issued, with the key right', async () => {
  const sent = await planned(huechatWithSecret, 'GET /contacts');
  const key = 'X-API-Key: «HUECHAT_API_KEY»';
  expect(sent).toMatchObject({
    'missing@apiKey+secret-without-apiKey': 'X-App-Secret: «HUECHAT_KEY_SECRET»',
    'missing@apiKey+secret-without-secret': key,
    'never-issued@apiKey+secret-by-secret': `${key}, X-App-Secret: «a key that was never issued»`,
    'empty@apiKey+secret-by-secret': `${key}, X-App-Secret: `,
    'cut-by-one@apiKey+secret-by-secret': `${key}, X-App-Secret: «HUECHAT_KEY_SECRET, cut by one»`,
    'in-other-case@apiKey+secret-by-secret': `${key}, X-App-Secret: «HUECHAT_KEY_SECRET, in the other case»`,
  });
  for (const form of ['extended-by-one', 'changed-in-front', 'changed-in-the-middle', 'changed-at-the-end'])
    expect(sent[`${form}@bearer+secret-by-secret`], form).toMatch(
      /^Authorization: Bearer «HUECHAT_API_KEY», X-App-Secret: «HUECHAT_KEY_SECRET, .+»$/,
    );
});

test('an id may be written in the other case, and one of a few characters is not altered', async () => {
  const by = '@token+clientId-by-clientId';
  expect((await planned(twitch, 'GET /users'))[`in-other-case${by}`]).toBe(
    'the credential names somebody, and names may be compared without regard to case',
  );
  const short = await planned(twitch, 'GET /users', { TWITCH_KEY_CLIENT_ID: '1234567' });
  expect(short[`cut-by-one${by}`]).toBe("the credential is so short that an altered one may be somebody's");
  expect(short[`empty${by}`]).toContain('Client-Id: ');
});
