import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { ContractError } from '../../src/openapi/contract-error.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';

interface Fault {
  readonly title: string;
  /** What the folder holds, by path from it. */
  readonly files: Readonly<Record<string, string>>;
  /** The whole message, FOLDER standing for the path of the folder. */
  readonly message: string;
}

/** A valid document of four lines to begin with, and one operation to end with. */
const HEAD = `openapi: 3.1.0
info: { title: Things, version: '1' }
servers: [{ url: https://api.example.com }]
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }
`;
const PATHS = `paths:
  /things:
    get:
      security: [{ key: ['things:read'] }]
      responses: { '200': { description: Things } }
`;

function extended(extension: string): Fault['files'] {
  return { 'openapi.yaml': `${HEAD}${PATHS}x-authentication:\n${extension}` };
}

const EXTENSION_REMEDY = 'schemas/authentication-extension.schema.json says what can stand here.';

const faults: readonly Fault[] = [
  {
    title: 'no document',
    files: { 'swagger.yaml': HEAD + PATHS },
    message:
      'FOLDER: none of openapi.yaml, openapi.yml, openapi.json is in this folder; put the OpenAPI document of the API there, or name another folder.',
  },
  {
    title: 'a fault of syntax',
    files: { 'openapi.yaml': `${HEAD}paths:\n  /things: {\n` },
    message:
      'FOLDER/openapi.yaml:7: this is not YAML or JSON, Flow map in block collection must be sufficiently indented and end with a }; correct this line.',
  },
  {
    title: 'a member that is there twice',
    files: { 'openapi.yaml': `${HEAD}${PATHS}paths: {}\n` },
    message: 'FOLDER/openapi.yaml:10: this is not YAML or JSON, Map keys must be unique; correct this line.',
  },
  {
    title: 'an alias without an anchor',
    files: { 'openapi.yaml': `${HEAD}paths: *paths\n` },
    message:
      'FOLDER/openapi.yaml: its aliases cannot be resolved, Unresolved alias (the anchor must be set before the alias): paths; write the repeated parts out.',
  },
  {
    title: 'a file that is something else',
    files: { 'openapi.yaml': 'just a text\n' },
    message:
      'FOLDER/openapi.yaml: this is no OpenAPI document; make it OpenAPI 3, which begins with "openapi: 3.1.0", or Swagger 2.0.',
  },
  {
    title: 'an empty file',
    files: { 'openapi.json': '' },
    message:
      'FOLDER/openapi.json: this is no OpenAPI document; make it OpenAPI 3, which begins with "openapi: 3.1.0", or Swagger 2.0.',
  },
  {
    title: 'an older version',
    files: { 'openapi.yml': "swagger: '1.2'\n" },
    message:
      'FOLDER/openapi.yml: this is OpenAPI "1.2"; make it OpenAPI 3, which begins with "openapi: 3.1.0", or Swagger 2.0.',
  },
  {
    title: 'a newer version',
    files: { 'openapi.yaml': HEAD.replace('3.1.0', '4.0.0') + PATHS },
    message:
      'FOLDER/openapi.yaml: this is OpenAPI "4.0.0"; make it OpenAPI 3, which begins with "openapi: 3.1.0", or Swagger 2.0.',
  },
  {
    title: 'a reference to a file that is not there',
    files: { 'openapi.yaml': HEAD + PATHS.replace('{ description: Things }', '{ $ref: things.yaml }') },
    message:
      'FOLDER/openapi.yaml:9, $ref things.yaml: the file FOLDER/things.yaml cannot be read; create it, or correct the path that leads to it.',
  },
  {
    title: 'a reference to a file with a fault of syntax',
    files: {
      'openapi.yaml': HEAD + PATHS.replace('{ description: Things }', '{ $ref: shared/things.yaml }'),
      'shared/things.yaml': 'description: Things\n  more: x\n',
    },
    message: 'FOLDER/shared/things.yaml:1: this is not YAML or JSON; correct this line.',
  },
  {
    title: 'a reference to the network',
    files: {
      'openapi.yaml': HEAD + PATHS.replace('{ description: Things }', '{ $ref: https://example.com/things.yaml }'),
    },
    message:
      'FOLDER/openapi.yaml:9: $ref https://example.com/things.yaml is an address and not a file; put a copy next to the document and refer to that, so that every run reads the same contract.',
  },
  {
    title: 'a wrong x-scope',
    files: {
      'openapi.yaml':
        HEAD + PATHS.replace('      responses', '      x-scope: { mark: guessed, level: MUST }\n      responses'),
    },
    message:
      'FOLDER/openapi.yaml:9: x-scope/mark must be equal to one of the allowed values ["documented","inferred"]; x-scope has the members mark (documented or inferred), level (MUST, SHOULD or SURVEY) and source.',
  },
  {
    title: 'a member that x-authentication does not have',
    files: extended('  keyKind: []\n'),
    message: `FOLDER/openapi.yaml:10: x-authentication must NOT have additional properties (keyKind); ${EXTENSION_REMEDY}`,
  },
  {
    title: 'a kind of key without its prefix',
    files: extended(
      '  scopes: []\n  keyKinds:\n    - { name: live, environment: production, server: https://api.example.com }\n',
    ),
    message: `FOLDER/openapi.yaml:13: x-authentication/keyKinds/0 must have required property 'prefix'; ${EXTENSION_REMEDY}`,
  },
  {
    title: 'two faults in x-authentication',
    files: extended('  scopes: nothing\n  volatileMembers: nothing\n'),
    message: `FOLDER/openapi.yaml:11: x-authentication/scopes must be array (and 1 more); ${EXTENSION_REMEDY}`,
  },
  {
    title: 'a choice that cannot be made',
    files: extended('  answers:\n    otherEnvironment: { status: [404] }\n'),
    message: `FOLDER/openapi.yaml:12: x-authentication/answers/otherEnvironment/status/0 must be equal to one of the allowed values [401,403]; ${EXTENSION_REMEDY}`,
  },
  {
    title: 'a kind of key for a server that is not there',
    files: extended(
      '  keyKinds:\n    - { name: live, prefix: live_, environment: production, server: https://api.example.org }\n',
    ),
    message:
      "FOLDER/openapi.yaml:12: the key kind live belongs to https://api.example.org, which is none of the document's servers; add it to servers, or name one of https://api.example.com.",
  },
  {
    title: 'an equivalent scheme that is not described',
    files: extended('  equivalentSchemes: [key, token]\n'),
    message:
      'FOLDER/openapi.yaml:11: equivalentSchemes names token, which components.securitySchemes does not have; name one of key.',
  },
  {
    title: 'a word before a key that is in no header, or nowhere',
    files: extended('  schemes: { token: { word: Token } }\n'),
    message:
      'FOLDER/openapi.yaml:11: x-authentication/schemes names token, which is no scheme of components.securitySchemes with type apiKey and in header; name such a scheme, or take it away.',
  },
  {
    title: 'a scope that is not in the list',
    files: extended('  scopes: [things:write]\n'),
    message:
      'FOLDER/openapi.yaml:8: GET /things asks for the scope things:read, which the list x-authentication/scopes does not have; add the scope to that list, or correct its name here.',
  },
  {
    title: 'a promise that is there twice',
    files: extended(`  documentation: https://example.com/docs
  promises:
    - { id: key-required, text: A key is required., mark: documented, page: keys }
    - { id: no-expiry, text: Keys do not expire., mark: documented, page: keys }
    - { id: key-required, text: A key is needed., mark: documented, page: keys }
`),
    message:
      'FOLDER/openapi.yaml:15: the promise key-required is used twice, first in line 13; give each promise an id of its own.',
  },
];

for (const { title, files, message } of faults) {
  test(`${title} is told in one sentence`, async () => {
    const folder = test.info().outputPath('api');
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const error = await loadContract(folder).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ContractError);
    expect(shortened((error as ContractError).message)).toBe(message);
  });
}

test('the document that the faults are put into has none', async () => {
  const folder = test.info().outputPath('api');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'openapi.yaml'), HEAD + PATHS);
  expect(await loadContract(folder)).toMatchObject({ id: 'api', title: 'Things', operations: [{ line: 7 }] });
});

/** However deep the folder is and from wherever it is named. */
function shortened(message: string): string {
  return message.replaceAll(/[^\s:]*\/api(?=[/:])/g, 'FOLDER');
}
