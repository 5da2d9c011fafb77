import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Corpus } from '../support/corpus/corpus.ts';
import type { Done } from '../support/corpus/steps.ts';
import { changed, type Document, hostileDocuments, small } from '../support/strange-documents.ts';

/*
 * What a stranger's document does to `check`, `new`, `plan`, the mock and a run. All of it happens in one other process, which
 * is ended where a step takes too long, so the tests of this file come one after the other.
 */
test.describe.configure({ mode: 'default' });

let corpus: Corpus;

test.beforeAll(() => (corpus = new Corpus()));

test.afterAll(() => {
  corpus.end();
});

const NAMES = ['title-as-setting', 'unseen-names', 'unseen-paths', 'reference-to-itself', 'pattern-in-parameter'];
/** They tell what is sent and let in, and ask for a few dozen requests together. */
const RULES = ['valid-key', 'missing-key', 'invalid-key', 'strange-path', 'other-method'];
/** So many seeds; of each tenth a run is made as well. */
const SEEDS = 100;

const hostile = hostileDocuments('../canary.json', 9);

/** What must hold of every document, whatever is in it. */
function expectHarmless({ codes, harm, accused }: Done): void {
  expect([...harm, ...accused]).toEqual([]);
  expect(codes.filter((code) => ![0, 1, 2].includes(code))).toEqual([]);
}

/** The ones that are refused; every other is read, and what is wrong with it is a gap. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'reference-to-file':
    /:1:\d+ \(#[^)]*\): \$ref .*canary\.json leads to a file that lies outside of the folder of the document;/,
  'reference-to-file-address': /\$ref file:.* is an address and not a file;/,
  'reference-to-link': /\$ref link\.json leads to a file that lies outside of the folder/,
  'reference-to-hidden': /\$ref \.hidden\.json leads to a file that is hidden, or in a hidden folder;/,
  'reference-to-other-sort': /\$ref canary\.txt leads to a file that is not named \.yaml, \.yml or \.json;/,
  'reference-to-broken': /theirs\/broken\.yaml:\d: this is not YAML or JSON; correct this line\.$/,
  'reference-to-missing': /the file theirs\/missing\.json cannot be read;/,
  'reference-to-pipe': /the file theirs\/pipe\.json is no regular file;/,
  'reference-to-device': /\$ref zero\.json leads to a file that lies outside of the folder/,
  'reference-to-folder': /the file theirs\/folder\.json (?:is a folder|cannot be read);/,
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
  for (const [name, document] of Object.entries(hostile))
    test(`${name} does nothing but be read or refused`, async ({}, info) => {
      const done = await corpus.carryOut({ folder: info.outputPath('project'), name, document });
      expectHarmless(done);
      const [, err = ''] = done.texts;
      if (REFUSED[name]) expect([done.codes[0], err.trim()]).toEqual([2, expect.stringMatching(REFUSED[name])]);
      else expect([done.codes, err]).toEqual([[done.codes[0] === 0 ? 0 : 1, 0, 0], '']);
    });

  for (const [name, says] of Object.entries({
    'pipe.json': /^theirs\/\w+\.json: the file theirs\/pipe\.json is no regular file;/,
    'zero.json': /^theirs\/\w+\.json: the file theirs\/zero\.json is no regular file;/,
    'folder.json': /^theirs\/\w+\.json: the file theirs\/folder\.json is a folder;/,
  }))
    test(`is ${name} is neither waited for nor read without end`, async ({}, info) => {
      const done = await corpus.carryOut({ folder: info.outputPath('project'), name });
      expectHarmless(done);
      expect(done.codes).toEqual([2, 2]);
      expect(done.texts[1]).toMatch(says);
    });
});

test('changes of good documents are read or refused, and nothing else', async ({}, info) => {
  const documents = [small(), ...NAMES.flatMap((name) => (typeof hostile[name] === 'object' ? [hostile[name]] : []))];
  const codes = new Set<string>();
  let conforms = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    await test.step(`seed ${seed}`, async () => {
      const document: Document = changed(documents[seed % documents.length] ?? small(), seed);
      const folder = info.outputPath(String(seed));
      const done = await corpus.carryOut({ folder, name: 'changed', document, ...(seed % 10 === 0 && { run: RULES }) });
      expectHarmless(done);
      codes.add(done.codes.join(' '));
      conforms += done.outcomes.conforms ?? 0;
    });
  }
  expect([...codes].toSorted()).toEqual(expect.arrayContaining(['1 0 0', '1 0 0 0', '2 2']));
  expect(conforms).toBeGreaterThan(0);
});

test('a step that does not come to an end is ended from outside, and the next document gets another process', async ({}, info) => {
  const { 'pattern-without-end': document = {} } = hostile;
  const ask = (name: string, longest?: number): Promise<Done> =>
    corpus.carryOut({ folder: info.outputPath(name), name, document: name === 'long' ? document : small() }, longest);
  await expect(ask('long', 1)).rejects.toThrow(/^long, .*: this took longer than 1 ms, and was ended$/);
  expect((await ask('short')).codes).toEqual([1, 0, 0]);
  expect(existsSync(info.outputPath('short', 'specs/acme/openapi.json'))).toBe(true);
});
