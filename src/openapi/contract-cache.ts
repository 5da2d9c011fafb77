import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Contract } from '../model/contract.ts';
import { isDocument } from './contract-id.ts';
import { OVERLAY_FILE } from './overlay.ts';
import suite from '../../package.json' with { type: 'json' };

interface Kept {
  readonly suite: string;
  /** Every file that the contract was made of, with its SHA-256. */
  readonly files: Readonly<Record<string, string>>;
  readonly contract: Contract;
}

/** Changes with the type `Contract`, and with how documents are read, so that no process reads a contract of another form. */
const SUITE = `${suite.version}, form 5`;
const FOLDER = 'node_modules/.cache/auth-conformance';

/**
 * The contract of a folder, parsed and validated by the first process that asks: the runner, its workers, its mock and
 * its shards read what that one made, until a file of the contract changes.
 *
 * @throws ContractError
 */
export async function cachedContract(folder: string, keepIn = FOLDER, load = loadAnew): Promise<Contract> {
  const file = join(keepIn, `${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)}.json`);
  const kept = read(file);
  if (kept?.suite === SUITE && isUnchanged(kept)) return kept.contract;
  const contract = await load(folder);
  keep(file, {
    suite: SUITE,
    // An overlay may be put beside the document later.
    files: Object.fromEntries([...contract.files, overlayBeside(folder)].map((path) => [path, digestOf(path)])),
    contract,
  });
  return contract;
}

/** What validates a document takes longer to import than all the rest of the suite: only where it is needed. */
async function loadAnew(folder: string): Promise<Contract> {
  const { loadContract } = await import('./load-contract.ts');
  return loadContract(folder);
}

function read(file: string): Kept | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    return undefined;
  }
}

function isUnchanged({ files }: Kept): boolean {
  return Object.entries(files).every(([path, digest]) => digestOf(path) === digest);
}

/** A folder that cannot be written costs time, and nothing else. */
function keep(file: string, kept: Kept): void {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    // Shards may write at the same time: each its own file, and the last one stays.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(kept));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    return;
  }
}

/** @param contract a folder, or a document by itself */
function overlayBeside(contract: string): string {
  return join(isDocument(contract) ? dirname(contract) : contract, OVERLAY_FILE);
}

/** The empty text for a file that is not there: no digest is. */
function digestOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return '';
  }
}
