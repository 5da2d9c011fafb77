import { execFile } from 'node:child_process';
import { keyOf } from '../../http/key-values.ts';
import { reasonNotToKeepKeys } from '../../http/safety-guard.ts';
import type { Clock } from '../../model/clock.ts';
import type { KeyAction } from '../../model/key-lifecycle.ts';
import type { NotAsked } from '../../model/key-observations.ts';
import type { Target } from '../../model/target.ts';
import { inLine } from '../../visible-text.ts';
import type { Kept, KeyKeeper, KeyWish, MadeKey } from './keeper.ts';
import { isoTime, madeKeyOptions, nameOfKey } from './made-keys.ts';

/** Milliseconds. */
const LONGEST_COMMAND = 30_000;
/** Bytes of JSON that the command may print. */
const LONGEST_OUTPUT = 65_536;
/** Characters of the command's own words that a message shows. */
const LONGEST_WORDS = 200;

type Answer = Readonly<Record<string, unknown>>;
type Said = { readonly answer: Answer; readonly sentAt: number; readonly at: number } | NotAsked;

/** Has a command of the user's make and end keys. No shell is in between, and what it says on standard error is dropped. */
export function commandKeeper(target: Target, clock: Clock): KeyKeeper {
  const command = new Command(target, clock);
  const made = (number: number, said: Said, id?: string): Kept<MadeKey> => {
    if (!('answer' in said)) return said;
    const secret = keyOf(said.answer['secret'], nameOfKey(number), madeKeyOptions(target, number));
    const given = idOf(said.answer['id']) ?? id;
    if (!secret || given === undefined)
      return command.problem('printed no id and secret of a key: have it print {"id":"…","secret":"…"}');
    return { value: { id: given, secret }, sentAt: said.sentAt, at: said.at };
  };
  return {
    ...{ kind: 'command', setsScopes: true, setsExpiry: true, operations: {} },
    make: async (number, { scopes, expiry }: KeyWish, by) => {
      if (by)
        return {
          outcome: 'not applicable',
          reason: `${command.name} makes keys with its own permissions, not with those of a key`,
        };
      const wish = { ...(scopes && { scopes }), ...(expiry && { expiresIn: expiry.in }) };
      return made(number, await command.run('create', wish));
    },
    roll: async (number, id) => made(number, await command.run('roll', { id }), id),
    update: async (id, scopes) => {
      const said = await command.run('update', { id, scopes });
      return 'answer' in said ? { value: true, sentAt: said.sentAt, at: said.at } : said;
    },
    revoke: async (id) => {
      const said = await command.run('revoke', { id });
      return 'answer' in said ? { value: 'revoked', sentAt: said.sentAt, at: said.at } : said;
    },
    read: async (id) => {
      const said = await command.run('read', { id });
      if (!('answer' in said)) return said;
      const { sentAt, at, answer } = said;
      return { value: { lastUsed: timeOf(answer['lastUsedAt']), showsKey: false }, sentAt, at };
    },
  };
}

function idOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const timeOf = isoTime;

class Command {
  readonly name: string;
  readonly #target: Target;
  readonly #clock: Clock;

  constructor(target: Target, clock: Clock) {
    this.name = target.variables.keyCommand;
    this.#target = target;
    this.#clock = clock;
  }

  problem(text: string): NotAsked {
    return { outcome: 'error', reason: `${this.name} ${text}` };
  }

  async run(action: KeyAction, more: Answer): Promise<Said> {
    const [program, ...words] = this.#target.keyCommand ?? [];
    const onProduction = reasonNotToKeepKeys(this.#target);
    if (onProduction !== undefined) return { outcome: 'error', reason: onProduction };
    if (program === undefined) return this.problem('is not set');
    const sentAt = this.#clock.now();
    const ended = await start(program, words, JSON.stringify({ action, ...more }), this.#timeout);
    const at = this.#clock.now();
    if (ended.problem !== undefined) return this.problem(`${ended.problem} (action ${action})`);
    const answer = objectOf(ended.output);
    if (answer?.['unsupported'] === true)
      return { outcome: 'not applicable', reason: `${this.name} says that this API cannot ${action} keys in this way` };
    if (typeof answer?.['error'] === 'string')
      return this.problem(`could not ${action} a key: ${inLine(answer['error'], LONGEST_WORDS)}`);
    if (ended.code !== 0)
      return this.problem(
        `ended with ${ended.code} for the action ${action}: run it yourself with {"action":"${action}"} to see why`,
      );
    if (!answer) return this.problem(`printed no JSON object for the action ${action}: have it print one, such as {}`);
    return { answer, sentAt, at };
  }

  get #timeout(): number {
    return this.#target.run.keyCommandTimeout ?? LONGEST_COMMAND;
  }
}

function objectOf(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

type End =
  { readonly code: number; readonly output: string; readonly problem?: undefined } | { readonly problem: string };

/** In a process group of its own: Ctrl-C ends the run, which then waits for the key that is being made. */
function start(program: string, words: readonly string[], input: string, timeout: number): Promise<End> {
  return new Promise((resolve) => {
    const options = {
      ...{ timeout, maxBuffer: LONGEST_OUTPUT, encoding: 'utf8' as const, killSignal: 'SIGKILL' as const },
      ...{ shell: false, windowsHide: true, detached: true },
    };
    const child = execFile(program, words, options, (error, stdout) => {
      if (!error) {
        resolve({ code: 0, output: stdout });
        return;
      }
      const { code, killed } = error;
      if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
        resolve({ problem: 'printed more than 64 KiB: have it print one JSON object alone' });
      else if (killed === true)
        resolve({
          problem: `took longer than ${timeout / 1000} seconds: run it yourself to see whether it waits for something`,
        });
      else if (typeof code === 'number') resolve({ code, output: stdout });
      else if (code === undefined) resolve({ problem: 'was ended by a signal: run it yourself to see why' });
      else
        resolve({
          problem:
            code === 'ENOENT'
              ? 'names a program that is not there: correct its name'
              : `names a program that cannot be started (${code}): correct its name or its permissions`,
        });
    });
    // One that does not read its input closes it.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(`${input}\n`);
  });
}
