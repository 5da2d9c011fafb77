import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DefectId,
  defectIds,
  defects,
  type LifecycleDefectId,
  lifecycleDefectIds,
  lifecycleDefects,
} from '../mock/defects/index.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { complaintLines } from '../selftest/support/complaints.ts';
import { contractFor, judgeMock, operationsFor, variablesFor } from '../selftest/support/harness.ts';
import { judgeKeysOfMock } from '../selftest/support/key-harness.ts';
import { killMatrix } from '../selftest/support/kill-matrix.ts';
import { readKills, saveKill } from '../selftest/support/kills.ts';
import { tryWeakenings } from '../selftest/support/weakenings.ts';
import { problemOfDefects } from './known-defects.ts';
import { writeComplaints } from './write-complaints.ts';

const COUNTS_FILE = 'selftest/judged/defects.spec.ts';

/**
 * Prints what the suite says of each defect of the mock, in the form that its entry in mock/defects has. Read it before you
 * paste it: the entry is what the suite ought to say.
 */
const { words, values } = argumentsOf('defects');
const isEachSort = values['each-sort'] === true;
const isWriting = values['write'] === true;
const problem = problemOfDefects(words);
if (problem !== undefined) {
  process.stderr.write(problem);
  process.exitCode = 2;
} else {
  const isWanted = (id: string): boolean => words.length === 0 || words.includes(id);
  for (const id of defectIds.filter(isWanted)) await print(id);
  if (!isEachSort) for (const id of lifecycleDefectIds.filter(isWanted)) await printOfKeys(id);
  if (isWriting && words.length === 0) await writeWhatFollows();
}

async function print(id: DefectId): Promise<void> {
  const contract = await contractFor(id);
  const judged = await judgeMock({
    contract,
    defect: { id },
    operations: isEachSort ? operationsFor(id, true) : operationsFor(id),
    variables: variablesFor(id),
  });
  const complaints = complaintLines(judged.cells, contract);
  const isAsWritten = complaints.join('\n') === defects[id].complaints.join('\n');
  if (isWriting) {
    saveKill(tryWeakenings(id, judged));
    if (!isAsWritten) await write(id, complaints);
    return;
  }
  if (isEachSort) {
    if (isAsWritten) return;
    process.exitCode = 1;
  }
  show(id, complaints);
}

/** A defect of keys that change: no operation of its own shows it, and no weakening of a case is tried on it. */
async function printOfKeys(id: LifecycleDefectId): Promise<void> {
  const { cells, contract } = await judgeKeysOfMock({ defect: { id } });
  const complaints = complaintLines(cells, contract);
  const isAsWritten = complaints.join('\n') === lifecycleDefects[id].complaints.join('\n');
  if (!isWriting) show(id, complaints);
  else if (!isAsWritten) await write(id, complaints);
}

function show(id: string, complaints: readonly string[]): void {
  const lines = complaints.map((line) => `      ${JSON.stringify(line)},\n`);
  process.stdout.write(`  '${id}': {\n    complaints: [\n${lines.join('')}    ],\n  },\n`);
}

async function write(id: DefectId | LifecycleDefectId, complaints: readonly string[]): Promise<void> {
  const files = readdirSync('mock/defects').map((name) => join('mock/defects', name));
  const file = await writeComplaints(files, id, complaints);
  process.stdout.write(`${id}: ${file ?? 'change by hand what it has in common with others'}\n`);
  if (file === undefined) process.exitCode = 1;
}

/** The number of requests of a whole run, the kill matrix, and the pages that are made of the catalogue. */
async function writeWhatFollows(): Promise<void> {
  const counts: Record<string, number> = {};
  for (const environment of ['sandbox', 'production'] as const)
    counts[environment] = (await judgeMock({ environment })).requests;
  const text = readFileSync(COUNTS_FILE, 'utf8');
  const written = text.replace(
    /const REQUESTS = .*;/,
    `const REQUESTS = { sandbox: ${counts['sandbox']}, production: ${counts['production']} };`,
  );
  if (written !== text) {
    writeFileSync(COUNTS_FILE, written);
    process.stdout.write(`${COUNTS_FILE}: ${JSON.stringify(counts)} requests\n`);
  }
  writeFileSync('docs/kill-matrix.md', killMatrix(readKills()));
  execFileSync(process.execPath, ['scripts/start.js', 'scripts/docs.ts'], { stdio: 'inherit' });
}
