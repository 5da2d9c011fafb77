/**
 * A character in an escape: `%2F`, `\u002F`, `\x2F`, `\/`, `&#x2F;`, `&#47;`, `&amp;`, `／`, the bytes of `／`. What escapes
 * an escape once more (`%252F`, `\\u002F`, `&amp;#47;`) is part of it.
 */
const ESCAPE =
  /%(?:25)*(?<url>[\da-f]{2})|\\+[ux](?:00)?(?<js>[\da-f]{2})|&(?:amp;)*(?:#x0*(?<hex>[\da-f]{2});|#0*(?<decimal>\d{2,3});|(?<name>amp|lt|gt|quot|apos);)|\\+(?<escaped>[^\w\s\\])|(?<wide>[\uff01-\uff5e])|\u00ef(?<bytes>[\u00bc\u00bd][\u0080-\u00bf])/gi;
/** What every escape begins with: most texts have none of it, and are not looked through any further. */
const BEGINNING = /[%\\&\u00ef\uff01-\uff5e]/;
/** How far the full-width form of a character is from the character. */
const FULL_WIDTH = 0xfee0;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function characterOf({ 0: asItIs, groups = {} }: RegExpExecArray): string {
  const hex = groups['url'] ?? groups['js'] ?? groups['hex'];
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (groups['decimal'] !== undefined) return String.fromCharCode(Number(groups['decimal']));
  const wide = groups['wide']?.charCodeAt(0) ?? utf8(groups['bytes']);
  if (wide !== undefined) return String.fromCharCode(wide - FULL_WIDTH);
  return NAMED[groups['name']?.toLowerCase() ?? ''] ?? groups['escaped'] ?? asItIs;
}

/** The code of a full-width letter whose bytes stand in Latin-1, the first of them left out. */
function utf8(bytes: string | undefined): number | undefined {
  return bytes === undefined ? undefined : 0xf000 | ((bytes.charCodeAt(0) & 0x3f) << 6) | (bytes.charCodeAt(1) & 0x3f);
}

/** A text with every escape undone once, and where in the text each character of it begins. */
export interface Unescaped {
  readonly plain: string;
  readonly startOf: (index: number) => number;
}

/** @returns undefined where there is no escape */
export function unescape(text: string): Unescaped | undefined {
  if (!BEGINNING.test(text)) return undefined;
  let plain = '';
  let done = 0;
  /** For each escape, the index in the plain text of what follows it, and how much shorter that text is up to there. */
  const follow: number[] = [];
  const shorter: number[] = [];
  for (const match of text.matchAll(ESCAPE)) {
    plain += text.slice(done, match.index) + characterOf(match);
    done = match.index + match[0].length;
    follow.push(plain.length);
    shorter.push(done - plain.length);
  }
  if (done === 0) return undefined;
  return { plain: plain + text.slice(done), startOf: (index) => index + (shorter[lastUpTo(follow, index)] ?? 0) };
}

/** The index of the last number that is not above the limit, or -1. */
function lastUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Letter by letter: some have a lower case of another length, and positions would shift; those stay as they are. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** A text as it is, in lower case, in upper case, and with its cases swapped. */
export function inEveryCase(text: string): string[] {
  const lower = lowerCase(text);
  const swapped = Array.from(text, (letter, index) => (letter === lower[index] ? letter.toUpperCase() : lower[index]));
  return [text, lower, text.toUpperCase(), swapped.join('')];
}

/**
 * A text in base64, in the three alignments that it can have inside a longer one, without the characters at both ends
 * that its neighbours decide as well; with the alphabet for URLs too.
 */
export function base64Forms(value: string): string[] {
  const aligned = [0, 1, 2].map((shift) => {
    const bytes = shift + Buffer.byteLength(value);
    const base64 = Buffer.from('x'.repeat(shift) + value).toString('base64');
    return base64.slice(Math.ceil((shift * 4) / 3), Math.floor((bytes * 4) / 3));
  });
  return [...aligned, ...aligned.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

export function hexadecimal(value: string): string {
  return Buffer.from(value).toString('hex');
}
