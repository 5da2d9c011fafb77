import { setFlagsFromString } from 'node:v8';

/**
 * What V8, the JavaScript engine, is told of a run. Its flags differ from generation to generation, and it complains of one that
 * it does not have: so each is set where it was tried, in Node 20, 22 and 24 (V8 11, 12 and 13). `docs/benchmarks.md` has figures.
 */
type Flags = Readonly<Record<number, readonly string[]>>;

const OPTIMIZE_LATE: Flags = {
  11: ['--interrupt-budget=500000'],
  12: ['--invocation-count-for-maglev=2000', '--invocation-count-for-turbofan=30000'],
  13: ['--invocation-count-for-maglev=2000', '--invocation-count-for-turbofan=30000'],
};
/** What V8 goes by otherwise. */
const OPTIMIZE: Flags = {
  11: ['--interrupt-budget=67584'],
  12: ['--invocation-count-for-maglev=400', '--invocation-count-for-turbofan=3000'],
  13: ['--invocation-count-for-maglev=400', '--invocation-count-for-turbofan=3000'],
};
const SMALL_HEAP: Flags = {
  11: ['--heap-growing-percent=100'],
  12: ['--heap-growing-percent=100'],
  13: ['--heap-growing-percent=100'],
};

/** Milliseconds, which the run of a small contract takes. */
const SHORT = 8000;

/**
 * Has V8 wait longer before it optimises a function, unless the process goes on for long. By default a fifth of the processor
 * time of a run of some seconds goes into functions that are not called often enough after that, beside the mock and the runner,
 * which need the same cores.
 *
 * @param v8 its version
 * @returns the flags that it sets, at once and later
 */
export function optimizeLate(v8 = process.versions.v8): readonly string[] {
  setTimeout(() => set(OPTIMIZE, v8), SHORT).unref();
  return [...set(OPTIMIZE_LATE, v8), ...of(OPTIMIZE, v8)];
}

/**
 * Has V8 collect garbage when there is as much as what is in use. By default it lets garbage grow to several times that: where
 * a thousand operations are asked, to a gigabyte.
 *
 * @param v8 its version
 * @returns the flags that are set
 */
export function keepHeapSmall(v8 = process.versions.v8): readonly string[] {
  return set(SMALL_HEAP, v8);
}

function set(flags: Flags, v8: string): readonly string[] {
  const its = of(flags, v8);
  for (const flag of its) setFlagsFromString(flag);
  return its;
}

function of(flags: Flags, v8: string): readonly string[] {
  return flags[Number.parseInt(v8, 10)] ?? [];
}
