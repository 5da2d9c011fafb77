import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test, type TestInfo } from '@playwright/test';

/** What scripts/built.js makes of TypeScript, by a project of two modules that imports one package. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Project {
  readonly folder: string;
  /** Where it keeps what was built. */
  readonly cache: string;
  readonly temporary: string;
}

function project(info: TestInfo, name = 'project'): Project {
  const folder = info.outputPath(name);
  const temporary = info.outputPath(`temporary-of-${name}`);
  for (const part of ['scripts', 'node_modules/@esbuild', 'src']) mkdirSync(join(folder, part), { recursive: true });
  mkdirSync(temporary);
  for (const file of ['built.js', 'start.js']) cpSync(join(ROOT, 'scripts', file), join(folder, 'scripts', file));
  for (const one of [
    'esbuild',
    ...readdirSync(join(ROOT, 'node_modules/@esbuild')).map((platform) => `@esbuild/${platform}`),
  ])
    symlinkSync(join(ROOT, 'node_modules', one), join(folder, 'node_modules', one));
  // Node would find a package of ours above this folder.
  mkdirSync(join(folder, 'node_modules/of-the-clone'));
  write(folder, 'node_modules/of-the-clone/package.json', '{ "type": "module", "exports": "./index.js" }');
  write(folder, 'node_modules/of-the-clone/index.js', `export const clone = '${name}';`);
  write(folder, 'package.json', '{ "type": "module", "version": "7" }');
  write(folder, 'src/beside.txt', 'beside the source');
  write(folder, 'src/part.ts', "export const part: string = 'the first';\n");
  write(
    folder,
    'src/main.ts',
    `import { readFileSync } from 'node:fs';
     import { clone } from 'of-the-clone';
     import suite from '../package.json' with { type: 'json' };
     import { part } from './part.ts';
     const beside = readFileSync(new URL('beside.txt', import.meta.url), 'utf8');
     const { late } = await import('./late.ts');
     console.log([part, late, beside, suite.version, clone, ...process.argv.slice(2)].join(', '));`,
  );
  write(folder, 'src/late.ts', 'export const late = import.meta.filename.slice(-7);\n');
  return { folder, temporary, cache: join(folder, 'node_modules/.cache/auth-conformance') };
}

function write(folder: string, path: string, contents: string): void {
  writeFileSync(join(folder, path), contents);
}

async function start({ folder, temporary }: Project, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['scripts/start.js', 'src/main.ts', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, err, code };
}

/** What was built, the latest last. */
function versions({ cache }: Project): readonly string[] {
  const [its = ''] = readdirSync(cache);
  return readdirSync(join(cache, its), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(cache, its, name))
    .sort((one, other) => statSync(one).mtimeMs - statSync(other).mtimeMs);
}

const said = (part: string, args: readonly string[] = [], clone = 'project'): object => ({
  out: `${[part, 'late.ts', 'beside the source', '7', clone, ...args].join(', ')}\n`,
  err: '',
  code: 0,
});

test('a module is built once, and once more when what it imports has changed', async ({}, info) => {
  const its = project(info);
  expect(await start(its, '--an', 'argument')).toEqual(said('the first', ['--an', 'argument']));
  const [first, ...others] = versions(its);
  expect(others).toEqual([]);
  expect(await start(its)).toEqual(said('the first'));
  expect(versions(its), 'what was built before').toEqual([first]);

  write(its.folder, 'src/part.ts', "export const part: string = 'the second';\n");
  expect(await start(its)).toEqual(said('the second'));
  // Whoever was started before may still read it.
  expect(versions(its)).toEqual([first, expect.any(String)]);

  // As what sets the times of files does, such as a cache of a pipeline: of the same size, and as old.
  const [part, then] = [join(its.folder, 'src/part.ts'), new Date('2026-01-01T00:00:00Z')];
  for (const value of ['of one kind', 'of another!']) {
    write(its.folder, 'src/part.ts', `export const part: string = '${value}';\n`);
    utimesSync(part, then, then);
    expect(await start(its)).toEqual(said(value));
  }
  const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  utimesSync(first ?? '', longAgo, longAgo);
  write(its.folder, 'src/late.ts', 'export const late = import.meta.url.slice(-7);\n');
  expect(await start(its)).toEqual(said('of another!'));
  expect(versions(its)).toHaveLength(4);
  expect(versions(its)).not.toContain(first);
});

test('several that are started at once where nothing is built yet do not meet', async ({}, info) => {
  const its = project(info);
  const all = await Promise.all(['1', '2', '3', '4'].map((one) => start(its, one)));
  expect(all).toEqual(['1', '2', '3', '4'].map((one) => said('the first', [one])));
});

test('what was removed or was written by half is built again', async ({}, info) => {
  const its = project(info);
  await start(its);
  const [folder = ''] = readdirSync(its.cache);
  const list = join(its.cache, folder, 'latest.json');
  const whole = readFileSync(list, 'utf8');
  write(its.cache, join(folder, 'latest.json'), whole.slice(0, whole.length / 2));
  expect(await start(its)).toEqual(said('the first'));
  expect(JSON.parse(readFileSync(list, 'utf8'))).toHaveProperty('main', expect.stringContaining(its.cache));
});

test('a clone that takes no files is built in a folder for temporary files that is the user’s own', async ({}, info) => {
  const its = project(info);
  // A file, since the superuser may write to every folder.
  write(its.folder, 'node_modules/.cache', '');
  expect(await start(its)).toEqual(said('the first'));
  const [name = ''] = readdirSync(its.temporary);
  const own = join(its.temporary, name);
  expect(statSync(own).mode & 0o777).toBe(0o700);
  expect(await start(its)).toEqual(said('the first'));

  // Somebody else could have put JavaScript there.
  const before = info.outputPath('before');
  mkdirSync(before);
  mkdirSync(join(before, name), { mode: 0o777 });
  expect(await start({ ...its, temporary: before })).toEqual({
    out: '',
    err: `The suite cannot write to ${its.cache}, and ${join(before, name)} is no folder of its own: let it write to one of them.\n`,
    code: 2,
  });
});

test('clones that take no files do not share their packages', async ({}, info) => {
  const [one, other] = [project(info, 'one'), project(info, 'other')];
  for (const { folder } of [one, other]) write(folder, 'node_modules/.cache', '');
  const { temporary } = one;
  expect(await Promise.all([start(one), start(one)])).toEqual([
    said('the first', [], 'one'),
    said('the first', [], 'one'),
  ]);
  expect(await start({ ...other, temporary })).toEqual(said('the first', [], 'other'));
});

test('a module that cannot be built is a sentence that names the place, and ends with 2', async ({}, info) => {
  const its = project(info);
  write(its.folder, 'src/part.ts', 'export const part: = 1;\n');
  const { out, err, code } = await start(its);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toMatch(/^Build failed with 1 error:\nsrc\/part\.ts:1:19: ERROR: /);
});
