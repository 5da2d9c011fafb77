import { setFlagsFromString } from 'node:v8';

/**
 * Flags of V8 by its generation. There are others in each, and V8 complains of those that it does not have: so none where
 * it was not tried.
 */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  // Node 20: by default 67,584.
  '11': ['--interrupt-budget=500000'],
  // Node 22 and 24: by default 400 and 3,000.
  '12': ['--invocation-count-for-maglev=2000', '--invocation-count-for-turbofan=30000'],
  '13': ['--invocation-count-for-maglev=2000', '--invocation-count-for-turbofan=30000'],
};

/**
 * Has V8 wait longer before it optimises a function. A run takes seconds: by default a fifth of the processor time of the
 * process that asks goes into functions that are not called often enough after that, beside the mock and the runner, which need
 * the same cores. `docs/benchmarks.md` has the figures.
 *
 * @param v8 its version
 * @returns the flags that were set
 */
export function optimizeLate(v8 = process.versions.v8): readonly string[] {
  const flags = FLAGS[v8.split('.')[0] ?? ''] ?? [];
  for (const flag of flags) setFlagsFromString(flag);
  return flags;
}
