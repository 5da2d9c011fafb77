import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { WebSocket } from 'undici';
import { startMock } from '../../mock/start.ts';
import { begin, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';

/** Playwright's UI and the runner in an editor: a server of Playwright's lists tests, and has them run any number of times. */
const PLAYWRIGHT = 'node_modules/playwright/cli.js';
const SERVER = ['test-server', '--config', 'playwright.config.ts'];
const OPERATIONS = ['GET /contacts', 'GET /conversations'];

test.describe.configure({ timeout: 180_000 });

/** What the extension of an editor says to the server. */
class Editor {
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, (result: unknown) => void>();
  #asked = 0;

  constructor(address: string) {
    this.#socket = new WebSocket(address);
    this.#socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
      if (id !== undefined) this.#replies.get(id)?.(result);
    });
  }

  async open(): Promise<void> {
    await new Promise((opened) => this.#socket.addEventListener('open', opened, { once: true }));
  }

  ask(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#asked;
    const reply = new Promise((resolve) => this.#replies.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return reply;
  }

  close(): void {
    this.#socket.close();
  }
}

async function addressIn(out: Readable): Promise<string> {
  for await (const line of createInterface(out)) {
    const [, address] = /^Listening on (ws:.*)$/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('the server did not say where it listens');
}

test("a server of Playwright's runs one operation after another, and each run says what it found itself", async ({}, info) => {
  const mock = await startMock({ ...mockOf(await huechat()), defect: { id: 'missing-key-accepted' } });
  const variables = { ...mock.settings('sandbox'), CONTRACT: copyContract(info.outputPath(), OPERATIONS) };
  const { child, ended } = begin({ variables, folder: info.outputPath(), module: PLAYWRIGHT, args: SERVER });
  try {
    if (!child.stdout) throw new Error('the server has no standard output');
    const editor = new Editor(await addressIn(child.stdout));
    await editor.open();
    await editor.ask('initialize', { watchTestDirs: false });
    expect(await editor.ask('runGlobalSetup')).toMatchObject({ status: 'passed' });
    expect(await editor.ask('listTests', {})).toMatchObject({ status: 'passed' });
    // The second run is of what the first one has asked: that says nothing of the target as it is now.
    for (const operation of [...OPERATIONS, OPERATIONS[0]]) {
      expect(await editor.ask('runTests', { grep: `${operation} ` })).toMatchObject({ status: 'failed' });
      const report = reportOf({ reports: info.outputPath('reports') });
      expect(report.verdict).toBe('violates');
      expect(report.requests).toBeGreaterThan(50);
      const violated = report.cells.filter(({ outcome }) => outcome === 'violates');
      expect(violated.map((cell) => cell.operation)).toContain(operation);
      expect(new Set(violated.map((cell) => cell.operation))).toEqual(new Set([operation]));
    }
    editor.close();
  } finally {
    child.kill('SIGINT');
    await ended;
    await mock.close();
  }
});
