import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';
import { type Document, hostileDocuments } from '../support/strange-documents.ts';
import { expect, test } from '../support/unit-test.ts';

test('a value that a schema takes too long for is told with the schema and its pattern, and soon given up', async ({}, info) => {
  const { 'pattern-without-end': document = {} } = hostileDocuments('../canary.json', 9);
  const contract = await contractOfDocument(info.outputPath('openapi.json'), document as Document);
  const validators = new SchemaValidators(contract);
  const pointer = contract.operations[0]?.responses['401']?.schema ?? '';
  const long = { message: 'a'.repeat(60) };
  const sentence =
    /the schema at #\/paths\/~1things\/get\/.*\/schema takes longer than 1000 ms for a value, with the pattern "/;
  expect(validators.errors(pointer, { message: 'aaBa' })).toEqual([]);
  expect(() => validators.errors(pointer, long)).toThrow(sentence);
  expect(() => validators.errors(pointer, long)).toThrow(sentence);
  // Whatever comes now is no longer tried, the value that was fast included.
  expect(() => validators.errors(pointer, { message: 'aaBa' })).toThrow(sentence);
});
