import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'dotenv';
import type { Log } from 'sarif';
import { variableNames } from '../../src/config/variables.ts';
import { HEAD, KEY, operation } from '../support/gap-documents.ts';

/** `npm run contract`, in a process of its own. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TSX = import.meta.resolve('tsx');

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** In a folder of its own, whose specs/ may be written to. */
function run(...args: readonly string[]): Ended {
  const folder = test.info().outputPath('project');
  mkdirSync(folder, { recursive: true });
  for (const name of ['src', 'scripts', 'schemas', 'package.json', 'node_modules', 'tsconfig.json'])
    if (!existsSync(join(folder, name))) symlinkSync(ROOT + name, join(folder, name));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', TSX, `${ROOT}scripts/contract.ts`, ...args],
    { encoding: 'utf8', cwd: folder },
  );
  return { status, stdout, stderr };
}

const GOOD = `${HEAD}paths:\n  /a:\n    ${operation(KEY)}\n`;
const GAPPY = GOOD.replace(KEY, '');

test('no gap ends with 0, a gap with 1 and its place, a file that cannot be read with 2', () => {
  const file = write(test.info().outputPath('project', 'api.yaml'), GOOD);
  expect(run('check', 'api.yaml')).toEqual({ status: 0, stdout: 'Things 1: no gaps in 1 operations\n', stderr: '' });
  writeFileSync(file, GAPPY);
  expect(run('check', 'api.yaml')).toEqual({
    status: 1,
    stdout:
      'api.yaml:18: GET /a: it says nothing about security: name the schemes it asks for, or say security: [] if it is public. [no-security]\nThings 1: 1 gap in 1 operations\n',
    stderr: '',
  });
  expect(run('check', 'nothing.yaml').status).toBe(2);
  expect(run('check', 'nothing.yaml').stderr).toContain('cannot be read');
  writeFileSync(file, "swagger: '2.0'\n");
  expect(run('check', 'api.yaml')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'api.yaml: this is OpenAPI "2.0"; make it OpenAPI 3.0 or 3.1, which begins with "openapi: 3.1.0".\n',
  });
});

for (const args of [[], ['check'], ['new', 'things'], ['check', 'a', 'b'], ['check', 'a', '--nothing'], ['other']]) {
  test(`"${args.join(' ')}" is told what can be said`, () => {
    expect(run(...args)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'Say npm run contract -- check FILE [--sarif FILE], or npm run contract -- new NAME FILE.\n',
    });
  });
}

test('SARIF names each gap at its line', () => {
  write(test.info().outputPath('project', 'api.yaml'), GAPPY);
  expect(run('check', 'api.yaml', '--sarif', 'gaps.sarif').status).toBe(1);
  const log = JSON.parse(readFileSync(test.info().outputPath('project', 'gaps.sarif'), 'utf8')) as Log;
  expect(log).toMatchObject({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'auth-conformance-contract' } } }],
  });
  const [found] = log.runs[0]?.results ?? [];
  expect(found).toMatchObject({
    ruleId: 'no-security',
    level: 'warning',
    locations: [{ physicalLocation: { artifactLocation: { uri: 'api.yaml' }, region: { startLine: 18 } } }],
  });
  expect(log.runs[0]?.tool.driver.rules?.[found?.ruleIndex ?? -1]?.id).toBe('no-security');
});

test('a new contract has its files and a commented example of its variables', () => {
  const split = GOOD.replace('Error: { type: object }', 'Error: { $ref: schemas/error.json }');
  write(test.info().outputPath('project', 'mine', 'api.yaml'), split);
  write(test.info().outputPath('project', 'mine', 'schemas', 'error.json'), '{"type":"object"}');
  const made = run('new', 'my-things', 'mine/api.yaml');
  expect(made).toMatchObject({ status: 0, stderr: '' });
  expect(made.stdout).toContain('specs/my-things has 1 operations.');
  const folder = test.info().outputPath('project', 'specs', 'my-things');
  expect(readFileSync(join(folder, 'openapi.yaml'), 'utf8')).toBe(split);
  expect(existsSync(join(folder, 'schemas', 'error.json'))).toBe(true);
  const example = readFileSync(join(folder, '.env.example'), 'utf8');
  expect(parse(example)).toEqual({ CONTRACT: 'specs/my-things' });
  const named = [...example.matchAll(/^# ([A-Z_]+)=$/gm)].map(([, name]) => name);
  expect(named).toContain('MY_THINGS_API_KEY');
  expect(named).not.toContain('MY_THINGS_SCOPED_KEYS');
  expect(named.filter((name) => !Object.values(variableNames('my-things')).includes(name ?? ''))).toEqual([]);
  expect(example).toContain('sent in the header X-Key');

  expect(run('new', 'my-things', 'mine/api.yaml')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'specs/my-things: this is there already; choose another name, or remove it yourself.\n',
  });
});

test('a credential of its own has a variable of its own', () => {
  const both = GOOD.replace(KEY, 'security: [{ key: [], other: [] }],');
  write(test.info().outputPath('project', 'api.yaml'), both);
  expect(run('new', 'things', 'api.yaml').status).toBe(0);
  const example = readFileSync(test.info().outputPath('project', 'specs', 'things', '.env.example'), 'utf8');
  expect(example).toMatch(/scheme other: sent in the query parameter other\.\n# THINGS_KEY_OTHER=\n/);
});

test('nothing is written where the name or the document is no use', () => {
  write(test.info().outputPath('project', 'api.yaml'), GOOD.replace('paths:', 'pathes:'));
  write(test.info().outputPath('project', 'deep', 'api.yaml'), GOOD.replace('{ type: object }', '{ $ref: ../e.json }'));
  write(test.info().outputPath('project', 'e.json'), '{}');
  expect(run('new', 'Things', 'api.yaml').stderr).toBe(
    'Things: this is no name for a folder and for variables; use small letters, digits and hyphens.\n',
  );
  expect(run('new', 'things', 'api.yaml').status).toBe(2);
  expect(run('new', 'things', 'api.yaml').stderr).toContain('not valid OpenAPI');
  expect(run('new', 'things', 'deep/api.yaml').stderr).toBe(
    'deep/api.yaml: it refers to e.json, which lies outside of its own folder; bundle it into one file first.\n',
  );
  expect(existsSync(test.info().outputPath('project', 'specs', 'things'))).toBe(false);
});
