/** Nesting that every reader takes: the limits of common ones begin here. */
const DEEPEST = 64;
const SHOWN = 40;

/** Reads JSON that any two readers understand alike (RFC 8259, sections 4 and 9), or says why it is none. */
export function readJson(text: string): { readonly json: unknown } | { readonly jsonError: string } {
  if (text === '') return { jsonError: 'the body is empty' };
  const { isTooDeep, twice } = survey(text);
  if (isTooDeep) return { jsonError: `the body is nested deeper than ${DEEPEST} levels` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { jsonError: 'the body is not JSON' };
  }
  if (twice === undefined) return { json };
  const name = JSON.stringify(twice.length > SHOWN ? `${twice.slice(0, SHOWN)}…` : twice);
  return { jsonError: `the body has the member ${name} twice, and readers differ in which they take` };
}

/** What JSON.parse does not tell. One look at each character and no recursion: the text is whatever a server sent. */
function survey(text: string): { isTooDeep: boolean; twice: string | undefined } {
  // The names in each object that is open; an array has none.
  const open: (Set<string> | undefined)[] = [];
  let isName = false;
  let twice: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.length === DEEPEST) return { isTooDeep: true, twice };
      open.push(character === '{' ? new Set() : undefined);
      isName = character === '{';
    } else if (character === '}' || character === ']') open.pop();
    else if (character === ',') isName = open.at(-1) !== undefined;
    else if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (isName && names) {
        const name = unescaped(text.slice(at, end + 1));
        if (names.has(name)) twice ??= name;
        names.add(name);
      }
      isName = false;
      at = end;
    }
  }
  return { isTooDeep: false, twice };
}

/** Position of the quote that ends the string which begins there, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** A name can be spelt in several ways and is still the same. */
function unescaped(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
