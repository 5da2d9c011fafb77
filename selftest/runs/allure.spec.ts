import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type TestInfo } from '@playwright/test';
import { AllureGenerator } from '../../src/reporting/allure.ts';

/** Results as `allure-playwright` writes them. */
function someResults(info: TestInfo): string {
  const folder = info.outputPath('allure-results');
  mkdirSync(folder, { recursive: true });
  for (const name of ['one', 'two'])
    writeFileSync(
      join(folder, `${name}-result.json`),
      JSON.stringify({ uuid: name, name, fullName: name, status: 'passed', stage: 'finished', start: 1, stop: 2 }),
    );
  return folder;
}

for (const isPrepared of [true, false])
  test(`a report is made ${isPrepared ? 'by the process that waited' : 'without one that waited'}`, async ({}, info) => {
    const output = info.outputPath('allure');
    const generator = new AllureGenerator(someResults(info), output);
    if (isPrepared) generator.prepare();
    const waiting = generator.pid;
    expect(waiting !== undefined).toBe(isPrepared);
    await generator.write();
    expect(readFileSync(join(output, 'index.html'), 'utf8')).toContain('Authentication conformance');
    expect(waiting !== undefined && isAlive(waiting)).toBe(false);
  });

for (const [when, then, ending] of [
  ['before it is asked for a report', 'wait', 'SIGKILL'],
  ['while it makes the report', 'write', 'SIGKILL'],
  ['while it makes the report, by Ctrl-C', 'write', 'SIGINT'],
] as const)
  test(`a generator goes when its run is gone ${when}`, async ({}, info) => {
    const output = info.outputPath('allure');
    const { holder, pid } = await holding(someResults(info), output, then);
    expect(isAlive(pid)).toBe(true);
    holder.kill(ending);
    await once(holder, 'exit');
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(existsSync(join(output, 'index.html'))).toBe(false);
  });

test('a generator goes when there is to be no report', async ({}, info) => {
  const output = info.outputPath('allure');
  const { holder, pid } = await holding(someResults(info), output, 'cancel');
  await expect.poll(() => isAlive(pid)).toBe(false);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(existsSync(output)).toBe(false);
});

async function holding(
  results: string,
  output: string,
  then: 'wait' | 'write' | 'cancel',
): Promise<{ holder: ReturnType<typeof spawn>; pid: number }> {
  const args = ['--import', 'tsx', 'selftest/support/allure-holder.ts', results, output, then];
  const holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  return { holder, pid: Number(said.toString()) };
}

/** Whether a process runs: one that has ended and waits for its parent to look does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
