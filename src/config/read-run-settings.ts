import type { RunSettings, Strictness, TestUnit, VariableNames } from '../model/target.ts';
import type { Variables } from './variables.ts';

const STRICTNESS: readonly Strictness[] = ['should', 'proven'];
const TEST_UNITS: readonly TestUnit[] = ['cell', 'operation'];
const DAY = 86_400_000;
const DEFAULT_TIMEOUT_SECONDS = 15;

/** Reads how a run goes about it; what is wrong is added to the faults in the user's words. */
export function readRunSettings(variables: Variables, names: VariableNames, faults: string[]): RunSettings {
  const budget = wholeNumber(variables[names.budget], names.budget, 'the most requests of a run', faults);
  const seed = wholeNumber(variables[names.seed], names.seed, 'which part of the rest a budget keeps', faults);
  const requestsPerMinute = wholeNumber(variables[names.rateLimit], names.rateLimit, 'requests a minute', faults);
  const timeout = wholeNumber(variables[names.timeout], names.timeout, 'seconds for one answer', faults);
  const previous = variables[names.previous];
  const testPer = readTestUnit(variables[names.testPer], names.testPer, faults);
  return {
    seed: seed ?? Math.floor(Date.now() / DAY),
    strict: readStrictness(variables[names.strict], names.strict, faults),
    timeout: (timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    ...(budget !== undefined && { budget }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(previous !== undefined && { previous }),
    ...(testPer && { testPer }),
  };
}

function wholeNumber(value: string | undefined, name: string, meaning: string, faults: string[]): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(value.trim())) return Number(value);
  faults.push(`${name} is not a whole number above zero: it is ${meaning}.`);
  return undefined;
}

function readStrictness(value: string | undefined, name: string, faults: string[]): ReadonlySet<Strictness> {
  const words = (value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const unknown = words.filter((word) => !STRICTNESS.some((known) => known === word));
  if (unknown.length > 0)
    faults.push(`${name} says something else than should and proven: say one of them, or both with a comma.`);
  return new Set(STRICTNESS.filter((word) => words.includes(word)));
}

function readTestUnit(value: string | undefined, name: string, faults: string[]): TestUnit | undefined {
  if (value === undefined) return undefined;
  const unit = TEST_UNITS.find((known) => known === value.trim());
  if (!unit) faults.push(`${name} says something else than cell and operation: say one of them, or nothing.`);
  return unit;
}
