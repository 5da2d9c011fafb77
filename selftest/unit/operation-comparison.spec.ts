import { type Fingerprints, fingerprintName, judgeTogether } from '../../src/judging/operation-comparison.ts';
import { securityAlternativesOf } from '../../src/requests/security-alternative.ts';
import { crossOperationRules } from '../../tests/catalogue/index.ts';
import { huechat } from '../support/harness.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';
import { small } from '../support/strange-documents.ts';
import { expect, test } from '../support/unit-test.ts';

/** What each operation says to a case, by the operation, as the status of its refusal. */
async function judged(caseId: string, statuses: Readonly<Record<string, number>>): Promise<Record<string, string>> {
  const contract = await huechat();
  const rules = crossOperationRules.filter(({ id }) => id === 'uniform-errors');
  const prints = new Map<string, Fingerprints>(
    contract.operations
      .filter(({ id }) => id in statuses)
      .map((operation) => {
        const alternative = securityAlternativesOf(contract, operation)[0]?.id;
        const name = fingerprintName({ compare: 'shape' }, caseId, alternative);
        return [operation.id, { [name]: `status ${statuses[operation.id]}; application/json; headers ; body {}` }];
      }),
  );
  return Object.fromEntries(
    judgeTogether(rules, prints, contract).map(({ operation, outcome }) => [operation, outcome]),
  );
}

const three = (first: number, others: number): Record<string, number> => ({
  'GET /contacts': first,
  'POST /contact': others,
  'GET /conversations': others,
});

test('the operation that keeps the contract is not the odd one, however many others break it', async () => {
  expect(await judged('never-issued-key', three(401, 403))).toEqual({
    'GET /contacts': 'conforms',
    'POST /contact': 'conforms',
    'GET /conversations': 'conforms',
  });
});

test('the operation that breaks it is, and so is one that differs where the contract promises neither', async () => {
  expect(await judged('never-issued-key', three(403, 401))).toMatchObject({ 'GET /contacts': 'deviates' });
  expect(await judged('locked-key', three(401, 403))).toMatchObject({ 'GET /contacts': 'deviates' });
});

test('an operation that the contract describes otherwise is right as it is', async ({}, info) => {
  const refusal = (type: string, member: string): object => ({
    default: { description: 'No', content: { [type]: { schema: { properties: { [member]: { type: 'string' } } } } } },
  });
  const get = (type: string, member: string): object => ({ get: { responses: refusal(type, member) } });
  const paths = {
    ...{ '/a': get('application/json', 'error'), '/b': get('application/json', 'error') },
    ...{ '/c': get('application/json', 'error'), '/d': get('application/json', 'code') },
    ...{ '/e': get('text/plain', 'error'), '/f': { get: { responses: {} } } },
  };
  const contract = await contractOfDocument(info.outputPath('openapi.json'), small({ paths }));
  const name = fingerprintName({ compare: 'shape' }, 'no-key', 'key');
  const odd = ['GET /c', 'GET /d', 'GET /e', 'GET /f'];
  const prints = contract.operations.map(({ id }): readonly [string, Fingerprints] => [
    id,
    { [name]: `status 401; application/json; headers ; body ${odd.includes(id) ? id : '{}'}` },
  ]);
  // What most operations do has to be there.
  const usual = ['1', '2', '3', '4'].map((id): readonly [string, Fingerprints] => [id, prints[0]?.[1] ?? {}]);
  const rules = crossOperationRules.filter(({ id }) => id === 'uniform-errors');
  const cells = judgeTogether(rules, new Map([...prints, ...usual]), contract);
  expect(cells.flatMap(({ operation, outcome }) => (outcome === 'deviates' ? [operation] : []))).toEqual([
    'GET /c',
    'GET /f',
  ]);
});
