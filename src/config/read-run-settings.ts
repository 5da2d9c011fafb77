import type { Edition } from '../model/edition.ts';
import type { RunSettings, Strictness, TestUnit, VariableNames } from '../model/target.ts';
import { EDITIONS } from './editions.ts';
import { readReports } from './read-reports.ts';
import type { Variables } from './variables.ts';

const STRICTNESS: readonly Strictness[] = ['should', 'proven'];
const TEST_UNITS: readonly TestUnit[] = ['cell', 'operation'];
const DAY = 86_400_000;
const DEFAULT_TIMEOUT_SECONDS = 15;
/** What a run may take where the budget is `auto`. */
const DEFAULT_MINUTES = 5;
const WHOLE_NUMBER = /^[1-9]\d{0,8}$/;

/**
 * Reads how a run is done: its budget, its strictness, … The problems are sentences for the user; a setting with a problem
 * has the value that it has where it is not set.
 *
 * @param names of the contract's variables
 */
export function readRunSettings(
  variables: Variables,
  names: VariableNames,
): { readonly settings: RunSettings; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const seed = wholeNumber(
    variables[names.seed],
    names.seed,
    'a number that chooses the operations a budget tries each case on',
    problems,
  );
  const requestsPerMinute = wholeNumber(
    variables[names.rateLimit],
    names.rateLimit,
    'the requests that the target allows a minute',
    problems,
  );
  const budget = readBudget(variables, names, requestsPerMinute, problems);
  const timeout = wholeNumber(
    variables[names.timeout],
    names.timeout,
    'the seconds to wait for one response',
    problems,
  );
  const previous = variables[names.previous];
  const edition = readEdition(variables[names.edition], names.edition, problems);
  const testPer = readTestUnit(variables[names.testPer], names.testPer, problems);
  const reportBodies = readReportBodies(variables[names.reportBodies], names.reportBodies, problems);
  const failOn = readFailOn(variables[names.failOn], names.failOn, problems);
  const keyWatch = readKeyWatch(variables[names.keyWatch], names.keyWatch, problems);
  const commandTimeout = wholeNumber(
    variables[names.keyCommandTimeout],
    names.keyCommandTimeout,
    'the seconds that the command for keys may take',
    problems,
  );
  const settings: RunSettings = {
    seed: seed ?? Math.floor(Date.now() / DAY),
    strict: readStrictness(variables[names.strict], names.strict, problems),
    timeout: (timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
    reports: readReports(variables[names.reports], names.reports, problems),
    ...(failOn && { failOn }),
    ...(budget !== undefined && { budget }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(previous !== undefined && { previous }),
    ...(edition && { edition }),
    ...(testPer && { testPer }),
    ...(reportBodies && { reportBodies }),
    ...(keyWatch !== undefined && { keyWatch }),
    ...(commandTimeout !== undefined && { keyCommandTimeout: commandTimeout * 1000 }),
  };
  return { settings, problems };
}

function wholeNumber(value: string | undefined, name: string, meaning: string, problems: string[]): number | undefined {
  if (value === undefined) return undefined;
  if (WHOLE_NUMBER.test(value.trim())) return Number(value);
  problems.push(`${name} is not a whole number above zero: give ${meaning}.`);
  return undefined;
}

/**
 * A number, or `auto`: as many requests as the target allows in the minutes given.
 *
 * @param perMinute what the setting of the rate limit says, where it can be read
 */
function readBudget(
  variables: Variables,
  names: VariableNames,
  perMinute: number | undefined,
  problems: string[],
): number | undefined {
  const value = variables[names.budget]?.trim();
  const minutes = wholeNumber(variables[names.minutes], names.minutes, 'the minutes that a run may take', problems);
  if (value === 'auto') {
    if (variables[names.rateLimit] === undefined)
      problems.push(`${names.budget} is auto, but the rate limit of the target is not known: set ${names.rateLimit}.`);
    return perMinute === undefined ? undefined : perMinute * (minutes ?? DEFAULT_MINUTES);
  }
  if (variables[names.minutes] !== undefined)
    problems.push(
      `${names.minutes} is used only with ${names.budget}=auto: set ${names.budget}=auto too, or remove ${names.minutes}.`,
    );
  if (value === undefined) return undefined;
  if (WHOLE_NUMBER.test(value)) return Number(value);
  problems.push(
    `${names.budget} is neither auto nor a whole number above zero: give the largest number of requests that a run may send, or auto for as many as ${names.rateLimit} allows in ${names.minutes}.`,
  );
  return undefined;
}

function readStrictness(value: string | undefined, name: string, problems: string[]): ReadonlySet<Strictness> {
  const words = (value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const unknown = words.filter((word) => !STRICTNESS.some((known) => known === word));
  if (unknown.length > 0)
    problems.push(`${name} may only hold should, proven or both: set it to should, to proven or to should,proven.`);
  return new Set(STRICTNESS.filter((word) => words.includes(word)));
}

function readFailOn(value: string | undefined, name: string, problems: string[]): 'new' | undefined {
  const word = value?.trim();
  if (word === 'new') return word;
  if (word !== undefined && word !== 'all')
    problems.push(`${name} is neither all nor new: set it to one of them, or remove it.`);
  return undefined;
}

function readEdition(value: string | undefined, name: string, problems: string[]): Edition | undefined {
  if (value === undefined) return undefined;
  const edition = EDITIONS.find((known) => known === value.trim());
  if (edition) return edition;
  const known = `set it to ${EDITIONS.join(' or ')}, or remove it for the newest.`;
  problems.push(
    /^\d{4}\.(?:0[1-9]|1[0-2])$/.test(value.trim())
      ? `${name} names an edition that this version of the suite does not have: ${known}`
      : `${name} is not an edition of the form YEAR.MONTH: ${known}`,
  );
  return undefined;
}

function readTestUnit(value: string | undefined, name: string, problems: string[]): TestUnit | undefined {
  if (value === undefined) return undefined;
  const unit = TEST_UNITS.find((known) => known === value.trim());
  if (!unit) problems.push(`${name} is neither cell nor operation: set it to one of them, or remove it.`);
  return unit;
}

function readKeyWatch(value: string | undefined, name: string, problems: string[]): number | undefined {
  if (value === undefined) return undefined;
  const word = value.trim();
  if (word === 'off') return 0;
  if (/^[1-9]\d{0,4}$/.test(word)) return Number(word);
  problems.push(
    `${name} is neither off nor a whole number of seconds: give the seconds that a key is watched after a change, or off.`,
  );
  return undefined;
}

function readReportBodies(value: string | undefined, name: string, problems: string[]): 'text' | undefined {
  const word = value?.trim();
  if (word === 'text') return word;
  if (word !== undefined && word !== 'shape')
    problems.push(`${name} is neither shape nor text: set it to one of them, or remove it.`);
  return undefined;
}
