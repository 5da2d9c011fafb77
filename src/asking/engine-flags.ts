import { setFlagsFromString } from 'node:v8';

/**
 * What V8, the JavaScript engine, is told of a run. Its flags differ from generation to generation, and it complains of one that
 * it does not have: so each is set where it was tried, in Node 20, 22 and 24 (V8 11, 12 and 13). `docs/benchmarks.md` has figures.
 */
const OPTIMIZE_LATE: Flags = {
  // By default 67,584.
  11: ['--interrupt-budget=500000'],
  // By default 400 and 3,000.
  12: ['--invocation-count-for-maglev=2000', '--invocation-count-for-turbofan=30000'],
  13: ['--invocation-count-for-maglev=2000', '--invocation-count-for-turbofan=30000'],
};
const SMALL_HEAP: Flags = Object.fromEntries(
  [11, 12, 13].map((generation) => [generation, ['--heap-growing-percent=50']]),
);

type Flags = Readonly<Record<number, readonly string[]>>;

/**
 * Has V8 wait longer before it optimises a function. A run takes seconds: by default a fifth of the processor time of the
 * process that asks goes into functions that are not called often enough after that, beside the mock and the runner, which need
 * the same cores.
 *
 * @param v8 its version
 * @returns the flags that were set
 */
export function optimizeLate(v8 = process.versions.v8): readonly string[] {
  return set(OPTIMIZE_LATE, v8);
}

/**
 * Has V8 collect garbage when there is half as much as of what is in use. By default it lets garbage grow to several times
 * that: where a thousand operations are asked, to a gigabyte.
 *
 * @param v8 its version
 * @returns the flags that were set
 */
export function keepHeapSmall(v8 = process.versions.v8): readonly string[] {
  return set(SMALL_HEAP, v8);
}

function set(flags: Flags, v8: string): readonly string[] {
  const its = flags[Number.parseInt(v8, 10)] ?? [];
  for (const flag of its) setFlagsFromString(flag);
  return its;
}
