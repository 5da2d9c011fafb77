import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MockOptions, startMock } from '../../mock/start.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { judgeKeys } from '../../src/judging/keys/judge-keys.ts';
import type { Cell } from '../../src/model/cell.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { KeyPromises } from '../../src/model/key-lifecycle.ts';
import { askKeys, type KeyFindings } from '../../src/run/keys/ask-keys.ts';
import { keyRules } from '../../tests/catalogue/index.ts';
import { AT_ONCE, contractWithKeys } from './key-contract.ts';
import { movedClock } from './moved-clock.ts';

/** Seconds: longer than a key that comes back stays away, and no longer than it takes, since each second costs requests. */
const WATCH = 32;

const PROMISES: KeyPromises = { ...AT_ONCE, overlap: 15, lastUsedWithin: 15 };

const contracts = new Map<string, Promise<Contract>>();

export interface JudgedKeys extends KeyFindings {
  readonly contract: Contract;
  readonly cells: readonly Cell[];
}

/** What the suite says of the keys of a mock over time, which passes at once: one clock is moved for both. */
export async function judgeKeysOfMock({
  promises = PROMISES,
  ...options
}: Pick<MockOptions, 'defect' | 'variant'> & { readonly promises?: KeyPromises }): Promise<JudgedKeys> {
  const folder = mkdtempSync(join(tmpdir(), 'keys-over-time-'));
  const name = JSON.stringify(promises);
  const contract = await (contracts.get(name) ?? contractWithKeys(join(folder, 'openapi.json'), promises));
  contracts.set(name, Promise.resolve(contract));
  const clock = movedClock();
  const mock = await startMock({ document: contract.document, name: contract.id, clock, ...options });
  try {
    const settings = mock.settings('sandbox');
    const target = readTarget(contract, { ...settings, [`${contract.id.toUpperCase()}_KEY_WATCH`]: String(WATCH) });
    const found = await askKeys(contract, target, { clock, journalFolder: folder, tries: 1, backoff: 1 });
    return { ...found, contract, cells: judgeKeys(keyRules, found.observations, contract) };
  } finally {
    await mock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
