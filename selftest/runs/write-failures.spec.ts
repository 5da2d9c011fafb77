import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { conformance, FEW_REPORTERS, type CommandLine, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept } from '../support/interceptor.ts';

/**
 * Whatever cannot be written: one sentence, exit code 2, and the reports of an earlier run as they were. Permissions bind no
 * root, so each obstacle here is one that stops root as well.
 */

test.describe.configure({ timeout: 120_000 });

/** What an earlier run left, by path in its folder. */
const EARLIER: Readonly<Record<string, string>> = {
  'conformance.json': '{ "verdict": "conforms" }\n',
  'conformance.html': '<p>conforms</p>\n',
  'summary.md': '## conforms\n',
  'conformance.sarif': '{}\n',
  'badge.json': '{}\n',
  'junit.xml': '<testsuites/>\n',
  'allure/index.html': '<p>Allure</p>\n',
  'allure-results/one-result.json': '{}\n',
  'html/index.html': '<p>Playwright</p>\n',
  'history/2030-01-01T00-00-00.000Z.json': '{}\n',
};

function leaveReports(reports: string, without: readonly string[] = []): void {
  for (const [name, text] of Object.entries(EARLIER)) {
    if (without.includes(name)) continue;
    mkdirSync(join(reports, name, '..'), { recursive: true });
    writeFileSync(join(reports, name), text);
  }
}

/** What is there, by path, but for the notice and what the runner repeats failed tests with. */
function textsIn(reports: string): Record<string, string> {
  const files = readdirSync(reports, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(reports.length + 1));
  const kept = paths.filter((path) => !/^(?:notice\.md$|test-results|not-in-place)/.test(path));
  return Object.fromEntries(kept.map((path) => [path, readFileSync(join(reports, path), 'utf8')]));
}

interface Attempt {
  readonly ran: CommandLine;
  readonly requests: number;
}

interface Obstacle {
  readonly variables?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Puts something in the way once the run has begun to ask. */
  readonly meanwhile?: (staging: string) => void;
}

async function attempt(info: TestInfo, { variables, args = FEW_REPORTERS, meanwhile }: Obstacle): Promise<Attempt> {
  const mock = await startMock(mockOf(await huechat()));
  let act = meanwhile;
  const interceptor = await intercept(mock, {
    meddle: () => {
      const reports = info.outputPath('reports');
      act?.(join(reports, readdirSync(reports).find((name) => name.startsWith('.')) ?? 'none'));
      act = undefined;
      return 'pass';
    },
  });
  try {
    const CONTRACT = copyContract(info.outputPath(), ['GET /contacts']);
    const ran = await conformance({
      folder: info.outputPath(),
      variables: { ...interceptor.settings, CONTRACT, ...variables },
      args,
    });
    return { ran, requests: interceptor.seen.length };
  } finally {
    await interceptor.close();
    await mock.close();
  }
}

test.describe('before the first request', () => {
  interface Early {
    readonly title: string;
    /** Makes the obstacle. */
    readonly prepare: (info: TestInfo) => Readonly<Record<string, string>>;
    readonly sentence: (info: TestInfo) => string;
  }
  const ELSEWHERE = 'correct that, or name another folder in CONFORMANCE_REPORTS.';
  const obstacles: readonly Early[] = [
    {
      title: 'the path of the reports is a file',
      prepare: (info) => {
        writeFileSync(info.outputPath('a-file'), '');
        return { CONFORMANCE_REPORTS: info.outputPath('a-file') };
      },
      sentence: (info) =>
        `${info.outputPath('a-file')} cannot be written, something else is in its place (EEXIST): ${ELSEWHERE}`,
    },
    {
      title: 'the folder takes no files from anyone',
      prepare: () => ({ CONFORMANCE_REPORTS: '/proc/self/reports' }),
      sentence: () =>
        `/proc/self/reports cannot be written, the folder that it belongs in is not there and cannot be made (ENOENT): ${ELSEWHERE}`,
    },
    {
      title: 'a folder is where conformance.json belongs',
      prepare: (info) => {
        leaveReports(info.outputPath('reports'), ['conformance.json']);
        mkdirSync(info.outputPath('reports/conformance.json'));
        return {};
      },
      sentence: (info) =>
        `${info.outputPath('reports/conformance.json')} cannot be written, a folder is in its place (EISDIR): ${ELSEWHERE}`,
    },
    {
      title: 'the folder for temporary files cannot be used',
      prepare: (info) => {
        writeFileSync(info.outputPath('a-file'), '');
        return { TMPDIR: info.outputPath('a-file') };
      },
      sentence: (info) =>
        `${info.outputPath('a-file')} cannot be written, a file is where a folder has to be (ENOTDIR): correct that, or name another folder in TMPDIR.`,
    },
  ];
  for (const { title, prepare, sentence } of obstacles)
    test(`${title}: exit 2, one sentence, nothing asked and nothing touched`, async ({}, info) => {
      mkdirSync(info.outputPath('reports'), { recursive: true });
      const variables = prepare(info);
      const before = textsIn(info.outputPath('reports'));
      const { ran, requests } = await attempt(info, { variables });
      expect(ran.err).toBe(`${sentence(info)}\n`);
      expect(ran.code).toBe(2);
      expect(ran.out).not.toMatch(/^ {4}at |verdict|reports:/m);
      expect(requests).toBe(0);
      expect(textsIn(info.outputPath('reports'))).toEqual(before);
    });
});

