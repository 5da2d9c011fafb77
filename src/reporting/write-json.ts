import { closeSync, openSync, writeSync } from 'node:fs';

/** Characters that are put together before they are written. */
const CHUNK = 1 << 20;

/**
 * Writes an object as `JSON.stringify(value, null, 1)` would give it, and a line break, without ever holding all of the text:
 * a report of a thousand operations is longer than everything else that a run holds.
 *
 * @throws Error of the file system, with the file's path
 */
export function writeJson(file: string, value: object): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'w');
    let chunk = '';
    for (const part of partsOf(value)) {
      chunk += part;
      if (chunk.length < CHUNK) continue;
      writeSync(descriptor, chunk);
      chunk = '';
    }
    writeSync(descriptor, `${chunk}\n`);
  } catch (error) {
    // A write into an open file fails without the file's name.
    if (error instanceof Error) Object.assign(error, { path: file });
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The text of an object, a member at a time, and of its lists an entry at a time. */
function* partsOf(value: object): Generator<string> {
  const members = Object.entries(value).filter(([, member]: [string, unknown]) => member !== undefined);
  if (members.length === 0) {
    yield '{}';
    return;
  }
  let before = '{\n';
  for (const [name, member] of members as [string, unknown][]) {
    yield `${before} ${JSON.stringify(name)}: `;
    if (Array.isArray(member) && member.length > 0) yield* partsOfList(member);
    else yield indented(member, 1);
    before = ',\n';
  }
  yield '\n}';
}

function* partsOfList(list: readonly unknown[]): Generator<string> {
  let before = '[\n';
  for (const entry of list) {
    yield `${before}  ${indented(entry, 2)}`;
    before = ',\n';
  }
  yield '\n ]';
}

/** In a list what is not there is null, as `JSON.stringify` has it. */
function indented(value: unknown, depth: number): string {
  return JSON.stringify(value === undefined ? null : value, null, 1).replaceAll('\n', `\n${' '.repeat(depth)}`);
}
