import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestInfo } from '@playwright/test';
import { readFileError } from '../../src/config/unwritable.ts';
import { ReportFolder } from '../../src/reporting/report-folder.ts';
import { expect, test } from '../support/unit-test.ts';

function write(folder: string, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function textsIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

const EARLIER = {
  'conformance.json': 'earlier',
  'junit.xml': 'earlier',
  'html/index.html': 'earlier',
  'allure/index.html': 'earlier',
  'allure/only-then.js': 'earlier',
  'allure-results/one.json': 'earlier',
  'blobs/report-1.zip': 'earlier',
  'history/2030-01-01T00-00-00.000Z.json': 'earlier',
  'notice.md': 'earlier',
  'not-in-place/conformance.json': 'earlier',
  'of-the-user.txt': 'earlier',
};

const NOW = {
  'conformance.json': 'now',
  'junit.xml': 'now',
  'allure/index.html': 'now',
  'history/2030-01-02T00-00-00.000Z.json': 'now',
  'of-another-reporter.json': 'now',
};

/** A folder with the reports of an earlier run, and those of a run that is about to end beside them. */
function withBoth(info: TestInfo): { folder: string; staging: string; reports: ReportFolder } {
  const folder = info.outputPath('reports');
  const staging = join(folder, `.run-${process.pid}-now`);
  write(folder, EARLIER);
  const reports = new ReportFolder(folder, staging);
  reports.open();
  write(staging, NOW);
  return { folder, staging, reports };
}

test('reports take the place of all of an earlier run; its history and what is nobody’s report stay', ({}, info) => {
  const { folder, reports } = withBoth(info);
  reports.replace();
  expect(textsIn(folder)).toEqual({
    ...NOW,
    'history/2030-01-01T00-00-00.000Z.json': 'earlier',
    'of-the-user.txt': 'earlier',
  });
});

test('what merging reads stays', ({}, info) => {
  const { folder, reports } = withBoth(info);
  reports.replace(['allure-results', 'blobs']);
  expect(textsIn(folder)).toMatchObject({ 'allure-results/one.json': 'earlier', 'blobs/report-1.zip': 'earlier' });
});

test('where one report cannot take its place, all of an earlier run are put back', ({}, info) => {
  const { folder, reports } = withBoth(info);
  // It was a folder when the run began. History is the last to be moved.
  rmSync(join(folder, 'history'), { recursive: true });
  writeFileSync(join(folder, 'history'), 'a file');
  expect(() => reports.replace()).toThrow(
    `${join(folder, 'history/2030-01-02T00-00-00.000Z.json')} cannot be written, something else is in its place (EEXIST): correct that, or name another folder in CONFORMANCE_REPORTS.`,
  );
  reports.close();
  const { 'history/2030-01-01T00-00-00.000Z.json': _, ...others } = EARLIER;
  expect(textsIn(folder)).toEqual({ ...others, history: 'a file' });
});

test('reports that cannot take their place are kept beside, if there is one to read', ({}, info) => {
  const { folder, staging, reports } = withBoth(info);
  expect(reports.setAside()).toBe(join(folder, 'not-in-place'));
  expect(textsIn(join(folder, 'not-in-place'))).toEqual(NOW);
  reports.close();
  reports.open();
  write(staging, { 'conformance.json': '' });
  expect(reports.setAside()).toBeUndefined();
  reports.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('what killed runs left is removed, and what a run is writing is not', ({}, info) => {
  const folder = info.outputPath('reports');
  // No process has an id as large: Linux gives 4194304 at most, others less.
  write(folder, { '.run-99999999-gone/junit.xml': '', [`.run-${process.ppid}-busy/junit.xml`]: '', '.other/a': '' });
  const reports = new ReportFolder(folder, join(folder, `.run-${process.pid}-now`));
  reports.open();
  reports.close();
  expect(readdirSync(folder).toSorted()).toEqual(['.other', `.run-${process.ppid}-busy`]);
});

test.describe('a folder that cannot be written is one sentence, before anything is written', () => {
  const obstacles: readonly (readonly [code: string, make: (info: TestInfo) => string])[] = [
    ['ENAMETOOLONG', (info) => info.outputPath('n'.repeat(300))],
    [
      'ELOOP',
      (info) => {
        symlinkSync('loop', info.outputPath('loop'));
        return info.outputPath('loop/reports');
      },
    ],
    [
      'EEXIST',
      (info) => {
        symlinkSync('nowhere', info.outputPath('link'));
        return info.outputPath('link');
      },
    ],
    [
      'ENOTDIR',
      (info) => {
        writeFileSync(info.outputPath('a-file'), '');
        return info.outputPath('a-file/reports');
      },
    ],
    [
      'ENOTDIR',
      (info) => {
        write(info.outputPath('reports'), { allure: 'a file' });
        return info.outputPath('reports');
      },
    ],
  ];
  for (const [index, [code, make]] of obstacles.entries())
    test(`${code} (${index + 1})`, ({}, info) => {
      mkdirSync(info.outputDir, { recursive: true });
      const folder = make(info);
      const reports = new ReportFolder(folder, join(folder, '.run-1-now'));
      expect(() => reports.open()).toThrow(
        new RegExp(
          `^${folder}(?:/allure)? cannot be written, .+ \\(${code}\\): correct that, or name another folder in`,
        ),
      );
    });
});

test('an error of the file system is known by its text, and no other one is', () => {
  expect(readFileError("Error: EISDIR: illegal operation on a directory, open '/a, b/junit.xml'")).toEqual({
    ...{ code: 'EISDIR', path: '/a, b/junit.xml' },
  });
  expect(readFileError('ENOSPC: no space left on device, write')).toEqual({ code: 'ENOSPC', path: undefined });
  expect(readFileError("EXDEV: cross-device link not permitted, rename '/a' -> '/b'")).toMatchObject({ path: '/a' });
  for (const other of [
    'connect ECONNREFUSED 127.0.0.1:1',
    'Error: ECONNRESET: socket hang up, read',
    'a.pem cannot be read (ENOENT: no such file or directory, open a.pem)',
  ])
    expect(readFileError(other), other).toBeUndefined();
});
