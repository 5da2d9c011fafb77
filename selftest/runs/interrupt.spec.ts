import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test, type TestInfo } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { newAjv } from '../../src/openapi/json-schema.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { SENDER_DEFAULTS } from '../../src/http/sender.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { begin, type CommandLine, FEW_REPORTERS, reportOf, type RunOptions } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept, type Seen } from '../support/interceptor.ts';

test.describe.configure({ timeout: 120_000 });

const FIRST = 'GET /contacts';
const SECOND = 'GET /conversations';

interface Interrupted extends CommandLine {
  readonly signal: NodeJS.Signals | null;
  /** What was asked after the run had ended. */
  readonly askedLater: number;
}

interface Interruption {
  /** Picks the request at whose arrival the run is interrupted; that one is never answered. */
  readonly when: (seen: Seen) => boolean;
  readonly interrupt: (child: ChildProcess) => void;
  readonly options?: Partial<RunOptions> & { readonly extra?: Readonly<Record<string, string>> };
}

async function interrupted(info: TestInfo, { when, interrupt, options }: Interruption): Promise<Interrupted> {
  const mock = await startMock({ ...mockOf(await huechat()) });
  let act = (): void => undefined;
  const connectionsEnded: Promise<unknown>[] = [];
  const interceptor = await intercept(mock, {
    meddle: (seen, socket) => {
      if (!when(seen)) return 'pass';
      connectionsEnded.push(once(socket, 'close'));
      act();
      return 'answered';
    },
  });
  try {
    const { extra, ...others } = options ?? {};
    const CONTRACT = copyContract(info.outputPath(), [FIRST, SECOND]);
    const variables = { ...interceptor.settings, CONTRACT, ...extra };
    const { child, ended } = begin({ folder: info.outputPath(), variables, args: FEW_REPORTERS, ...others });
    act = () => {
      act = () => undefined;
      interrupt(child);
    };
    const ran = await ended;
    const asked = interceptor.seen.length;
    // The worker held this connection.
    await Promise.all(connectionsEnded);
    return { ...ran, signal: child.signalCode, askedLater: interceptor.seen.length - asked };
  } finally {
    await interceptor.close();
    await mock.close();
  }
}

const inTheMiddle = ({ target, head }: Seen): boolean =>
  target.startsWith('/v2/conversations') && head.includes('(no-key;');

function validReportOf(ran: CommandLine): Conformance {
  const schema = JSON.parse(readFileSync('schemas/conformance.schema.json', 'utf8')) as object;
  const ajv = newAjv({ strict: true });
  const report = reportOf(ran);
  ajv.validate(schema, report);
  expect(ajv.errors ?? []).toEqual([]);
  return report;
}

const signal =
  (name: NodeJS.Signals) =>
  (child: ChildProcess): void =>
    void child.kill(name);

interface SignalCase {
  readonly title: string;
  readonly interrupt: (child: ChildProcess) => void;
  readonly options?: Partial<RunOptions>;
  /** How the process ended that was started. */
  readonly end: { readonly code?: number | null; readonly signal?: NodeJS.Signals };
  /** Nobody reads what it prints. */
  readonly isUnread?: boolean;
}

const signals: readonly SignalCase[] = [
  { title: 'Ctrl-C, with every reporter', interrupt: signal('SIGINT'), options: { args: [] }, end: { code: 2 } },
  { title: 'SIGTERM to the runner', interrupt: signal('SIGTERM'), end: { code: 2 } },
  {
    title: 'SIGHUP of a terminal that is closed',
    interrupt: (child) => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      // As a terminal does it: to the runner and to its workers.
      process.kill(-Number(child.pid), 'SIGHUP');
    },
    options: { ownGroup: true },
    end: { code: 2 },
    isUnread: true,
  },
  {
    title: 'SIGTERM to npm alone',
    interrupt: signal('SIGTERM'),
    options: { npm: true },
    // npm tells a shell, which dies of it, and so does npm.
    end: { signal: 'SIGTERM' },
  },
];

