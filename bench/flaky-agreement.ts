import type { DefectId } from '../mock/defects/index.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { SENDER_DEFAULTS } from '../src/http/sender.ts';
import type { Cell } from '../src/model/cell.ts';
import { judgeBehind } from '../selftest/support/behind.ts';
import { conclusions, flaky } from '../selftest/support/flaky.ts';

/**
 * Whether a bad network changes what the suite says: the same mock, sound and with a defect, behind 3 % connection resets,
 * 3 % 503s and a rate limit of 60 requests in 2 seconds, held cell by cell against a run behind a good network.
 */
const { values } = argumentsOf('bench:flaky');
const runs = Number(values.runs);
const atOnce = Number(values['at-once']);
const firstSeed = Number(values.seed);

const SHARE = 0.03;
const RATE_LIMIT = { limit: 60, windowSeconds: 2 };
const MOCKS: readonly (DefectId | undefined)[] = [undefined, 'missing-key-accepted'];
const { tries, backoff, timeout, concurrency } = SENDER_DEFAULTS;
const wire = { tries, backoff, timeout, concurrency };

interface Compared {
  readonly cells: number;
  readonly differing: readonly string[];
}

async function compare(defect: DefectId | undefined, expected: readonly Cell[], seed: number): Promise<Compared> {
  const { meddle, tally } = flaky(SHARE, seed);
  const mock = { ...(defect && { defect: { id: defect } }), rateLimit: RATE_LIMIT };
  const started = performance.now();
  const { cells, requests, announced } = await judgeBehind({ ...mock, wire, meddle });
  const differing = differences(expected, cells);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  say(
    `  seed ${seed}: ${expected.length - differing.length} of ${expected.length} cells agree; ${requests} requests, ${tally.resets} resets, ${tally.unavailable} 503s, ${announced.length} waits for the rate limit, ${seconds} s`,
  );
  for (const line of differing) say(`    ${line}`);
  return { cells: expected.length, differing };
}

/** The cells that come out otherwise, each with the first of its cases that does and why. */
function differences(expected: readonly Cell[], found: readonly Cell[]): string[] {
  const before = conclusions(expected);
  return [...conclusions(found)].flatMap(([name, conclusion], index) => {
    if (before.get(name) === conclusion) return [];
    const cases = conclusion.split('; ');
    const other = (before.get(name) ?? '').split('; ');
    const at = cases.findIndex((one, position) => position > 0 && one !== other[position]);
    return [
      `${name}: ${cases[at]} instead of ${other[at]}: ${found[index]?.cases[at - 1]?.reason ?? 'no reason given'}`,
    ];
  });
}

/** So many at a time, since most of a run is waiting for the rate limit. */
async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const compared: Compared[] = [];
for (const defect of MOCKS) {
  const good = await judgeBehind({ ...(defect && { defect: { id: defect } }), wire });
  say(`${defect ?? 'the sound mock'}: ${good.requests} requests behind a good network`);
  const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index);
  compared.push(...(await inTurn(seeds, (seed) => compare(defect, good.cells, seed))));
}
const all = compared.reduce((sum, { cells }) => sum + cells, 0);
const agreeing = all - compared.reduce((sum, { differing }) => sum + differing.length, 0);
const perfect = compared.filter(({ differing }) => differing.length === 0).length;
say(`${perfect} of ${compared.length} runs agree in every cell; ${agreeing} of ${all} cells, ratio ${agreeing / all}`);
process.exitCode = agreeing === all ? 0 : 1;
