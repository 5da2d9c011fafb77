/** Levels. The smallest limit of common JSON readers is 64. */
const DEEPEST = 64;
/** In characters, of a name in a message. */
const LONGEST_NAME = 40;

/** Reads JSON that any two readers understand alike (RFC 8259, sections 4 and 9), or says why it is none. */
export function readJson(text: string): { readonly json: unknown } | { readonly jsonError: string } {
  if (text === '') return { jsonError: 'the body is empty' };
  const { isTooDeep, duplicate } = inspect(text);
  if (isTooDeep) return { jsonError: `the body is nested deeper than ${DEEPEST} levels` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { jsonError: 'the body is not JSON' };
  }
  if (duplicate === undefined) return { json };
  const name = JSON.stringify(duplicate.length > LONGEST_NAME ? `${duplicate.slice(0, LONGEST_NAME)}…` : duplicate);
  return { jsonError: `the body has the member ${name} twice, and readers differ in which they take` };
}

/**
 * Finds what JSON.parse does not report. Libraries that report it (jsonc-parser) are recursive, and a server may send any
 * nesting: this looks at each character once and does not recurse.
 */
function inspect(text: string): { isTooDeep: boolean; duplicate: string | undefined } {
  // For each object or array around the position its names; an array has none.
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  let duplicate: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.length === DEEPEST) return { isTooDeep: true, duplicate };
      open.push(character === '{' ? new Set() : undefined);
      isName = character === '{';
    } else if (character === '}' || character === ']') open.pop();
    else if (character === ',') isName = open.at(-1) !== undefined;
    else if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (isName && names) {
        const name = unescaped(text.slice(at, end + 1));
        if (names.has(name)) duplicate ??= name;
        names.add(name);
      }
      isName = false;
      at = end;
    }
  }
  return { isTooDeep: false, duplicate };
}

/** Position of the quote that ends the string which begins there, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** `"\u0061"` and `"a"` are the same name. */
function unescaped(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
