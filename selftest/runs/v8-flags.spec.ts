import { spawnSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { keepHeapSmall, optimizeLate } from '../../src/asking/v8-flags.ts';

test('the flags are those of the V8 that is here, which knows each of them', () => {
  const flags = [...optimizeLate(), ...keepHeapSmall()];
  expect(flags.length).toBeGreaterThan(1);
  const set = `require('node:v8').setFlagsFromString(process.argv[1])`;
  for (const flag of flags)
    expect(spawnSync(process.execPath, ['-e', set, '--', flag]).stderr.toString(), flag).toBe('');
  expect(spawnSync(process.execPath, ['-e', set, '--', '--no-such-flag']).stderr.toString()).toContain(
    '--no-such-flag',
  );
});

test('of a V8 that nobody tried none is set', () => {
  expect([...optimizeLate('99.1.2'), ...keepHeapSmall('99.1.2')]).toEqual([]);
});
