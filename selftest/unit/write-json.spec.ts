import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeJson } from '../../src/reporting/write-json.ts';
import { expect, test } from '../support/unit-test.ts';

/** The file that each value is written to in its turn. */
const file = join(tmpdir(), `write-json-${process.pid}.json`);

const values: readonly object[] = [
  {},
  { empty: [], none: {}, nothing: null, absent: undefined },
  { text: 'line\nbreak, "quoted" and \u2028', number: 1.5, yes: true },
  { list: [1, 'two\n', { three: [3, { four: undefined }] }, [], {}, null, undefined] },
  {
    cells: Array.from({ length: 5000 }, (_, index) => ({ index, cases: [{ case: 'no-key', text: 'x'.repeat(300) }] })),
  },
];

for (const [index, value] of values.entries())
  test(`value ${index + 1} is written as JSON.stringify gives it`, () => {
    writeJson(file, value);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(value, null, 1)}\n`);
  });

test('a file that cannot be written is named', () => {
  const folder = tmpdir();
  expect(() => writeJson(folder, {})).toThrow(expect.objectContaining({ path: folder, code: 'EISDIR' }));
});
