import { readFileSync } from 'node:fs';
import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { schemaErrorSentences } from './schema-errors.ts';

/** JSON Schema 2020-12 with the usual formats, every problem reported and nothing printed. */
export function newAjv(options: Options): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, logger: false, ...options });
  formats.default(ajv);
  return ajv;
}

const EXTENSION = new URL('../../schemas/authentication-extension.schema.json', import.meta.url);
let extension: Ajv2020 | undefined;

/** What is wrong with the value of an extension member of the document, in sentences that begin with its name. */
export function extensionProblems(name: 'x-authentication' | 'x-scope', value: unknown): readonly string[] {
  if (!extension) {
    extension = newAjv({ strict: true });
    extension.addSchema(JSON.parse(readFileSync(EXTENSION, 'utf8')) as object, 'extension');
  }
  const validate = extension.getSchema(name === 'x-scope' ? 'extension#/$defs/scopePromise' : 'extension');
  if (!validate) throw new Error(`${EXTENSION.pathname} describes no ${name}`);
  return validate(value) ? [] : schemaErrorSentences(validate.errors, '').map((sentence) => name + sentence);
}
