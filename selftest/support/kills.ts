import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defectIds } from '../../mock/defects/index.ts';
import type { Kill } from './weakenings.ts';

/** What the tests of the defects leave for the tests of the suite as a whole. */
const FOLDER = 'reports/selftest-kills';

export function saveKill(kill: Kill): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${kill.defect}.json`), JSON.stringify(kill));
}

/** @param since Unix time in milliseconds; what is older is left out */
export function readKills(since = 0): Kill[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .map((file) => join(FOLDER, file))
    .filter((file) => statSync(file).mtimeMs >= since)
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Kill)
    .toSorted((a, b) => (a.defect < b.defect ? -1 : 1));
}

/** Ids of the defects that no test has left anything about: a matrix without them would say that nothing catches them. */
export function withoutKills(kills: readonly Kill[]): string[] {
  const judged = new Set<string>(kills.map(({ defect }) => defect));
  return defectIds.filter((id) => !judged.has(id));
}