for (const { title, interrupt, options, end, isUnread = false } of signals)
  test(`${title}: what is judged by then is reported as a part, and nothing is asked any longer`, async ({}, info) => {
    const ran = await interrupted(info, { when: inTheMiddle, interrupt, ...(options && { options }) });
    const report = validReportOf(ran);
    const reason = `the run was interrupted after ${report.cells.length} cells`;
    expect(report).toMatchObject({ verdict: 'error', partial: true, reason });
    expect(report.cells.filter(({ operation }) => operation !== FIRST)).toEqual([]);
    expect(report.cells.filter(({ outcome }) => outcome === 'conforms').length).toBeGreaterThan(rules.length / 2);
    if (!isUnread) expect(ran.out).toContain(`verdict: error (partial): ${reason}`);
    expect(ran).toMatchObject(end);
    expect(ran.askedLater).toBe(0);
    expect(readdirSync(ran.reports).filter((name) => name.startsWith('.'))).toEqual([]);
  });

test('Ctrl-C within a budget: what it was spent on by then is judged, of every operation', async ({}, info) => {
  let requests = 0;
  const ran = await interrupted(info, {
    // The four landmarks, the preflight and two parts of the budget.
    when: () => ++requests > 80,
    interrupt: signal('SIGINT'),
    options: { args: [...FEW_REPORTERS], extra: { HUECHAT_BUDGET: '200' } },
  });
  const report = validReportOf(ran);
  expect(report).toMatchObject({ verdict: 'error', reason: expect.stringContaining('the run was interrupted') });
  for (const id of [FIRST, SECOND]) {
    const own = report.cells.filter(({ operation }) => operation === id);
    expect(own.some(({ outcome }) => outcome === 'conforms')).toBe(true);
    expect(own.filter(({ outcome }) => outcome === 'violates' || outcome === 'error')).toEqual([]);
    expect(own.flatMap(({ cases }) => cases.map(({ reason }) => reason))).toContain(
      'not sent: the run was interrupted before',
    );
  }
  expect(ran.code).toBe(2);
  expect(ran.askedLater).toBe(0);
});

const EARLIER = '{ "verdict": "conforms" }';

/** A report that an earlier run left. */
function leaveReport(info: TestInfo): string {
  const file = info.outputPath('reports', 'conformance.json');
  mkdirSync(info.outputPath('reports'), { recursive: true });
  writeFileSync(file, EARLIER);
  return file;
}

test('Ctrl-C before anything is judged says so, and leaves the reports of the run before', async ({}, info) => {
  const file = leaveReport(info);
  const ran = await interrupted(info, { when: () => true, interrupt: signal('SIGINT') });
  expect(ran).toMatchObject({ code: 2, err: 'The run was interrupted before anything was judged.\n' });
  expect(ran.out).not.toMatch(/verdict|reports:/);
  expect(readFileSync(file, 'utf8')).toBe(EARLIER);
});

test('SIGKILL: the worker asks nothing more, the reports before stay whole, and the next run tidies up', async ({}, info) => {
  const file = leaveReport(info);
  const ran = await interrupted(info, { when: inTheMiddle, interrupt: signal('SIGKILL') });
  expect(ran.signal).toBe('SIGKILL');
  // The worker hears of it a moment after the runner is gone. What was under way may still arrive, of some hundred requests.
  expect(ran.askedLater).toBeLessThan(2 * SENDER_DEFAULTS.concurrency);
  expect(readFileSync(file, 'utf8')).toBe(EARLIER);
  const hidden = (): string[] => readdirSync(ran.reports).filter((name) => name.startsWith('.'));
  const temporary = (): string[] => readdirSync(ran.temporary).filter((name) => name.startsWith('auth-conformance-'));
  expect([hidden().length, temporary().length]).toEqual([1, 1]);
  const next = begin({ folder: info.outputPath(), variables: { HUECHAT_TIMEOUT: 'long' }, args: FEW_REPORTERS });
  expect((await next.ended).code).toBe(2);
  expect([...hidden(), ...temporary()]).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe(EARLIER);
});

test('SIGKILL to a run that judges the embedded mock: the mock does not outlive it', async ({}, info) => {
  const file = leaveReport(info);
  const CONTRACT = copyContract(info.outputPath(), [FIRST]);
  const { child, ended } = begin({ folder: info.outputPath(), variables: { CONTRACT } });
  for await (const line of createInterface(child.stdout ?? process.stdin)) {
    const port = /^HueChat API 2 on the embedded mock, https:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    const connection = connect(Number(port), '127.0.0.1');
    await once(connection, 'connect');
    const closed = once(connection.resume(), 'close');
    child.kill('SIGKILL');
    await Promise.all([closed, ended]);
    break;
  }
  expect(child.signalCode).toBe('SIGKILL');
  expect(readFileSync(file, 'utf8')).toBe(EARLIER);
});
