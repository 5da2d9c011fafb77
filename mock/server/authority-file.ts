import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const written = new Set<string>();
let isSwept = false;

/** Writes the authority's certificate where the suite can read it. */
export async function writeAuthority(ca: string, chosen: string | undefined): Promise<string> {
  const file = chosen ?? join(tmpdir(), `mock-authority-${process.pid}-${randomUUID()}.pem`);
  // A process that fails before it closes its mock leaves nothing behind either.
  if (!isSwept) process.once('exit', () => written.forEach((one) => rmSync(one, { force: true })));
  isSwept = true;
  written.add(file);
  await writeFile(file, ca);
  return file;
}

export async function removeAuthority(file: string): Promise<void> {
  written.delete(file);
  await rm(file, { force: true });
}
