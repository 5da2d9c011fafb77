/** Something that a run has to write and cannot. The message is one sentence: which file, why, and what to do. */
export class UnwritableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnwritableError';
    // Nobody's code is to blame.
    this.stack = message;
  }
}

/** Why a file cannot be written, by the error code of the operating system (`errno(3)`). */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EBUSY: 'another program uses it',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something else is in its place',
  EISDIR: 'a folder is in its place',
  ELOOP: 'a symbolic link leads to itself',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'the folder that it belongs in is not there and cannot be made',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file is where a folder has to be',
  ENOTEMPTY: 'a folder is in its place',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  EXDEV: 'it is on another file system',
};

/**
 * The sentence about a file that cannot be written.
 *
 * @param path as the user knows it
 * @param code such as `ENOSPC`
 * @param variable names the variable that moves the file elsewhere
 */
export function unwritableSentence(path: string, code: string, variable: string): string {
  const remedy = ['ENOSPC', 'EDQUOT'].includes(code) ? 'make room there' : 'correct that';
  return `${path} cannot be written, ${reasonOf(code)}: ${remedy}, or name another folder in ${variable}.`;
}

/** In words, with the code for who looks it up. */
export function reasonOf(code: string): string {
  const reason = REASONS[code];
  return reason === undefined ? `the system says ${code}` : `${reason} (${code})`;
}

/** The code of an error of the file system; undefined for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && syscall !== undefined && isFileCall(syscall) ? code : undefined;
}

const FILE_CALLS =
  /^(?:access|close|copyfile|fdatasync|fsync|ftruncate|lstat|mkdir|mkdtemp|open|opendir|readlink|rename|rm|rmdir|scandir|stat|symlink|truncate|unlink|write)$/;

function isFileCall(syscall: string): boolean {
  return FILE_CALLS.test(syscall);
}

/** What is left of a file system's error once it has travelled as text. */
export interface FileErrorText {
  readonly code: string;
  /** Node knows none of a write into a file that is open. */
  readonly path: string | undefined;
}

/**
 * Reads Node's message of a file system's error, such as `Error: ENOSPC: no space left on device, write`.
 *
 * @returns undefined for any other message
 */
export function readFileError(message: string): FileErrorText | undefined {
  const [, code, syscall = '', path] =
    /^(?:Error: )?(E[A-Z0-9]+): [^\n]*?, ([a-z]+)(?: '([^'\n]*)'(?: -> '[^'\n]*')?)?$/.exec(message) ?? [];
  return code !== undefined && isFileCall(syscall) ? { code, path } : undefined;
}
