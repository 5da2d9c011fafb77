import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DefectId, defectIds, defects, isDefectId } from '../mock/defects/index.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { complaintLines } from '../selftest/support/complaints.ts';
import { contractFor, judgeMock, operationsFor, variablesFor } from '../selftest/support/harness.ts';
import { writeComplaints } from './write-complaints.ts';

/**
 * Prints what the suite says of each defect of the mock, in the form that its entry in mock/defects has. Read it before you
 * paste it: the entry is what the suite ought to say.
 */
const { words, values } = argumentsOf('defects');
const isEachSort = values['each-sort'] === true;
const isWriting = values['write'] === true;
const unknown = words.filter((word) => !isDefectId(word));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no defect ${unknown.join(', ')}: npm run mock -- --list-defects shows those there are.\n`,
  );
  process.exitCode = 2;
} else {
  for (const id of defectIds) if (words.length === 0 || words.includes(id)) await print(id);
}

async function print(id: DefectId): Promise<void> {
  const contract = await contractFor(id);
  const { cells } = await judgeMock({
    contract,
    defect: { id },
    operations: isEachSort ? operationsFor(id, true) : operationsFor(id),
    variables: variablesFor(id),
  });
  const complaints = complaintLines(cells, contract);
  if (isEachSort) {
    if (complaints.join('\n') === defects[id].complaints.join('\n')) return;
    process.exitCode = 1;
  }
  if (isWriting) {
    if (complaints.join('\n') === defects[id].complaints.join('\n')) return;
    const files = readdirSync('mock/defects').map((name) => join('mock/defects', name));
    const file = await writeComplaints(files, id, complaints);
    process.stdout.write(`${id}: ${file ?? 'change by hand what it has in common with others'}\n`);
    if (file === undefined) process.exitCode = 1;
    return;
  }
  const lines = complaints.map((line) => `      ${JSON.stringify(line)},\n`);
  process.stdout.write(`  '${id}': {\n    complaints: [\n${lines.join('')}    ],\n  },\n`);
}
