import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { readDocument as readByMock } from '../../mock/document/read-file.ts';
import { contractCommand } from '../../src/authoring/contract-command.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import { planCommand } from '../../src/run/plan-command.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { isPlain } from '../../src/visible-text.ts';
import { cases, rules } from '../../tests/catalogue/index.ts';
import { changed, type Document, hostileDocuments, small } from '../support/strange-documents.ts';
import { contractOfDocument } from '../support/contract-of-document.ts';
import { expect, test } from '../support/unit-test.ts';

const CANARY = 'canary-that-no-document-may-read';

/** A folder with a document of a stranger, and around it what must not be read. */
function lay(folder: string, name: string, document: Document | string): string {
  const own = join(folder, 'theirs');
  mkdirSync(join(own, 'folder.json'), { recursive: true });
  writeFileSync(canaryIn(folder), JSON.stringify({ type: 'string', description: CANARY, const: CANARY }));
  symlinkSync('../canary.json', join(own, 'link.json'));
  writeFileSync(join(own, '.hidden.json'), JSON.stringify({ description: CANARY }));
  writeFileSync(join(own, 'canary.txt'), CANARY);
  writeFileSync(join(own, 'broken.yaml'), `a: "${CANARY}\n ${CANARY}: [*${CANARY}\n`);
  const file = join(own, name.includes('.') ? name : `${name}.json`);
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
}

function canaryIn(folder: string): string {
  return join(folder, 'canary.json');
}

/** Everything that the commands say and write about a document, in a folder that was made for it. */
async function said(
  folder: string,
  file: string,
): Promise<{ readonly codes: readonly number[]; readonly texts: string[] }> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const check = await contractCommand(['check', file, '--sarif', 'gaps.sarif'].slice(0, 2), 'gaps.sarif', '1.0.0');
    const made = await contractCommand(['new', 'acme', file], undefined, '1.0.0');
    const found = [check, made];
    if (made.code === 0) {
      const environment = readRunEnvironment('specs/acme', { variables: {}, problems: [] });
      const mock = ({ document, id }: { document: object; id: string }) => dryRunSettings({ document, name: id });
      found.push(await planCommand(environment, { cases, rules }, mock));
      await readByMock('specs/acme');
    }
    return { codes: found.map(({ code }) => code), texts: found.flatMap(({ out, err }) => [out, err]) };
  } finally {
    process.chdir(before);
  }
}

/** What must hold of every document, whatever is in it. */
function expectHarmless(folder: string, { codes, texts }: Awaited<ReturnType<typeof said>>): void {
  const lines = texts.join('').split('\n');
  const written = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const wrong = [
    ...codes.filter((code) => ![0, 1, 2].includes(code)),
    ...lines.filter((line) => !isPlain(line) || line.includes(CANARY)),
    ...lines.filter((line) => /^\s*(?:::|##)|##vso\[|^\s+at .+:\d+:\d+/.test(line)),
    ...written.filter(
      (path) => !/^(?:theirs\/|canary\.json$|gaps\.sarif$|specs\/acme\/|node_modules\/\.cache\/)/.test(path),
    ),
    ...written.filter(
      (path) => !/^(?:theirs|canary)/.test(path) && readFileSync(join(folder, path), 'utf8').includes(CANARY),
    ),
  ];
  expect(wrong).toEqual([]);
  const example = join(folder, 'specs/acme/.env.example');
  if (!existsSync(example)) return;
  const settings = readFileSync(example, 'utf8').split('\n');
  expect(settings.filter((line) => line !== '' && !line.startsWith('#'))).toEqual(['CONTRACT=specs/acme']);
  expect(parse(settings.join('\n'))).toEqual({ CONTRACT: 'specs/acme' });
}

/** The ones that are refused; every other is read, and what is wrong with it is a gap. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'reference-to-file':
    /:1:\d+ \(#\/paths\/\S+\): \$ref .*canary\.json leads to a file that lies outside of the folder of the document;/,
  'reference-to-file-address': /\$ref file:.* is an address and not a file;/,
  'reference-to-link': /\$ref link\.json leads to a file that lies outside of the folder/,
  'reference-to-hidden': /\$ref \.hidden\.json leads to a file that is hidden, or in a hidden folder;/,
  'reference-to-other-sort': /\$ref canary\.txt leads to a file that is not named \.yaml, \.yml or \.json;/,
  'reference-to-broken': /theirs\/broken\.yaml:\d: this is not YAML or JSON; correct this line\.$/,
  'reference-to-pipe': /the file theirs\/pipe\.json cannot be read;/,
  'reference-to-folder': /the file theirs\/folder\.json (?:is no regular file|cannot be read);/,
  'reference-to-process': /\$ref \/proc\/self\/environ leads to a file that lies outside|cannot be read/,
  'reference-to-address': /\$ref http:\/\/127\.0\.0\.1:9\/s\.json is an address and not a file;/,
  'deep.json': /deep\.json: this is nested deeper than 200 levels;/,
  'deep.yaml': /deep\.yaml: this is nested deeper than 200 levels;/,
  'aliases.yaml': /aliases\.yaml: this is more than 2 million values once its aliases are written out;/,
  'alias-of-itself.yaml': /alias-of-itself\.yaml: .*alias/,
  'code.yaml': /code\.yaml: this is OpenAPI "process/,
  'not-even-text.yaml': /not-even-text\.yaml/,
};

test.describe('a document that', () => {
  for (const [name, document] of Object.entries(hostileDocuments('../canary.json', 9)))
    test(`${name} does nothing but be read or refused`, async ({}, info) => {
      const folder = info.outputPath('project');
      const found = await said(folder, lay(folder, name, document));
      expectHarmless(folder, found);
      const [, err = ''] = found.texts;
      if (REFUSED[name]) expect([found.codes[0], err.trim()]).toEqual([2, expect.stringMatching(REFUSED[name])]);
      else expect([found.codes, err]).toEqual([[found.codes[0] === 0 ? 0 : 1, 0, 0], '']);
    });
});

test('changes of good documents are read or refused, and nothing else', async ({}, info) => {
  const hostile = hostileDocuments('../canary.json', 9);
  const names = ['title-as-setting', 'unseen-names', 'unseen-paths', 'reference-to-itself', 'pattern-in-parameter'];
  const documents = [small(), ...names.flatMap((name) => (typeof hostile[name] === 'object' ? [hostile[name]] : []))];
  const codes = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const folder = info.outputPath(String(seed));
    const document = changed(documents[seed % documents.length] ?? small(), seed);
    const found = await said(folder, lay(folder, 'changed', document)).catch((error: unknown) => {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    });
    expectHarmless(folder, found);
    codes.add(found.codes.join(' '));
  }
  expect([...codes].toSorted()).toEqual(expect.arrayContaining(['1 0 0', '2 2']));
});

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
