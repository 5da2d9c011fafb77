/** Where something stands in a file. A line says nothing where the whole file is one: then column and pointer are there. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column?: number;
  /** JSON Pointer of what stands there: `#/paths/~1things/get`. */
  readonly pointer?: string;
}

/** All of a document is on one line, as programs write JSON. */
export function isOneLine(text: string): boolean {
  return !/[\r\n]/.test(text.trim());
}

/** `12`, or `1:512 (#/paths/~1things/get)`: what stands behind the name of a file and a colon. */
export function inWords({ line, column, pointer }: Position): string {
  const place = column === undefined ? String(line) : `${line}:${column}`;
  return pointer === undefined ? place : `${place} (${pointer})`;
}

/** RFC 6901 §3, as a fragment of a URL is not: nothing is percent-encoded, so that people can read it. */
export function pointerTo(tokens: readonly string[]): string {
  return ['#', ...tokens.map((token) => token.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/');
}
