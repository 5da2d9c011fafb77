import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Contract } from '../model/contract.ts';
import { handOn, schemeVariables, type Variables, variableNames } from './variables.ts';

/** Bytes: no server takes a request head as long as this. */
const LONGEST_KEY = 65_536;
/** Milliseconds that a command may take. */
const COMMAND_TIMEOUT = 30_000;

/** How a command ended. What it wrote to standard error is not here: it may hold the key. */
export type CommandEnd =
  | { readonly output: Buffer; readonly code: number }
  | { readonly failure: 'late' | 'long' | 'killed' }
  | { readonly failure: 'not started'; readonly code: string };

/** Starts a program without a shell. */
export type Start = (program: string, args: readonly string[]) => CommandEnd;

/** Names of the variables that hold keys. */
function keyVariables(contract: Contract): readonly string[] {
  const names = variableNames(contract.id);
  return [
    ...[names.apiKey, names.otherEnvironmentKey, names.otherAccountKey],
    ...[names.scopedKeys, names.revokedKey, names.ipLockedKey],
    ...Object.values(schemeVariables(contract)),
  ];
}

/** Names of the variables that say where a key is to be read. */
export function keySourceVariables(contract: Contract): readonly string[] {
  return keyVariables(contract).flatMap((name) => [fileOf(name), commandOf(name)]);
}

const fileOf = (name: string): string => `${name}_FILE`;
const commandOf = (name: string): string => `${name}_COMMAND`;

export interface ReadKeySources {
  /** With each key under the variable that could hold it itself. */
  readonly variables: Variables;
  readonly problems: readonly string[];
  /** Variables without a value for which a sentence says why: that they are not set is no second one. */
  readonly failed: readonly string[];
}

/** Reads the keys that stand in a file or that a command prints. No sentence has a value, a path or what a command said. */
export function readKeySources(contract: Contract, given: Variables, start: Start = startProgram): ReadKeySources {
  const found: Record<string, string> = {};
  const problems: string[] = [];
  const failed: string[] = [];
  for (const name of keyVariables(contract)) {
    const sources = [name, fileOf(name), commandOf(name)].filter((each) => given[each] !== undefined);
    const [source = name] = sources;
    if (sources.length > 1) {
      problems.push(`${sources.join(' and ')} are set, but they give the same key: keep one of them.`);
      // The sentence is about where the key comes from. What is wrong with the key itself can wait.
      if (given[name] === undefined) failed.push(name);
    } else if (source !== name) {
      const read = source === fileOf(name) ? fromFile(given[source] ?? '') : fromCommand(given[source] ?? '', start);
      if ('problem' in read) {
        problems.push(`${source} ${read.problem}`);
        failed.push(name);
      } else {
        found[name] = read.key;
        // Another process of the run does not start the command again, which may print another key then.
        if (source === commandOf(name)) handOn(name, read.key, source);
      }
    }
  }
  return { variables: { ...given, ...found }, problems, failed };
}

type Read = { readonly key: string } | { readonly problem: string };

function fromFile(path: string): Read {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    // A pipe would be empty for the next process of the run.
    if (!fstatSync(file).isFile())
      return { problem: 'names something that is not a file: give the file that holds the key.' };
    const bytes = Buffer.alloc(LONGEST_KEY + 1);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    if (length > LONGEST_KEY)
      return { problem: 'names a file of more than 64 KiB: give the file that holds the key alone.' };
    return keyIn(bytes.subarray(0, length), 'names a file that');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { problem: 'names a file that is not there: correct the path, or put the key into the file.' };
    return {
      problem: `names a file that cannot be read (${code ?? 'unknown'}): correct the path, or the permissions of the file.`,
    };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function fromCommand(command: string, start: Start): Read {
  const words = wordsOf(command.trim());
  if (words === undefined)
    return {
      problem:
        'holds characters that only a shell reads: give the words as a JSON list, such as ["pass", "show", "key"].',
    };
  const [program, ...args] = words;
  if (program === undefined || program === '')
    return { problem: 'names no program: give a program with its words, such as ["pass", "show", "key"].' };
  const ended = start(program, args);
  if ('output' in ended) {
    if (ended.code === 0) return keyIn(ended.output, 'names a command whose output');
    return { problem: `names a command that ended with ${ended.code}: run it yourself to see why.` };
  }
  switch (ended.failure) {
    case 'not started':
      return {
        problem:
          ended.code === 'ENOENT'
            ? 'names a program that is not there: correct its name.'
            : `names a program that cannot be started (${ended.code}): correct its name or its permissions.`,
      };
    case 'late':
      return {
        problem: `names a command that took longer than ${COMMAND_TIMEOUT / 1000} seconds: run it yourself to see whether it waits for an answer.`,
      };
    case 'long':
      return { problem: 'names a command that printed more than 64 KiB: have it print the key alone.' };
    case 'killed':
      return { problem: 'names a command that was ended by a signal: run it yourself to see why.' };
  }
}

/** A list in JSON, or words with spaces between them where none has a character that a shell would take for its own. */
export function wordsOf(command: string): readonly string[] | undefined {
  if (!command.startsWith('[')) return /["'`$|&;<>(){}*?~\\\n]/.test(command) ? undefined : command.split(/\s+/);
  try {
    const list: unknown = JSON.parse(command);
    const isWords = Array.isArray(list) && list.every((word) => typeof word === 'string' && !word.includes('\0'));
    return isWords ? (list as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The text without the line breaks at its end, which editors and commands put there. */
function keyIn(bytes: Buffer, holder: string): Read {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { problem: `${holder} is not text in UTF-8: have it hold the key alone.` };
  }
  const key = text.replace(/[\r\n]+$/, '');
  if (key.trim() === '') return { problem: `${holder} is empty: have it hold the key.` };
  if (/[\r\n]/.test(key)) return { problem: `${holder} has several lines: have it hold the key alone, in one line.` };
  return { key };
}

/** What the program asks is not answered, and what it says on standard error is dropped. */
const startProgram: Start = (program, args) => {
  const { error, status, stdout } = spawnSync(program, args, {
    shell: false,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: COMMAND_TIMEOUT,
    killSignal: 'SIGKILL',
    maxBuffer: LONGEST_KEY,
    windowsHide: true,
  });
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ETIMEDOUT') return { failure: 'late' };
  if (code === 'ENOBUFS') return { failure: 'long' };
  if (error) return { failure: 'not started', code: code ?? 'unknown' };
  return status === null ? { failure: 'killed' } : { output: stdout, code: status };
};
