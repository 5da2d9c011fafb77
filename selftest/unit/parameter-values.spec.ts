import { environmentExample } from '../../src/authoring/environment-example.ts';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Contract } from '../../src/model/contract.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { planOperation } from '../../src/requests/plan-operation.ts';
import { missingValuesText } from '../../src/reporting/security-text.ts';
import { parameterValueQuestions } from '../../src/guided/questions.ts';
import { cases } from '../../tests/catalogue/index.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';
import { expect, test } from '../support/unit-test.ts';

/** Required headers, query parameters and cookies that are no credential, and have no example. */

const required = (name: string, where: string, more: object = {}) => ({
  ...{ name, in: where, required: true, schema: { type: 'string' } },
  ...more,
});

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Tenants', version: '1' },
  servers: [{ url: 'https://api.example.com/v1' }],
  components: {
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      unused: { type: 'apiKey', in: 'query', name: 'sig' },
    },
  },
  security: [{ key: [] }],
  paths: {
    '/things': {
      parameters: [required('X-Tenant', 'header'), required('region', 'query'), required('shop', 'cookie')],
      get: {
        parameters: [
          required('X-Key', 'header'),
          required('shown', 'query', { example: 'a' }),
          required('listed', 'query', { schema: { enum: ['b', 'c'] } }),
          { name: 'X-Optional', in: 'header', schema: { type: 'string' } },
        ],
        responses: { '200': { description: 'Things' } },
      },
      post: { responses: { '200': { description: 'Done' } } },
    },
  },
};

const KEY = 'k0-AbCdEfGhIjKlMnOp';

const read = (contract: Contract, values?: string) =>
  readTarget(contract, {
    THINGS_BASE_URL: 'https://127.0.0.1:1/v1',
    THINGS_ENVIRONMENT: 'sandbox',
    THINGS_API_KEY: KEY,
    ...(values !== undefined && { THINGS_PARAMETER_VALUES: values }),
  });

async function contract(): Promise<Contract> {
  return { ...(await contractOfDocument(test.info().outputPath('openapi.json'), DOCUMENT)), id: 'things' };
}

/** The usual request with the full-access key, in text. */
function usual(of: Contract, values?: string) {
  const [operation] = of.operations;
  if (!operation) throw new Error('the document has no operation');
  const probes = planOperation(of, read(of, values), operation, cases, new SchemaValidators(of));
  const request = probes.find(({ id }) => id === 'valid-key')?.request;
  return {
    target: request?.target.join(''),
    headers: Object.fromEntries((request?.headers ?? []).map(([name, value]) => [name, value.join('')])),
  };
}

test('a value of the setting is sent where its parameter is required, and wins over what is made up', async () => {
  const of = await contract();
  expect(usual(of)).toMatchObject({
    target: '/v1/things?region=sample&shown=a&listed=b',
    headers: { 'X-Tenant': 'sample', Cookie: 'shop=sample' },
  });
  const given = usual(of, 'x-tenant = acme=1; region=eu west;shop=7;shown=z');
  expect(given.target).toBe('/v1/things?region=eu+west&shown=z&listed=b');
  expect(given.headers).toMatchObject({ 'X-Tenant': 'acme=1', Cookie: 'shop=7', 'X-Key': '«THINGS_API_KEY»' });
  expect(given.headers).not.toHaveProperty('X-Optional');
});

const PLACE =
  'names a place that holds a credential, but reports show these values: remove the entry and give the credential in THINGS_API_KEY or in the variable of its scheme.';
const VALUE =
  'has a credential as its value, but reports show these values: remove the entry and give the credential in THINGS_API_KEY or in the variable of its scheme.';

const refused: readonly (readonly [values: string, why: string])[] = [
  ['X-Tenant', 'is not of the form name=value: write several joined by ;, such as X-Tenant=acme;region=eu.'],
  [
    'X-Other=1',
    'names a header, query parameter or cookie that the contract does not have: use X-Tenant, region, shop, shown, listed.',
  ],
  ['x-key=1', PLACE],
  ['sig=1', PLACE],
  ['Authorization=1', PLACE],
  ['X-Api-Token=1', PLACE],
  [`X-Tenant=${KEY}`, VALUE],
  [`X-Tenant=a ${KEY} b`, VALUE],
  ['X-Tenant=Bearer abc', VALUE],
  ['X-Tenant=ünï', 'has a value that no header can hold: write printable ASCII.'],
];

for (const [values, why] of refused)
  test(`${values.replace(KEY, 'the key')} is refused, and no value is shown`, async () => {
    const of = await contract();
    const reading = (): unknown => read(of, `region=eu;${values}`);
    expect(reading).toThrow(ConfigurationError);
    expect(reading).toThrow(`THINGS_PARAMETER_VALUES, entry 2, ${why}`);
    expect(reading).not.toThrow(KEY);
  });

test('the plan, a new contract, its example of settings and the guided way name what is missing', async () => {
  const of = await contract();
  expect(missingValuesText(of, read(of))).toBe(
    'required parameters without an example (number of operations): the run makes up a value unless THINGS_PARAMETER_VALUES gives one (X-Tenant=…;region=…;shop=…)\n       2  header X-Tenant\n       2  query region\n       2  cookie shop\n',
  );
  expect(missingValuesText(of, read(of, 'X-Tenant=a;region=b;shop=c'))).toBe('');
  expect(environmentExample(of, 'specs/things').replaceAll('\n# ', ' ')).toContain(
    'Without an example in the document: X-Tenant=…;region=…;shop=…. Reports show them. THINGS_PARAMETER_VALUES=',
  );
  const [tenant] = parameterValueQuestions(of);
  expect(tenant).toMatchObject({ id: 'X-Tenant', text: 'Value of the header X-Tenant, which GET /things requires' });
  expect([tenant?.check?.('a b'), tenant?.check?.('a;b')]).toEqual([
    undefined,
    'A value here is printable ASCII without a semicolon.',
  ]);
});
