import { writeFile } from 'node:fs/promises';
import { ArgumentError, type Arguments, HELP, readArguments } from './arguments.ts';
import { allDefectIds, allDefects } from './defects/index.ts';
import { DocumentError, readDocument } from './document/read-file.ts';
import { ConfinementError } from './server/confinement.ts';
import { asLines } from './settings.ts';
import { type Mock, startMock } from './start.ts';
import { allVariantIds, variants } from './variants/index.ts';

/** Milliseconds. */
const LONGEST_CLOSE = 1000;

/**
 * What the mock does with a command line, which may have been made from variables.
 *
 * @returns why it does nothing, in one sentence; undefined: it does what it should
 */
export async function mockCommand(given: readonly string[]): Promise<string | undefined> {
  try {
    const args = readArguments(given);
    if (args.help) process.stdout.write(HELP);
    else if (args.list === 'defects') list(allDefectIds.map((id) => [id, allDefects[id].bug, allDefects[id].title]));
    else if (args.list === 'variants') list(allVariantIds.map((id) => [id, variants[id].title]));
    else await run(args);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isMisuse = [ArgumentError, ConfinementError, DocumentError].some((kind) => error instanceof kind);
    return inOneLine(isMisuse ? error.message : sentenceOf(error));
  }
}

/** A path or a document may have a part in it. */
function inOneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what it takes out
  return text.replace(/[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ');
}

async function run(args: Arguments): Promise<void> {
  const { defect: id, operation, form, variant, port, rateLimit, attemptLimit } = args;
  const document = await readDocument(args.contract);
  const defect = id && { id, operation, form };
  const mock = await startMock({ ...document, defect, variant, port, rateLimit, attemptLimit });
  closeOnSignal(mock);
  if (args.endsWithInput) closeWithInput(mock);
  try {
    await announce(mock, chosenEnvironment(args.environment, Object.keys(mock.environments)), args.settingsFile);
  } catch (error) {
    await mock.close();
    throw error;
  }
}

async function announce(mock: Mock, environment: string, settingsFile: string | undefined): Promise<void> {
  const lines = asLines(mock.settings(environment));
  if (settingsFile !== undefined) await writeSettings(settingsFile, lines);
  process.stdout.write(lines);
  for (const [other, { baseUrl }] of Object.entries(mock.environments).filter(([name]) => name !== environment)) {
    process.stdout.write(`# ${other} is at ${baseUrl}: start with --environment ${other} for its variables\n`);
  }
  process.stdout.write('ready\n');
}

async function writeSettings(file: string, lines: string): Promise<void> {
  try {
    await writeFile(file, lines, { mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const [why, remedy] =
      code === 'ENOSPC' ? ['the disk is full', 'make room there'] : [`the system says ${code}`, 'correct that'];
    throw new ArgumentError(`${file} cannot be written, ${why}: ${remedy}, or name another --settings-file.`);
  }
}

/** The sandbox where there is one, because a suite may do most there. */
function chosenEnvironment(wanted: string | undefined, known: readonly string[]): string {
  const chosen = wanted ?? known.find((name) => name === 'sandbox') ?? known[0] ?? '';
  if (known.includes(chosen)) return chosen;
  throw new ArgumentError(`There is no environment "${chosen}": say ${known.join(' or ')}.`);
}

function closeOnSignal(mock: Mock): void {
  const close = (): void => void mock.close();
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
}

/** However the program ends that holds the other end of the input, killed or not, the input ends with it. */
function closeWithInput(mock: Mock): void {
  const close = (): void => {
    void mock.close();
    // A client that keeps a connection open without a word does not keep the mock alive.
    setTimeout(() => process.exit(), LONGEST_CLOSE).unref();
  };
  process.stdin.once('end', close).once('error', close).resume();
}

function list(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

function sentenceOf(error: Error): string {
  const { code, port } = error as Error & { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken: give another --port, or none for any free one.`;
  return error.message;
}
