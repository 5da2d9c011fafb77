import type { DefectId } from '../mock/defects/index.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { judgeBehind } from '../selftest/support/behind.ts';
import { conclusions, overtaking } from '../selftest/support/flaky.ts';
import { DEFECTS_OF_STATE, operationsFor } from '../selftest/support/harness.ts';

/**
 * Whether a server that remembers what was before draws the same cells in every run: each defect of state is judged so many
 * times on the operations that draw all its complaints, over a network on which requests overtake each other, and every run
 * is held against the first.
 */
const { values } = argumentsOf('bench:state');
const runs = Number(values.runs);
const LONGEST_WAIT = Number(values.turns);

let unsteady = 0;
for (const id of DEFECTS_OF_STATE) {
  const { distinct, differing, cells, failing } = await judgeOften(id);
  if (distinct > 1) unsteady++;
  say(
    `${id}: ${distinct === 1 ? 'the same' : `${distinct} different`} in ${runs} runs; ${cells} cells, ${failing} fail` +
      (differing.length > 0 ? `; differing: ${differing.join(', ')}` : ''),
  );
}
say(`${DEFECTS_OF_STATE.length - unsteady} of ${DEFECTS_OF_STATE.length} defects draw the same cells ${runs} times`);
process.exitCode = unsteady === 0 ? 0 : 1;

interface Often {
  readonly distinct: number;
  /** Cells that did not always come out alike. */
  readonly differing: readonly string[];
  readonly cells: number;
  readonly failing: number;
}

async function judgeOften(id: DefectId): Promise<Often> {
  const seen = new Set<string>();
  const differing = new Set<string>();
  let first: ReadonlyMap<string, string> | undefined;
  for (let seed = 1; seed <= runs; seed++) {
    const { cells } = await judgeBehind({
      defect: { id },
      turns: overtaking(LONGEST_WAIT, seed),
      operations: operationsFor(id),
    });
    const found = conclusions(cells);
    seen.add(JSON.stringify([...found]));
    first ??= found;
    for (const [cell, conclusion] of found) if (first.get(cell) !== conclusion) differing.add(cell);
  }
  const all = [...(first?.values() ?? [])];
  const failing = all.filter((conclusion) => /^(violates|deviates)/.test(conclusion)).length;
  return { distinct: seen.size, differing: [...differing], cells: all.length, failing };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
