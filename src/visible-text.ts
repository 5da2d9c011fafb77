/**
 * The one place that makes a text of a document, of a server or of a variable safe to print. Whoever writes such a text to a
 * terminal, a file, a header or a report takes it from here.
 */

/** Bidi controls, invisible characters and what no terminal or page shows alike. Tabs and line ends stay. */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- that is what it finds
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Build servers take a line that holds `##[` or `##vso[` for a command of the job. */
const JOB_COMMAND = /##(?=\[|vso\[)/g;

/**
 * Makes everything in a text visible that acts on a reader without being seen: the pictures of ASCII's control characters,
 * and the code point of what turns the direction of writing, has no width or is half a character.
 */
export function readable(text: string): string {
  return text.replace(JOB_COMMAND, '# #').replace(INVISIBLE, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '␡';
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** Whether a text is what it looks like, on one line: a name with a character that is not is no name. */
export function isPlain(text: string): boolean {
  return !/[\t\n\r]/.test(text) && readable(text) === text;
}

/** The beginning of a text, and how much is missing. Half a character is none. */
export function cut(text: string, most: number): { readonly text: string; readonly left: number } {
  if (text.length <= most) return { text, left: 0 };
  const end = /[\ud800-\udbff]/.test(text[most - 1] ?? '') ? most - 1 : most;
  return { text: text.slice(0, end), left: text.length - end };
}

/** In one line and no longer than it may be. */
export function inLine(text: string, most = Infinity): string {
  const shown = cut(readable(text).replace(/\s+/g, ' ').trim(), most);
  return shown.left === 0 ? shown.text : `${shown.text}…`;
}

/** A name that begins a line of output, such as a title. Build servers take a line that begins with `::` for a command. */
export function asTitle(text: string): string {
  return inLine(text, LONGEST_TITLE).replace(/^:+/, '').trim();
}

const LONGEST_TITLE = 200;
