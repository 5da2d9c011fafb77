import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { copyContract } from '../support/contract-copy.ts';
import { sample } from '../support/report-samples.ts';

/** The scripts of package.json as processes: what they print where, and how they end. What they say is tested in selftest/unit. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START = join(ROOT, 'scripts/start.js');

interface Where {
  readonly root?: string;
  readonly cwd?: string;
}

function script(name: string, args: readonly string[], { root = ROOT, cwd = root }: Where = {}) {
  const ended: SpawnSyncReturns<string> = spawnSync(process.execPath, [START, join(root, 'scripts', name), ...args], {
    encoding: 'utf8',
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

test('npm run docs -- --check names the page that is out of date and no other, and npm run docs writes it', ({}, info) => {
  // A project whose docs are its own, and all else is ours.
  const root = info.outputPath('project');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  for (const name of readdirSync(ROOT))
    if (!/^(?:docs|scripts|reports|\.git)$/.test(name)) symlinkSync(ROOT + name, join(root, name));
  cpSync(`${ROOT}scripts/docs.ts`, join(root, 'scripts/docs.ts'));
  cpSync(`${ROOT}docs`, join(root, 'docs'), { recursive: true });
  const committed = readFileSync(join(root, 'docs/rules.md'), 'utf8');
  writeFileSync(join(root, 'docs/rules.md'), '# Rules\n');

  const checked = script('docs.ts', ['--check'], { root });
  expect(checked, 'run npm run docs').toEqual({
    code: 1,
    out: '',
    err: 'docs/rules.md is out of date: run npm run docs.\n',
  });
  expect(script('docs.ts', [], { root })).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(root, 'docs/rules.md'), 'utf8'), 'run npm run docs').toBe(committed);
});

test('npm run contract prints a gap on standard output and ends with 1, and a mistake on standard error with 2', ({}, info) => {
  const file = info.outputPath('api.yaml');
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(
    file,
    "openapi: 3.1.0\ninfo: { title: Things, version: '1' }\npaths:\n  /a:\n    get: { responses: { '200': { description: Yes } } }\n",
  );
  const gap = script('contract.ts', ['check', 'api.yaml'], { cwd: info.outputDir });
  expect(gap).toMatchObject({ code: 1, err: '' });
  expect(gap.out).toMatch(/^api\.yaml:5: GET \/a: it says nothing about security: .* \[no-security\]$/m);
  const target = ['--base-url', 'https://sandbox.example.com/v1', '--environment', 'sandbox'];
  const made = script('contract.ts', ['new', 'things', 'api.yaml', ...target], { cwd: info.outputDir });
  expect(made).toMatchObject({ code: 0, err: '' });
  const env = info.outputPath('.env');
  expect(readFileSync(env, 'utf8')).toBe(
    'CONTRACT=specs/things\nTHINGS_BASE_URL=https://sandbox.example.com/v1\nTHINGS_ENVIRONMENT=sandbox\n',
  );
  expect(statSync(env).mode & 0o777).toBe(0o600);
  const misplaced = script('contract.ts', ['check', 'api.yaml', ...target], { cwd: info.outputDir });
  expect(misplaced).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^Say npm run contract -- check .*\n$/),
  });
  const mistake = script('contract.ts', ['check', 'nothing.yaml'], { cwd: info.outputDir });
  expect(mistake).toMatchObject({ code: 2, out: '' });
  expect(mistake.err).toMatch(/^nothing\.yaml: .*cannot be read.*\n$/);
});

test('npm run parity ends with 0 where two runs saw the same, with 1 where they differ, and with 2 on what is no run', ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const saved = (name: string, status: number, more: object = {}): string => {
    const file = info.outputPath(name);
    const cells = [
      { rule: 'missing-key', operation: 'GET /a', outcome: 'conforms', cases: [{ case: 'no-key', status }] },
    ];
    const target = { baseUrl: `https://${name}.example.com`, environment: 'sandbox' };
    writeFileSync(file, JSON.stringify({ contract: { id: 'things' }, target, cells, ...more }));
    return file;
  };
  const [one, same, other] = [saved('one', 401), saved('same', 401), saved('other', 403)];
  expect(script('parity.ts', [one, same])).toMatchObject({ code: 0, err: '' });
  const differing = script('parity.ts', [one, other]);
  expect(differing).toMatchObject({ code: 1, err: '' });
  expect(differing.out).toContain('case no-key: status 401 at https://one.example.com, status 403 at https://other.');
  const another = saved('another', 401, { contract: { id: 'others' } });
  const list = saved('list', 401, { cells: undefined });
  const mistakes = [[], [one], [one, info.outputPath('nothing')], [one, list], [one, another]];
  for (const args of mistakes) {
    const mistaken = script('parity.ts', args);
    expect(mistaken, args.join(' ')).toMatchObject({ code: 2, out: '' });
    expect(mistaken.err.trim().split('\n'), args.join(' ')).toHaveLength(1);
  }
});

test('npm run accept writes entries beside the contract, and npm run replay sends nothing without a target', async ({}, info) => {
  const cwd = info.outputPath('project');
  const contract = copyContract(cwd, ['GET /contacts', 'GET /contact/{identifier}']);
  writeFileSync(join(cwd, '.env'), `CONTRACT=${contract}\n`);
  const report = await sample({
    operations: 1,
    outcomeOf: (_, rule) => (rule === 'missing-key' ? 'violates' : 'conforms'),
  });
  writeFileSync(join(cwd, 'conformance.json'), JSON.stringify(report));
  const said = [
    '--owner',
    'team',
    '--reason',
    'why',
    '--link',
    'https://issues.example.com/1',
    '--until',
    '2999-12-31',
  ];
  const args = ['--report', 'conformance.json', '--all', ...said];
  const file = join(contract, 'known-failures.yaml');
  expect(script('accept.ts', args, { cwd })).toEqual({
    ...{ code: 0, err: '' },
    out: `specs/huechat/known-failures.yaml: 1 entry written\n  missing-key on GET /contacts, until 2999-12-31\n`,
  });
  expect(readFileSync(file, 'utf8')).toContain('rule: missing-key\n');
  expect(readdirSync(contract).filter((name) => name.startsWith('known-failures'))).toEqual(['known-failures.yaml']);
  expect(script('accept.ts', ['--report', 'nothing.json', '--all', ...said], { cwd })).toEqual({
    ...{ code: 2, out: '' },
    err: 'nothing.json is not there: name the conformance.json that a run wrote.\n',
  });
  const replayed = script('replay.ts', ['conformance.json'], { cwd });
  expect(replayed).toMatchObject({ code: 2, out: '' });
  expect(replayed.err).toMatch(/^ +- HUECHAT_BASE_URL is not set: give the base URL/m);
  const plain = script('replay.ts', ['conformance.json', '--base-url', 'http://api.example.com'], { cwd });
  expect(plain).toMatchObject({ code: 2, out: '' });
  expect(plain.err).toContain('HUECHAT_BASE_URL is a plain-HTTP address outside this machine');
});

test('a command says what is wrong with what is typed and ends with 2, and --help ends with 0', ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const here = { cwd: info.outputDir };
  expect(script('defect-table.ts', ['no-such-defect', 'missing-key-accepted'], here)).toEqual({
    code: 2,
    out: '',
    err: 'There is no defect no-such-defect: npm run mock -- --list-defects shows those there are.\n',
  });
  const matrix = script('kill-matrix.ts', [], here);
  expect(matrix).toMatchObject({ code: 2, out: '' });
  expect(matrix.err).toMatch(
    /^The last self-test left nothing about \d+ defects \(.*, …\): run npm test first, all of it\.\n$/,
  );
  expect(script('survey.ts', ['--sampels'], here)).toEqual({
    code: 2,
    out: '',
    err: 'There is no option --sampels: npm run survey -- --help says what there is.\n',
  });
  expect(script('auth-conformance.js', ['run', '--no-such-option'])).toEqual({
    code: 2,
    out: '',
    err: "error: unknown option '--no-such-option'\n",
  });
  expect(script('parity.ts', ['--help'], here)).toMatchObject({ code: 0, err: '' });
});

test('the commands of Playwright have a help of ours, and what is wrong with a command is one sentence', ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const command = (...args: string[]) => {
    const ended = spawnSync(process.execPath, [join(ROOT, 'scripts/auth-conformance.js'), ...args], {
      encoding: 'utf8',
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    });
    return { code: ended.status, out: ended.stdout, err: ended.stderr };
  };
  const help = command('gate', '--help');
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toMatch(/^Judges the target .*\n\n {2}npm run gate -- /);

  const merge = (...args: string[]) => command('merge', ...args);
  const remedy = 'name the folder that reports/blobs of every shard was copied to.\n';
  const nowhere = info.outputPath('nowhere');
  expect(merge(nowhere)).toEqual({ code: 2, out: '', err: `${nowhere} is not there: ${remedy}` });
  const empty = info.outputDir;
  expect(merge(empty)).toEqual({ code: 2, out: '', err: `${empty} holds no report of a shard: ${remedy}` });
  expect(merge().err).toBe(`No folder is named: ${remedy}`);
  expect(command('no-such-command').err).toMatch(/^There is no command "no-such-command": .* --help .*\n$/);
  expect(command('plan', '--contract').err).toMatch(/^The option --contract needs a folder or a document .*\n$/);
});
