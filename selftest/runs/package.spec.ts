import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import manifest from '../../package.json' with { type: 'json' };
import type { Conformance } from '../../src/reporting/conformance.ts';

/** The packed tarball in a folder that holds nothing else: what a user has who never cloned the project. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/** As `npm install TARBALL` leaves it, with the packages of this checkout that are no development dependencies. */
function install(folder: string): string {
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const modules = join(folder, 'node_modules');
  const installed = join(modules, manifest.name);
  mkdirSync(installed, { recursive: true });
  const tarball = join(folder, packed.trim().split('\n').at(-1) ?? '');
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  for (const [path, { dev = false }] of Object.entries(packages)) {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    if (name === undefined || dev || !existsSync(join(ROOT, path))) continue;
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, path), join(modules, name));
  }
  mkdirSync(join(modules, '.bin'));
  symlinkSync(join(installed, manifest.bin['auth-conformance']), join(modules, '.bin', 'auth-conformance'));
  return installed;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${join(parentPath, name)} ${statSync(join(parentPath, name)).mtimeMs}`)
    .toSorted();
}

test('the packed package plans, checks, makes a contract and judges in an empty folder, and stays as it was', ({}, info) => {
  test.setTimeout(240_000);
  mkdirSync(info.outputPath('empty'), { recursive: true });
  const folder = realpathSync(info.outputPath('empty'));
  const installed = install(folder);
  const before = filesOf(installed);
  const names = before.map((line) => line.slice(installed.length + 1));
  expect(
    names.filter((name) => /\.ts |^(?:selftest|servers|bench|dist\/(?:selftest|servers|bench))\//.test(name)),
  ).toEqual([]);

  const started = (program: string, args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    });
    return { code: status, out: stdout, err: stderr };
  };
  // What npx finds, without the second that npx takes to find it.
  const command = (...args: string[]) => started('node_modules/.bin/auth-conformance', args);
  const report = (): Conformance =>
    JSON.parse(readFileSync(join(folder, 'reports/conformance.json'), 'utf8')) as Conformance;

  const overview = started('npx', ['--no-install', 'auth-conformance', '--help']);
  expect(overview).toMatchObject({ code: 0, err: '' });
  expect(overview.out).toMatch(/^ {2}npx auth-conformance COMMAND /m);

  writeFileSync(
    join(folder, 'things.yaml'),
    "openapi: 3.1.0\ninfo: { title: Things, version: '1' }\nservers: [{ url: 'https://api.example.com/v1' }]\ncomponents: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }\nsecurity: [{ key: [] }]\npaths:\n  /a:\n    get: { responses: { '200': { description: Yes }, '401': { description: No } } }\n  /b:\n    get: { security: [], responses: { '200': { description: Yes } } }\n",
  );
  expect(command('check', 'things.yaml')).toMatchObject({ code: expect.any(Number), err: '' });
  const made = command('new', 'things', 'things.yaml');
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(made.out).toMatch(/^specs\/things has 2 operations\..* CONTRACT=specs\/things npx auth-conformance plan\.\n$/);
  expect(readdirSync(join(folder, 'specs/things'))).toEqual(expect.arrayContaining(['.env.example', 'openapi.yaml']));

  const ran = command('run', '--contract', 'specs/things', '-g', 'missing-key');
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(ran.out).toMatch(/^verdict: conforms \(partial\), of the embedded mock$/m);
  expect(ran.out).toMatch(/^next: npx auth-conformance report opens the page /m);
  expect(report().contract).toMatchObject({ id: 'things', file: 'specs/things/openapi.yaml' });
  for (const file of ['conformance.html', 'html/index.html', 'allure/index.html', 'junit.xml'])
    expect(existsSync(join(folder, 'reports', file)), file).toBe(true);

  // A document by itself is a contract too, and so is the one that comes with the package.
  expect(command('plan', '--contract=things.yaml').out).toMatch(/^Things 1 on the embedded mock/);
  expect(command('summary').out).toContain('Authentication');
  expect(command('gate')).toMatchObject({
    code: 2,
    err: 'HUECHAT_BASE_URL is not set, but the gate needs a target: set it and HUECHAT_API_KEY.\n',
  });
  expect(command('run', '--no-such-option')).toMatchObject({
    code: 2,
    out: '',
    err: "error: unknown option '--no-such-option'\n",
  });
  expect(filesOf(installed)).toEqual(before);
  expect(
    readdirSync(folder)
      .filter((name) => !name.endsWith('.tgz'))
      .toSorted(),
  ).toEqual(['node_modules', 'reports', 'specs', 'things.yaml']);
});
