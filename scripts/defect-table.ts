import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DefectId, defects } from '../mock/defects/index.ts';
import { complaintLines } from '../selftest/support/complaints.ts';
import { contractFor, judgeMock, operationsFor, variablesFor } from '../selftest/support/harness.ts';
import { writeComplaints } from './write-complaints.ts';

/**
 * Prints what the suite says of each defect of the mock, in the form that its entry in mock/defects has. Read it before you
 * paste it: the entry is what the suite ought to say.
 *
 * Usage: npm run defects [-- ID …]. With --write it puts what it finds into the entries, names those that changed, and ends
 * with 1 if one is to be changed by hand: read the difference before you commit it. Or npm run defects -- --each-sort [ID …], which judges on more operations than the
 * self-test does, prints only the defects of which more is found than their entry says, and ends with 1 if there is one.
 */
const EACH_SORT = '--each-sort';
const WRITE = '--write';
const isEachSort = process.argv.includes(EACH_SORT);
const isWriting = process.argv.includes(WRITE);
const wanted = process.argv.slice(2).filter((word) => word !== EACH_SORT && word !== WRITE);
const files = readdirSync('mock/defects').map((name) => join('mock/defects', name));
for (const id of (Object.keys(defects) as DefectId[]).filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const contract = await contractFor(id);
  const { cells } = await judgeMock({
    contract,
    defect: { id },
    operations: isEachSort ? operationsFor(id, true) : operationsFor(id),
    variables: variablesFor(id),
  });
  const complaints = complaintLines(cells, contract);
  if (isEachSort) {
    if (complaints.join('\n') === defects[id].complaints.join('\n')) continue;
    process.exitCode = 1;
  }
  if (isWriting) {
    if (complaints.join('\n') === defects[id].complaints.join('\n')) continue;
    const file = await writeComplaints(files, id, complaints);
    process.stdout.write(`${id}: ${file ?? 'change by hand what it has in common with others'}\n`);
    if (file === undefined) process.exitCode = 1;
    continue;
  }
  const lines = complaints.map((line) => `      ${JSON.stringify(line)},\n`);
  process.stdout.write(`  '${id}': {\n    complaints: [\n${lines.join('')}    ],\n  },\n`);
}
