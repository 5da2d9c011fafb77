import { existsSync, type FSWatcher, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { AllureGenerator } from '../../src/reporting/allure.ts';
import { writeAllureResults } from '../../src/reporting/allure-results.ts';
import { begin, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { sample } from '../support/report-samples.ts';

async function someResults(info: TestInfo): Promise<string> {
  const folder = info.outputPath('allure-results');
  writeAllureResults(folder, await sample({ operations: 1 }), []);
  return folder;
}

test('a report is one page that is made of the results, and nothing else is written', async ({}, info) => {
  const output = info.outputPath('allure');
  expect(await new AllureGenerator().make(await someResults(info), output)).toBeUndefined();
  expect(readFileSync(join(output, 'index.html'), 'utf8')).toContain('HueChat API keeps every promise');
  expect(existsSync('known-issues.json'), 'in the folder of the process').toBe(false);
});

test('a report that cannot be made is one sentence with the reason', async ({}, info) => {
  const nothing = info.outputPath('nothing');
  expect(await new AllureGenerator().make(nothing, info.outputPath('allure'))).toMatch(
    /^The Allure report could not be made, all other reports are complete: ENOENT: .*nothing.allurerc\.json'$/,
  );
  writeFileSync(info.outputPath('a-file'), '');
  expect(await new AllureGenerator().make(await someResults(info), info.outputPath('a-file/allure'))).toMatch(
    /^The Allure report could not be made, all other reports are complete: .+$/,
  );
});

test('Ctrl-C while the report is made ends all of the run, and all other reports are put in place', async ({}, info) => {
  test.setTimeout(120_000);
  const mock = await startMock(mockOf(await huechat()));
  const reports = info.outputPath('reports');
  mkdirSync(join(reports, 'allure'), { recursive: true });
  const CONTRACT = copyContract(info.outputPath(), ['GET /contacts']);
  const { child, ended } = begin({
    variables: { ...mock.settings('sandbox'), CONTRACT },
    folder: info.outputPath(),
    ownGroup: true,
  });
  const group = -Number(child.pid);
  const watched: FSWatcher[] = [];
  watched.push(
    watch(reports, (_, staging) => {
      const path = join(reports, staging ?? '');
      if (watched.length > 1 || !staging?.startsWith('.') || !existsSync(path)) return;
      // What the report is made of is written just before it is made.
      let isInterrupted = false;
      watched.push(
        watch(path, (__, name) => {
          if (isInterrupted || name !== 'allure-results') return;
          isInterrupted = true;
          process.kill(group, 'SIGINT');
        }),
      );
    }),
  );
  const { out, err, code } = await ended.finally(() => {
    for (const watcher of watched) watcher.close();
    return mock.close();
  });
  expect(out).toMatch(/^verdict: conforms/m);
  expect(err).toBe('The Allure report was not made, all other reports are complete: the run was interrupted.\n');
  expect(code, 'a report is missing').toBe(2);
  // One that has ended is there until somebody asks how.
  await expect(() => expect(() => process.kill(group, 0)).toThrow('ESRCH'), 'no process of the run is left').toPass();
  expect(reportOf({ reports }).verdict).toBe('conforms');
  expect(existsSync(join(reports, 'html', 'index.html'))).toBe(true);
  expect(existsSync(join(reports, 'allure')), 'the one of an earlier run').toBe(false);
});