test.describe('after everything was judged', () => {
  const ALL: readonly string[] = [];
  const FULL = '/dev/full';
  const late = [
    {
      title: 'the disk is full for conformance.json',
      file: 'conformance.json',
      args: FEW_REPORTERS,
      block: (path: string) => symlinkSync(FULL, path),
      what: 'reports/conformance.json',
      why: /the disk is full \(ENOSPC\): make room there, or name another folder/,
      isKept: false,
    },
    {
      title: 'the disk is full for a report that is made of it',
      file: 'junit.xml',
      args: FEW_REPORTERS,
      block: (path: string) => symlinkSync(FULL, path),
      what: 'reports/junit.xml',
      why: /the disk is full \(ENOSPC\): make room there, or name another folder/,
      isKept: true,
    },
    {
      title: 'the results of Allure cannot be written',
      file: 'allure-results',
      args: ALL,
      block: (path: string) => writeFileSync(path, ''),
      what: 'reports/allure-results',
      why: /(?:a file is where a folder has to be \(ENOTDIR\)|something else is in its place \(EEXIST\)): correct that, or name another folder/,
      isKept: true,
    },
  ];
  for (const { title, file, args, block, what, why, isKept } of late)
    test(`${title}: exit 2, one sentence, and the reports before are whole`, async ({}, info) => {
      const reports = info.outputPath('reports');
      leaveReports(reports);
      const { ran } = await attempt(info, { args, meanwhile: (staging) => block(join(staging, file)) });
      expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
      expect(ran.err).toMatch(why);
      expect(ran.err.startsWith(info.outputPath(what))).toBe(true);
      expect(ran.code).toBe(2);
      // What was found is told all the same.
      expect(ran.out).toMatch(/^verdict: conforms$/m);
      expect(ran.out).toContain(`The reports in ${reports} are of an earlier run.`);
      expect(ran.out).not.toMatch(/^reports:|^ {4}at /m);
      expect(textsIn(reports)).toEqual(EARLIER);
      expect(readFileSync(join(reports, 'notice.md'), 'utf8')).toContain(ran.err.trim());
      expect(lstatSync(join(reports, 'not-in-place'), { throwIfNoEntry: false }) !== undefined).toBe(isKept);
      if (isKept) expect(reportOf({ reports: join(reports, 'not-in-place') }).verdict).toBe('conforms');
    });
});

test('a run that can be written replaces all of an earlier one, and what that one could not say of itself', async ({}, info) => {
  const reports = info.outputPath('reports');
  leaveReports(reports);
  mkdirSync(join(reports, 'not-in-place'));
  writeFileSync(join(reports, 'notice.md'), '## The reports could not be written\n');
  const { ran } = await attempt(info, {});
  expect(ran).toMatchObject({ code: 0, err: '' });
  expect(Object.keys(textsIn(reports)).filter((name) => !name.startsWith('history'))).toEqual(
    expect.arrayContaining(['conformance.json', 'junit.xml']),
  );
  // This run had no reporter for these, so that they would be of another run.
  for (const name of ['html', 'allure', 'allure-results', 'notice.md', 'not-in-place'])
    expect(readdirSync(reports)).not.toContain(name);
  for (const [name, text] of Object.entries(EARLIER))
    if (!name.includes('/')) expect(readFileSync(join(reports, name), 'utf8'), name).not.toBe(text);
  expect(readdirSync(join(reports, 'history'))).toHaveLength(2);
});
