import { expect, test } from '../support/unit-test.ts';
import { Ajv } from 'ajv';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Variables } from '../../src/config/variables.ts';
import type { Contract } from '../../src/model/contract.ts';
import { nodeAt } from '../../src/openapi/json-pointer.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { reasonNotSupported } from '../../src/openapi/security.ts';
import { planOperation, type Probe } from '../../src/requests/plan-operation.ts';
import { summarise } from '../../src/run/plan-run.ts';
import { reveal, Secret, type Text } from '../../src/secret.ts';
import { cases } from '../../tests/catalogue/index.ts';
import { huechat, mockOf } from '../support/contracts.ts';

async function plan(
  variables: Variables = {},
  change: (contract: Contract) => Contract = (same) => same,
): Promise<Probe[]> {
  const contract = change(await huechat());
  const target = readTarget(contract, { ...dryRunSettings(mockOf(contract)), ...variables });
  const validators = new SchemaValidators(contract);
  return contract.operations.flatMap((operation) => planOperation(contract, target, operation, cases, validators));
}

const textOf = (parts: readonly unknown[] | undefined): string => (parts ?? []).map(String).join('');

test('a form with the key is refused by an app that reads forms by the JSON schema and adapts what it reads', async () => {
  const { document } = await huechat();
  const forms = (await plan()).filter(({ case: { id } }) => id === 'key-in-form-body');
  expect(forms.filter(({ request }) => request).length).toBeGreaterThan(2);
  for (const { operation, request } of forms) {
    const fields = Object.fromEntries(new URLSearchParams(textOf(request?.body)));
    const schema = nodeAt(document, operation.body?.schema ?? '#')?.value as object;
    for (const options of [{}, { coerceTypes: true }, { removeAdditional: 'all' }] as const) {
      const ajv = new Ajv({ strict: false, ...options, validateFormats: false });
      expect(ajv.validate(schema, { ...fields }), `${operation.id} ${JSON.stringify(options)}`).toBe(false);
    }
  }
});

test('a form that no schema refuses is not sent, with the reason, unless writing is allowed', async () => {
  const anything = (contract: Contract): Contract => ({
    ...contract,
    operations: contract.operations
      .filter(({ id }) => id === 'POST /webhooks')
      .map((operation) => ({
        ...operation,
        pointer: '#/none',
        body: { mediaType: 'application/json', required: true, schema: '#/components/schemas/Loose' },
      })),
    document: {
      ...contract.document,
      components: { schemas: { Loose: { type: 'object', properties: { note: { type: 'string' } } } } },
    },
  });
  const form = (probes: Probe[]): Probe | undefined => probes.find(({ case: { id } }) => id === 'key-in-form-body');
  expect(form(await plan({}, anything))?.notSent?.message).toBe(
    'nothing proves that POST /webhooks refuses a body of the type application/x-www-form-urlencoded, so it is sent only where HUECHAT_SANDBOX_WRITES=allow',
  );
  expect(form(await plan({ HUECHAT_SANDBOX_WRITES: 'allow' }, anything))?.request).toMatchObject({ inert: false });
});

test('every request on an unsafe method carries a proof where writing is not allowed', async () => {
  const unsafe = (await plan()).filter(
    ({ request }) => request && !['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'].includes(request.method),
  );
  expect(unsafe.length).toBeGreaterThan(100);
  expect(unsafe.filter(({ request }) => !request?.inert || !request.proof).map(({ id }) => id)).toEqual([]);
});

test('requests that no control shows to be harmless are counted', async () => {
  const sandbox = await plan();
  const { unprovenHarmless, requests } = await summarise([sandbox]);
  expect(unprovenHarmless).toBeGreaterThan(0);
  expect(unprovenHarmless).toBeLessThan(requests / 10);
});

test('a key in the query goes by the names of other APIs and by those of the documented headers', async () => {
  const [probe] = (await plan()).filter(({ case: { id } }) => id === 'key-in-query');
  const names = textOf(probe?.request?.target)
    .split(/[?&]/)
    .slice(1)
    .map((pair) => pair.split('=')[0]);
  for (const name of ['api_key', 'apikey', 'apiKey', 'X-API-Key', 'accessToken']) expect(names).toContain(name);
  expect(new Set(names).size).toBe(names.length);
});

test('a request with the key in the query or in a form is well-formed, whatever the key and the names of headers are', async () => {
  const KEY = 'sk_test_a+b/c=&d%e#f0123456789abcdef';
  const misnamed = (contract: Contract): Contract => ({
    ...contract,
    schemes: {
      ...contract.schemes,
      misnamed: { name: 'misnamed', type: 'apiKey', in: 'header', parameter: 'Authorization: Bearer' },
    },
  });
  const probes = await plan({ HUECHAT_API_KEY: KEY }, misnamed);
  const sent = (id: string): Probe['request'] =>
    probes.find((probe) => probe.case.id === id && probe.request !== undefined)?.request;
  const open = (parts: Text = []): string =>
    parts.map((part) => (part instanceof Secret ? reveal(part) : part)).join('');
  const target = open(sent('key-in-query')?.target);
  expect(target).toMatch(/^[\x21-\x7e]+$/);
  for (const pairs of [target.replace(/^[^?]*\?/, ''), open(sent('key-in-form-body')?.body)])
    for (const name of ['api_key', 'token', 'X-API-Key']) expect(new URLSearchParams(pairs).get(name), name).toBe(KEY);
  expect(textOf(sent('key-in-cookie')?.headers.flat(2))).not.toContain('Authorization: Bearer');
});

test('what an API does not have is not applicable, with who says so', async () => {
  const settings = dryRunSettings(mockOf(await huechat()));
  const without = Object.fromEntries(
    Object.keys(settings)
      .filter((name) => /IP_LOCKED|SCOPED_KEYS|OTHER_ENVIRONMENT/.test(name))
      .map((name) => [name, undefined]),
  );
  const said = await plan({ ...without, HUECHAT_WITHOUT: 'address-locks,other-environment,scoped-keys' });
  const reasons = (probes: Probe[]): string[] =>
    probes.flatMap(({ notSent }) => (notSent && !notSent.isNotApplicable ? [notSent.message] : []));
  expect(reasons(said)).toEqual([]);
  expect(reasons(await plan(without)).length).toBeGreaterThan(50);
  const messages = said.flatMap(({ notSent }) => notSent?.message ?? []);
  expect(messages).toContain('the API has no keys that are locked to addresses, as HUECHAT_WITHOUT says');
});

for (const [parameter, repair] of [
  [
    'Authorization: Bearer',
    'describe it with type http and scheme bearer, in Swagger 2.0 as a key in the header Authorization',
  ],
  ['authorization basic', 'describe it with type http and scheme basic, in Swagger 2.0 with type basic'],
  ['X-Key: ', 'give the name alone, X-Key'],
  ['', 'give the name alone'],
] as const) {
  test(`a key in the header "${parameter}" cannot be presented, and the repair is said`, () => {
    expect(reasonNotSupported({ name: 'key', type: 'apiKey', in: 'header', parameter })).toBe(
      `key is a key in the header "${parameter}", which is no field name: ${repair}`,
    );
  });
}
