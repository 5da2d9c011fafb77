import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Cell } from '../../src/model/cell.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';
import { judgeMock } from '../support/harness.ts';
import { type Document, hostileDocuments, small } from '../support/strange-documents.ts';

const NO = { description: 'No' };
const problem = { type: 'object', properties: { title: { type: 'string' } } };

/** What makers publish, in its smallest form. */
const makers: Readonly<Record<string, Document>> = {
  'a key and a password in one header': small({
    schemes: {
      key: { type: 'apiKey', in: 'header', name: 'Authorization' },
      other: { type: 'apiKey', in: 'header', name: 'authorization' },
      user: { type: 'http', scheme: 'basic' },
    },
    paths: {
      '/a': { get: { security: [{ user: [] }, { key: [] }], responses: { '200': NO, '401': NO } } },
      '/b': { get: { security: [{ key: [] }], responses: { '200': NO, '401': NO } } },
      '/c': { get: { security: [{ other: [] }, { user: [] }], responses: { '200': NO, '401': NO } } },
    },
  }),
  'a refusal in plain text wherever it is described': small({
    paths: Object.fromEntries(
      ['/a', '/b'].map((path) => [
        path,
        {
          get: {
            responses: { '200': NO, '401': { ...NO, content: { 'text/plain': { schema: { type: 'string' } } } } },
          },
        },
      ]),
    ),
  }),
  'refusals that are lists and texts': small({
    paths: Object.fromEntries(
      ['array', 'string'].map((type) => {
        const schema = {
          type,
          items: { type: 'object', required: ['code'], properties: { code: { type: 'string' } } },
        };
        const refusal = { ...NO, content: { 'application/json': { schema } } };
        return [`/${type}`, { get: { responses: { '200': NO, '401': refusal } } }];
      }),
    ),
  }),
  'refusals in another type of JSON, and one that is not described': small({
    paths: {
      ...Object.fromEntries(
        ['/a', '/b'].map((path) => [
          path,
          {
            get: {
              responses: {
                '200': NO,
                '401': {
                  ...NO,
                  content: {
                    'text/plain': { schema: { type: 'string' } },
                    'application/problem+json': { schema: problem },
                  },
                },
              },
            },
          },
        ]),
      ),
      '/c': { get: { responses: { '200': NO } } },
    },
  }),
};

const documents: Readonly<Record<string, Document | string>> = { ...hostileDocuments('../canary.json', 9), ...makers };

/** Every cell of a run against the mock of a document. */
async function cellsOf(folder: string, name: string): Promise<readonly Cell[]> {
  mkdirSync(join(folder, 'acme'), { recursive: true });
  writeFileSync(join(folder, 'acme', 'openapi.json'), JSON.stringify(documents[name]));
  return (await judgeMock({ contract: await loadContract(join(folder, 'acme')) })).cells;
}

for (const name of [
  'pattern-without-end',
  'unseen-names',
  'unseen-paths',
  'schema-that-fans-out',
  'names-of-every-object',
  ...Object.keys(makers),
])
  test(`the mock of a document with ${name} is sound`, async ({}, info) => {
    const cells = await cellsOf(info.outputPath(), name);
    expect(cells.filter(({ outcome }) => ['violates', 'deviates', 'error'].includes(outcome))).toEqual([]);
  });
