import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { removeLeftOvers } from '../config/left-overs.ts';
import { fileErrorCode, UnwritableError, unwritableSentence } from '../config/unwritable.ts';
import { REPORTS } from '../config/variables.ts';
import { NOTICE_FILE, REPORT_FILES } from './report-files.ts';
import { forgetOldRuns } from './history.ts';

/** What a run leaves in its folder, its own and its runner's. */
const FILES: readonly string[] = REPORT_FILES;
const FOLDERS: readonly string[] = ['html', 'allure', 'allure-results', 'blobs'];

/** Each run adds to it, and takes nothing away that another one needs. */
const HISTORY = 'history';

/** Where the reports of a run are kept that could not be put in place. */
export const ASIDE = 'not-in-place';

/**
 * The folder of the reports. A run writes all of them beside the old ones, in a folder inside, so that it is on the same
 * file system. At the end they take the old ones' place, all or none.
 */
export class ReportFolder {
  readonly #folder: string;
  readonly #staging: string;
  #removeAtExit: (() => void) | undefined;

  /**
   * @param folder path as the user wrote it
   * @param staging path of a folder in it that is this run's alone
   */
  constructor(folder: string, staging: string) {
    this.#folder = folder;
    this.#staging = staging;
  }

  /**
   * Makes the staging folder, and finds out whether the reports can be put in place later.
   *
   * @throws UnwritableError
   */
  open(): void {
    this.#try(this.#folder, () => makeFolder(this.#folder));
    for (const name of FILES) this.#expectKind(name, 'EISDIR', (path) => !statSync(path).isDirectory());
    for (const name of [...FOLDERS, HISTORY]) this.#expectKind(name, 'ENOTDIR', (path) => statSync(path).isDirectory());
    this.#removeLeftOvers();
    this.#try(this.#folder, () => mkdirSync(this.#staging));
    this.#removeAtExit = () => attempt(() => rmSync(this.#staging, { recursive: true, force: true }));
    process.on('exit', this.#removeAtExit);
  }

  /**
   * Puts what is in the staging folder in place of what an earlier run left. Where one file cannot be, all stay as they
   * were.
   *
   * @param kept names that stay though this run wrote none of them
   * @throws UnwritableError
   */
  replace(kept: readonly string[] = []): void {
    const before = join(this.#staging, '.before');
    const staged = this.#staged();
    const replaced = [...FILES, ...FOLDERS, NOTICE_FILE, ...staged].filter((name) => !kept.includes(name));
    const undo: (() => void)[] = [];
    const move = (from: string, to: string): void => {
      renameSync(from, to);
      undo.unshift(() => renameSync(to, from));
    };
    for (const name of new Set(replaced)) {
      const place = join(this.#folder, name);
      try {
        if (dirname(name) !== '.') makeFolder(dirname(place));
        mkdirSync(dirname(join(before, name)), { recursive: true });
        if (isThere(place)) move(place, join(before, name));
        if (staged.includes(name)) move(join(this.#staging, name), place);
      } catch (error) {
        for (const step of undo) step();
        throw unwritable(place, error);
      }
    }
    this.close();
    // What follows only tidies up, and says nothing where it cannot.
    attempt(() => {
      rmSync(join(this.#folder, ASIDE), { recursive: true, force: true });
      forgetOldRuns(join(this.#folder, HISTORY));
    });
  }

  /**
   * Keeps the reports of a run that cannot take their place, if its `conformance.json` is among them.
   *
   * @returns where they are
   */
  setAside(): string | undefined {
    const aside = join(this.#folder, ASIDE);
    try {
      if (statSync(join(this.#staging, 'conformance.json')).size === 0) return undefined;
      rmSync(aside, { recursive: true, force: true });
      renameSync(this.#staging, aside);
      return aside;
    } catch {
      return undefined;
    }
  }

  /** Says in the folder why what is in it is of an earlier run. */
  notice(text: string): void {
    // The terminal has it too, and it may be about a folder that cannot be written.
    attempt(() => writeFileSync(join(this.#folder, NOTICE_FILE), text));
  }

  /** Removes what this run wrote and did not put in place. */
  close(): void {
    if (this.#removeAtExit === undefined) return;
    process.off('exit', this.#removeAtExit);
    this.#removeAtExit();
    this.#removeAtExit = undefined;
  }

  /** The path that a file has once it is in place, as the user knows it; any other path stays. */
  placeOf(path: string): string {
    const inStaging = relative(resolve(this.#staging), resolve(path));
    return inStaging.startsWith('..') ? path : join(this.#folder, inStaging);
  }

  #staged(): string[] {
    const names = readdirSync(this.#staging).filter((name) => name !== HISTORY && name !== '.before');
    const history = join(this.#staging, HISTORY);
    const runs = existsSync(history) ? readdirSync(history).map((name) => join(HISTORY, name)) : [];
    return [...names, ...runs];
  }

  #expectKind(name: string, code: string, fits: (path: string) => boolean): void {
    const path = join(this.#folder, name);
    if (!isThere(path)) return;
    // A link that leads nowhere is replaced like a file.
    if (!existsSync(path)) return;
    if (!fits(path)) throw new UnwritableError(unwritableSentence(path, code, REPORTS));
  }

  /** Of runs that were killed: their processes are gone. */
  #removeLeftOvers(): void {
    const [, stem] = /^(\..*?)\d+-\w+$/.exec(basename(this.#staging)) ?? [];
    if (stem !== undefined) removeLeftOvers(this.#folder, stem);
  }

  #try(path: string, write: () => void): void {
    try {
      write();
    } catch (error) {
      throw unwritable(path, error);
    }
  }
}

/** The error in one sentence, if it is the file system's. */
export function unwritable(path: string, error: unknown): unknown {
  const code = fileErrorCode(error);
  return code === undefined ? error : new UnwritableError(unwritableSentence(path, code, REPORTS));
}

/** As `mkdir -p`. Node's own `recursive` never returns where a parent is there and takes no folders, as below `/proc`. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path && !existsSync(parent)) makeFolder(parent);
  mkdirSync(path);
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    return;
  }
}

/** A link counts, wherever it leads. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
