import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../config/left-overs.ts';

/*
 * Which keys a run has made and not yet revoked, so that a later one can revoke what a run that was killed left behind. It
 * holds ids and never a key. Each line is on the disk before what it tells of goes on.
 */

/** Whose keys a journal is about. */
export interface JournalOwner {
  readonly contract: string;
  readonly baseUrl: string;
  readonly keeper: 'operations' | 'command';
}

type Line =
  | (JournalOwner & { readonly host: string; readonly pid: number })
  /** A key is going to be made. Its id is not known yet. */
  | { readonly making: number; readonly at: string }
  | { readonly made: number; readonly id: string }
  /** No key came of it. */
  | { readonly failed: number }
  | { readonly ended: string };

const FOLDER = '.made-keys';

/** Where the journals are: beside the reports, where they outlive the run. */
export function journalFolder(reportsFolder: string): string {
  return join(reportsFolder, FOLDER);
}

/** The journal of this run. Only its owner may read it. */
export class KeyJournal {
  readonly #folder: string;
  readonly #owner: JournalOwner;
  #file: { readonly path: string; readonly descriptor: number } | undefined;
  readonly #open = new Set<string>();
  #making = 0;

  /** @param folder is made with the first key */
  constructor(folder: string, owner: JournalOwner) {
    this.#folder = folder;
    this.#owner = owner;
  }

  making(number: number): void {
    this.#making++;
    this.#write({ making: number, at: new Date().toISOString() });
  }

  /** @param number of a key that was being made; 0: one that was revoked may be in use again */
  made(number: number, id: string): void {
    if (number > 0) this.#making--;
    this.#open.add(id);
    this.#write({ made: number, id });
  }

  failed(number: number): void {
    this.#making--;
    this.#write({ failed: number });
  }

  ended(id: string): void {
    this.#open.delete(id);
    this.#write({ ended: id });
  }

  /** Takes the journal away where no key is left. */
  close(): void {
    if (!this.#file) return;
    closeSync(this.#file.descriptor);
    if (this.#open.size === 0 && this.#making === 0) removeJournal(this.#file.path);
    this.#file = undefined;
  }

  #write(line: Line): void {
    this.#file ??= this.#begin();
    writeSync(this.#file.descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file.descriptor);
  }

  #begin(): { readonly path: string; readonly descriptor: number } {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, `${process.pid}-${Date.now().toString(36)}.jsonl`);
    const descriptor = openSync(path, 'ax', 0o600);
    writeSync(descriptor, `${JSON.stringify({ ...this.#owner, host: hostname(), pid: process.pid })}\n`);
    return { path, descriptor };
  }
}

/** What a journal says that a run has left behind. */
export interface LeftBehind {
  readonly file: string;
  readonly owner: JournalOwner;
  readonly ids: readonly string[];
  /** When keys were asked for of which nobody knows whether they were made, in the form of RFC 3339. */
  readonly unknown: readonly string[];
}

/**
 * What runs have left behind that run no more.
 *
 * @param own id of a process whose journal counts although it runs; absent: none
 */
export function leftBehind(folder: string, own?: number): readonly LeftBehind[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => {
      const read = readJournal(join(folder, name));
      return read === undefined || (isOfRunning(read) && read.pid !== own) ? [] : [read];
    });
}

/** Takes a journal away, and its folder with the last one. */
export function removeJournal(path: string): void {
  rmSync(path, { force: true });
  try {
    rmdirSync(join(path, '..'));
  } catch {
    // Others are in it.
  }
}

/** Notes in the journal of another process that a key is gone. */
export function noteEnded(path: string, id: string): void {
  const descriptor = openSync(path, 'a', 0o600);
  writeSync(descriptor, `${JSON.stringify({ ended: id } satisfies Line)}\n`);
  closeSync(descriptor);
}

interface ReadJournal extends LeftBehind {
  readonly host: string;
  readonly pid: number;
}

function isOfRunning({ host, pid }: ReadJournal): boolean {
  return host === hostname() && isRunning(pid);
}

/** @returns undefined for a file that no run wrote */
function readJournal(file: string): ReadJournal | undefined {
  const [first, ...lines] = readFileSync(file, 'utf8').split('\n').flatMap(lineOf);
  if (!first || !('baseUrl' in first)) return undefined;
  const ids = new Set<string>();
  const making = new Map<number, string>();
  for (const line of lines) {
    if ('making' in line) making.set(line.making, line.at);
    else if ('made' in line) {
      making.delete(line.made);
      ids.add(line.id);
    } else if ('failed' in line) making.delete(line.failed);
    else if ('ended' in line) ids.delete(line.ended);
  }
  const { host, pid, ...owner } = first;
  return { file, owner, host, pid, ids: [...ids], unknown: [...making.values()] };
}

/** A line that was being written when the process was killed says nothing. */
function lineOf(text: string): Line[] {
  try {
    return text === '' ? [] : [JSON.parse(text) as Line];
  } catch {
    return [];
  }
}
