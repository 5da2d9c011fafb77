import { readApi } from '../../mock/document/api.ts';
import { DocumentValidator } from '../../mock/document/schema-validator.ts';
import { Bodies } from '../../mock/server/response-bodies.ts';
import { expect, test } from '../support/unit-test.ts';

/** The body with which the mock refuses a request without a key, by a schema of two parts. */
function refusalBy(second: Readonly<Record<string, unknown>>): unknown {
  const General = {
    type: 'object',
    required: ['name', 'message'],
    properties: {
      name: { type: 'string', enum: ['AUTHENTICATION_FAILURE'] },
      message: { type: 'string', enum: ['No'] },
    },
  };
  const schema = { allOf: [{ $ref: '#/components/schemas/General' }, { type: 'object', properties: second }] };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    security: [{ key: [] }],
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } },
      schemas: { General },
    },
    paths: {
      '/things': {
        get: {
          responses: {
            '200': { description: 'Yes' },
            '401': { description: 'No', content: { 'application/json': { schema } } },
          },
        },
      },
    },
  };
  const api = readApi(document, 'things');
  return new Bodies(api, new DocumentValidator(api.document)).of({ reason: 'missingKey' }, api.operations[0]);
}

test('the mock refuses by the first part of a schema whose parts exclude each other', () => {
  const first = { name: 'AUTHENTICATION_FAILURE', message: 'No' };
  expect(refusalBy({ message: { enum: ['Never'] } })).toEqual(first);
  expect(refusalBy({ message: { const: 'Never' } })).toEqual(first);
});

test('the mock refuses by the whole schema where its parts go together', () => {
  expect(refusalBy({ code: { const: 401 }, message: { enum: ['Never', 'No'] } })).toMatchObject({
    name: 'AUTHENTICATION_FAILURE',
  });
});
