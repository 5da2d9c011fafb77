import { type DefectId, defects } from '../mock/defects/index.ts';
import { complaintLines } from '../selftest/support/complaints.ts';
import { contractFor, judgeMock, operationsFor, variablesFor } from '../selftest/support/harness.ts';

/**
 * Prints what the suite says of each defect of the mock, in the form that its entry in mock/defects has. Read it before you
 * paste it: the entry is what the suite ought to say.
 *
 * Usage: npm run defects [-- ID …]
 */
const wanted = process.argv.slice(2);
for (const id of (Object.keys(defects) as DefectId[]).filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const contract = await contractFor(id);
  const { cells } = await judgeMock({
    contract,
    defect: { id },
    operations: operationsFor(id),
    variables: variablesFor(id),
  });
  const lines = complaintLines(cells, contract).map((line) => `      ${JSON.stringify(line)},\n`);
  process.stdout.write(`  '${id}': {\n    complaints: [\n${lines.join('')}    ],\n  },\n`);
}
