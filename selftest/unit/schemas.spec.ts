import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/unit-test.ts';
import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js';
import { newAjv } from '../../src/openapi/json-schema.ts';

const ROOT = fileURLToPath(new URL('../../schemas/', import.meta.url));
/** Those that a contract refers to stand beside it. */
const OF_CONTRACT = fileURLToPath(new URL('../../specs/huechat/schemas/', import.meta.url));
const SUFFIX = '.schema.json';
const names = [ROOT, OF_CONTRACT]
  .flatMap((folder) => readdirSync(folder))
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));

/** Names for a value that is wrong as a whole; any other example of `invalid/` is named after the member that is wrong. */
const WRONG_AS_A_WHOLE = ['a-list', 'a-string', 'null', 'wrapped-in-a-list'];

/** All schemas. Each is compiled when it is first asked for, once for a worker. */
const ajv: Ajv2020 = newAjv({ strict: true });
for (const name of names) ajv.addSchema(json(`${name}${SUFFIX}`) as object, `${name}${SUFFIX}`);

function json(path: string): unknown {
  const folder = existsSync(ROOT + path) ? ROOT : OF_CONTRACT;
  return JSON.parse(readFileSync(folder + path, 'utf8'));
}

function examples(name: string, kind: 'valid' | 'invalid'): string[] {
  const folder = `examples/${name}/${kind}`;
  return existsSync(ROOT + folder) ? readdirSync(ROOT + folder).map((file) => `${folder}/${file}`) : [];
}

function errorsOf(name: string, path: string): readonly ErrorObject[] {
  ajv.validate(`${name}${SUFFIX}`, json(path));
  return ajv.errors ?? [];
}

/** The member that an error is about: the one that is missing or too much, else the one at its path. */
function memberOf({ instancePath, params }: ErrorObject): string {
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
  return [...instancePath.split('/'), missingProperty ?? additionalProperty ?? ''].filter(Boolean).join('/');
}

test('there are schemas, and examples of nothing else', () => {
  expect(names).toContain('envelope');
  expect(readdirSync(`${ROOT}examples`).toSorted()).toEqual(names.toSorted());
});

for (const name of names) {
  test.describe(name, () => {
    test('the schema compiles in strict mode', () => {
      expect(ajv.getSchema(`${name}${SUFFIX}`)).toBeDefined();
    });

    test('the schema has a title, a description and no $id', () => {
      const schema = json(`${name}${SUFFIX}`);
      expect(schema).toMatchObject({ title: expect.any(String), description: expect.any(String) });
      expect(schema).not.toHaveProperty('$id');
    });

    test('there are several examples of either kind', () => {
      expect(examples(name, 'valid').length).toBeGreaterThan(2);
      expect(examples(name, 'invalid').length).toBeGreaterThan(2);
    });

    for (const path of examples(name, 'valid')) {
      test(`${basename(path, '.json')} is accepted`, () => {
        expect(errorsOf(name, path)).toEqual([]);
      });
    }

    for (const path of examples(name, 'invalid')) {
      test(`${basename(path, '.json')} is refused, for one reason`, () => {
        const members = [...new Set(errorsOf(name, path).map(memberOf))];
        expect(members).toHaveLength(1);
      });
    }
  });
}

for (const name of names.filter((each) => each !== 'authentication-extension')) {
  for (const path of examples(name, 'invalid')) {
    test(`the reason that ${name} refuses ${basename(path, '.json')} is in its name`, () => {
      const [member = ''] = errorsOf(name, path).map(memberOf);
      const words = member.split('/').map((word) => word.replaceAll('_', '-'));
      const named = member === '' ? WRONG_AS_A_WHOLE : words;
      expect(named.some((word) => basename(path).startsWith(word))).toBe(true);
    });
  }
}
