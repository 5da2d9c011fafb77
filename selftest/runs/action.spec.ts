import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { readDocument } from '../../mock/document/read-file.ts';
import { startMock } from '../../mock/start.ts';

/** The steps of action.yml, run in the order and with the variables that a runner would run them with. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly id?: string;
      readonly name: string;
      readonly if?: string;
      readonly run?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;

const TOKEN = 'ghs_0aB1cD2eF3gH4iJ5kL6mN7oP8';

interface Job {
  readonly folder: string;
  /** Of the job: keys, which reach the steps by no input. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly api: string;
}

interface Ended {
  readonly code: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What each step printed, by its name. */
  readonly printed: Readonly<Record<string, string>>;
}

/** Runs every `run:` of the action, whatever became of the ones before, as its conditions ask for. */
async function runJob({ folder, variables, inputs, api }: Job): Promise<Ended> {
  const [output, summary, event, bin] = ['output', 'summary', 'event.json', 'bin'].map((name) => join(folder, name));
  writeFileSync(output ?? '', '');
  writeFileSync(summary ?? '', '');
  writeFileSync(event ?? '', JSON.stringify({ pull_request: { number: 7 } }));
  // The packages of this checkout are there already.
  mkdirSync(bin ?? '', { recursive: true });
  writeFileSync(join(bin ?? '', 'npm'), '#!/bin/sh\necho "npm $*"\n', { mode: 0o755 });
  const outputsNow = (): Record<string, string> =>
    Object.fromEntries(
      readFileSync(output ?? '', 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split('=') as [string, string]),
    );
  const printed: Record<string, string> = {};
  let code: number | null = 0;
  for (const { name, run, env = {} } of action.runs.steps) {
    if (run === undefined) continue;
    const values: Readonly<Record<string, string | undefined>> = {
      'github.action_path': ROOT,
      ...Object.fromEntries(
        Object.entries(action.inputs).map(([input, { default: usual }]) => [`inputs.${input}`, inputs[input] ?? usual]),
      ),
      ...Object.fromEntries(Object.entries(outputsNow()).map(([key, value]) => [`steps.run.outputs.${key}`, value])),
    };
    const own = Object.entries(env).map(([key, value]): [string, string] => [
      key,
      value.replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, path: string) => values[path] ?? ''),
    ]);
    const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', run], {
      cwd: folder,
      env: {
        PATH: `${bin}:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_EVENT_PATH: event,
        GITHUB_REPOSITORY: 'owner/name',
        GITHUB_API_URL: api,
        ...variables,
        ...Object.fromEntries(own),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err, ended] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    printed[name] = out + err;
    [code] = ended as [number | null];
    if (name !== 'Verdict') expect(code, `${name}: ${printed[name]}`).toBe(0);
  }
  return { code, outputs: outputsNow(), summary: readFileSync(summary ?? '', 'utf8'), printed };
}

/** Stands for the comments of a pull request on GitHub. */
async function commentServer() {
  const comments = [
    { id: 1, body: '<!-- auth-conformance things sandbox -->\nnot of the suite', user: { type: 'User' } },
  ];
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked.push(`${request.method} ${request.url}`);
    expect(request.headers.authorization).toBe(`Bearer ${TOKEN}`);
    const body = await text(request);
    const { body: said = '' } = (body === '' ? {} : JSON.parse(body)) as { body?: string };
    const [, id] = /comments\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (request.method === 'POST') comments.push({ id: comments.length + 1, body: said, user: { type: 'Bot' } });
    const own = comments.find((one) => String(one.id) === id);
    if (request.method === 'PATCH' && own) own.body = said;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(comments));
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { comments, asked, server, api: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Things', version: '1' },
  servers: [{ url: 'https://sandbox.example.com/v1' }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
  security: [{ key: [] }],
  paths: {
    '/things': {
      get: { responses: { 200: { description: 'Things' }, 401: { description: 'No key' } } },
    },
  },
};

test('the action judges, says so in the job, on the line and once on the pull request, and ends as the run did', async ({}, info) => {
  test.setTimeout(240_000);
  const folder = info.outputPath('workspace');
  mkdirSync(join(folder, 'apis'), { recursive: true });
  writeFileSync(join(folder, 'apis/things.json'), JSON.stringify(DOCUMENT, null, 2));
  const { document, name } = await readDocument(join(folder, 'apis/things.json'));
  const mock = await startMock({ document, name, defect: { id: 'missing-key-accepted' } });
  const github = await commentServer();
  try {
    const { THINGS_BASE_URL = '', ...variables } = mock.settings(Object.keys(mock.environments)[0] ?? '');
    const job: Job = {
      folder,
      variables,
      inputs: {
        contract: 'apis/things.json',
        'base-url': THINGS_BASE_URL,
        environment: 'sandbox',
        comment: 'true',
        token: TOKEN,
      },
      api: github.api,
    };
    delete (job.variables as Record<string, string>)['THINGS_ENVIRONMENT'];
    const first = await runJob(job);
    expect(first.printed['Install']).toBe(`npm ci --omit=dev --prefix ${ROOT}\n`);
    expect(first.code).toBe(1);
    expect(first.outputs).toMatchObject({ verdict: 'violates', 'exit-code': '1', error: '0' });
    expect(Number(first.outputs['violates'])).toBeGreaterThan(0);
    expect(first.summary).toMatch(/^## .* Authentication: /);

    // What a run prints is no command to the runner, whatever it holds.
    const [begin = '', ...lines] = (first.printed['Judge'] ?? '').trimEnd().split('\n');
    expect(begin).toMatch(/^::stop-commands::[\da-f-]{36}$/);
    expect(lines.at(-1)).toBe(`::${begin.slice('::stop-commands::'.length)}::`);

    const line =
      readFileSync(join(folder, 'apis/things.json'), 'utf8')
        .split('\n')
        .findIndex((one) => one.includes('"get"')) + 1;
    expect(first.printed['Annotations']).toContain(`::error file=apis/things.json,line=${line},title=GET /things%3A `);

    expect(github.comments).toHaveLength(2);
    expect(github.comments[1]?.body).toBe(`<!-- auth-conformance things sandbox -->\n${first.summary}`);
    expect(github.comments[0]?.body, 'whoever writes the mark keeps their comment').toContain('not of the suite');

    // The next run replaces what the comment says, and fails for what is new alone. That it writes no summary changes nothing.
    const second = await runJob({
      ...job,
      variables: { ...variables, THINGS_REPORTS: 'junit' },
      inputs: { ...job.inputs, 'fail-on': 'new', sarif: 'true' },
    });
    expect(second.code, second.printed['Judge']).toBe(0);
    expect(second.outputs).toMatchObject({ verdict: 'violates', 'exit-code': '0' });
    expect(second.printed['Judge']).toContain('THINGS_FAIL_ON=new: ');
    expect(github.comments).toHaveLength(2);
    expect(github.comments[1]?.body).toContain('### Since ');
    expect(second.summary).toContain('### Since ');
    const noSarif =
      '::warning title=No findings for code scanning::The run made no conformance.sarif, so code scanning gets nothing: add sarif to THINGS_REPORTS, or remove THINGS_REPORTS.\n';
    expect(second.printed['Annotations']).toContain(`::error file=apis/things.json,line=${line},`);
    expect(second.printed['Annotations']?.endsWith(noSarif)).toBe(true);
    expect(first.printed['Annotations']).not.toContain('code scanning');
    expect(JSON.stringify([first, second])).not.toContain(TOKEN);

    // Nothing is judged: that is said everywhere too.
    const third = await runJob({ ...job, inputs: { ...job.inputs, environment: 'elsewhere', token: '' } });
    expect(third.code).toBe(2);
    expect(third.outputs).toMatchObject({ verdict: 'error', 'exit-code': '2', violates: '0' });
    expect(third.summary).toMatch(/^## Nothing was judged\n/);
    expect(third.printed['Annotations']).toMatch(/^::error title=Nothing was judged::.*THINGS_ENVIRONMENT/);
    expect(third.printed['Comment']).toBe(
      'GITHUB_TOKEN is not set: give the step the token of the job, to write a comment.\n',
    );
  } finally {
    await mock.close();
    github.server.close();
  }
});
