import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';

export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  /** Names that begin a line which gives them no value, each with the number of that line. */
  readonly lost: Readonly<Record<string, number>>;
  /** Names that several lines give a value, each with the numbers of these lines. */
  readonly repeated: Readonly<Record<string, readonly number[]>>;
  /** Why the file cannot be read, in a sentence for the user. It has no values then. */
  readonly problem?: string;
}

const NOTHING: EnvFile = { values: {}, lost: {}, repeated: {} };

/** Reads `.env`. A file that does not exist says nothing. */
export function readEnvFile(file: string): EnvFile {
  try {
    return parseEnvFile(readFileSync(file), file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return NOTHING;
    return {
      ...NOTHING,
      problem: `${file} cannot be read (${code}): make it a file with a line NAME=VALUE for each setting, or remove it.`,
    };
  }
}

/** What the bytes say in UTF-8, or in the encoding of their byte-order mark, which editors and shells of Windows write. */
function parseEnvFile(bytes: Buffer, file: string): EnvFile {
  let text: string;
  try {
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch {
    return { ...NOTHING, problem: `${file} is not text in UTF-8: save it in that encoding.` };
  }
  if (text.includes('\0'))
    return {
      ...NOTHING,
      problem: `${file} holds NUL characters, as a file in UTF-16 without a byte-order mark does: save it as UTF-8.`,
    };
  const values = parse(text);
  const names = text.split(/\r\n?|\n/).map((line) => /^\s*(?:export\s+)?([A-Za-z_][\w-]*)/.exec(line)?.[1]);
  const lost = names.flatMap((name, index): (readonly [string, number])[] =>
    name === undefined || Object.hasOwn(values, name) ? [] : [[name, index + 1]],
  );
  return { values, lost: Object.fromEntries(lost), repeated: repeatedIn(text) };
}

/** A value in quotes goes on over several lines, so that what begins one of them is no name. */
const ASSIGNMENT =
  /^[^\S\n]*(?:export\s+)?([A-Za-z_][\w.-]*)[^\S\n]*=[^\S\n]*(?:'[^']*'|"(?:\\"|[^"])*"|`[^`]*`|[^\n]*)/gm;

function repeatedIn(text: string): EnvFile['repeated'] {
  const plain = text.replace(/\r\n?/g, '\n');
  const lines = new Map<string, number[]>();
  for (const { 1: name = '', index } of plain.matchAll(ASSIGNMENT))
    lines.set(name, [...(lines.get(name) ?? []), plain.slice(0, index).split('\n').length]);
  return Object.fromEntries([...lines].filter(([, numbers]) => numbers.length > 1));
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
