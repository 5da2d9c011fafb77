import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const written = new Set<string>();
let isSweptAtExit = false;

/**
 * Writes the authority's certificate where clients can read it.
 *
 * @param chosen path of the file; absent: a new one in the system's temporary folder
 * @returns the path
 */
export function writeAuthority(ca: string, chosen: string | undefined): string {
  const file = chosen ?? join(tmpdir(), `mock-authority-${process.pid}-${randomUUID()}.pem`);
  // A process that fails before it closes its mock leaves no file behind either.
  if (!isSweptAtExit) process.once('exit', () => written.forEach((one) => rmSync(one, { force: true })));
  isSweptAtExit = true;
  written.add(file);
  // Written in one go: waiting for the file system takes longer than starting the rest of a mock.
  writeFileSync(file, ca);
  return file;
}

export function removeAuthority(file: string): void {
  written.delete(file);
  rmSync(file, { force: true });
}
