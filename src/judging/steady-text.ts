/** Ids of requests and times, which are others in every response: RFC 9562 §4, RFC 3339 §5.6, RFC 9110 §5.6.7. */
const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?Z| ?[+-]\d\d:?\d\d)?/g;
const HTTP_DATE = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d(?: GMT)?/g;

/** Numbers of requests, digests, nonces: a shorter one may be a code that says something. */
const HEXADECIMAL = /(?<![A-Za-z0-9])(?=[a-f]*\d)[\da-f]{8,}(?![A-Za-z0-9])/gi;
const LETTERS_AND_DIGITS = /(?<![A-Za-z0-9])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,}(?![A-Za-z0-9])/g;
/** As base64 and base64url write bytes. A path has such a form as well, so words are told from bytes by their letters. */
const BYTES = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** In a page these hold a nonce, a token of a form or a digest, which may look like a word (HTML, `nonce` attribute). */
const ATTRIBUTE = /\b(nonce|content|value|integrity)=(?:"[^"]*"|'[^']*')/gi;

/** Pages about an unknown path often name it, and the method: `Cannot GET /v2/contacts`. */
const WHOLE_PATH = /(?<![A-Za-z0-9+/_=-])\/[^\s"'<>]*/g;
const REST_OF_PATH = /\/[^\s"'<>]*/g;
const METHOD = /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE)\b/g;

/**
 * A text without what is another in every response, whatever it says: times, ids and nonces that the server makes up, and
 * the method and the path that were asked for.
 */
export function steadyText(text: string): string {
  const words = [UUID, TIME, HTTP_DATE, WHOLE_PATH]
    .reduce((rest, one) => rest.replace(one, '#'), text.replace(ATTRIBUTE, '$1=#'))
    .replace(BYTES, (run) => (looksRandom(run) ? '#' : run));
  return [HEXADECIMAL, LETTERS_AND_DIGITS, REST_OF_PATH, METHOD].reduce((rest, one) => rest.replace(one, '#'), words);
}

/** Whether a number counts the seconds or the milliseconds since 1970, as of a year between 2001 and 2100. */
export function isTime(value: number): boolean {
  const seconds = value > 4.2e9 ? value / 1000 : value;
  return seconds > 1e9 && seconds < 4.2e9;
}

/** Places where no word changes between digits, capitals and small letters, though the names in programs have one at times. */
const ODD_CHANGE = /(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)|(?<=[a-z])[A-Z](?![a-z])|[A-Z][a-z](?=[A-Z\d])/g;

function looksRandom(run: string): boolean {
  return run.endsWith('=') || (run.match(ODD_CHANGE) ?? []).length >= 2;
}
