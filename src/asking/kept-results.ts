import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportedOperation, TargetNote } from '../reporting/playwright-notes.ts';
import type { ReportedKeys } from '../reporting/reported-keys.ts';
import type { PathValues } from '../model/target.ts';

/** What the preflight found, for the process that takes over. */
export interface KeptPreflight {
  readonly note: TargetNote;
  readonly problems: readonly string[];
  readonly pathValues?: PathValues;
}

/**
 * What has been found so far, in files: so the process that asks need not hold what a thousand operations had to say, and
 * one that takes over from it asks nothing twice.
 */
export class KeptResults {
  readonly #folder: string;

  /** @param folder of the run */
  constructor(folder: string) {
    this.#folder = join(folder, 'results');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Forgets what another run kept in the same folder. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  keepOperation(result: ReportedOperation): void {
    this.#save(fileOf(result.operation), result);
  }

  operation(id: string): ReportedOperation | undefined {
    return this.#read(fileOf(id)) as ReportedOperation | undefined;
  }

  hasOperation(id: string): boolean {
    return existsSync(join(this.#folder, fileOf(id)));
  }

  keepKeys(found: ReportedKeys): void {
    this.#save(KEYS, found);
  }

  /** What became of keys over time; undefined: that was not asked, or not to its end. */
  keys(): ReportedKeys | undefined {
    return this.#read(KEYS) as ReportedKeys | undefined;
  }

  keepPreflight(found: KeptPreflight): void {
    this.#save(PREFLIGHT, found);
  }

  preflight(): KeptPreflight | undefined {
    return this.#read(PREFLIGHT) as KeptPreflight | undefined;
  }

  #save(name: string, value: unknown): void {
    const file = join(this.#folder, name);
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(value), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  }

  #read(name: string): unknown {
    const file = join(this.#folder, name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }
}

/** No operation has these names. */
const PREFLIGHT = 'preflight.json';
const KEYS = 'keys.json';

/** A name of a file is shorter than some ids: so it is a digest. */
const fileOf = (operation: string): string => `${createHash('sha256').update(operation).digest('hex')}.json`;
