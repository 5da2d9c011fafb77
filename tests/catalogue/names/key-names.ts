/*
 * Names under which other APIs take keys, as products of words and ways to write them. A request stays below the 4 kilobytes
 * that servers read of a URL, and the 8 kilobytes of a header.
 */

const WORDS: readonly (readonly [string, string])[] = [
  ['api', 'key'],
  ['access', 'key'],
  ['access', 'token'],
  ['auth', 'token'],
  ['api', 'token'],
  ['session', 'id'],
];

type Words = (typeof WORDS)[number];
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const snake = ([first, second]: Words): string => `${first}_${second}`;
const kebab = ([first, second]: Words): string => `${first}-${second}`;
const joined = ([first, second]: Words): string => first + second;
const camel = ([first, second]: Words): string => first + capital(second);
const inHeader = ([first, second]: Words): string => `${capital(first)}-${capital(second)}`;

function written(...styles: readonly ((words: Words) => string)[]): string[] {
  return [...new Set(WORDS.flatMap((words) => styles.map((style) => style(words))))];
}

/** Of parameters, of the fields of a form and of the members of a body; the letter case of these counts. */
export const QUERY_NAMES: readonly string[] = [
  ...written(snake, kebab, joined, camel),
  ...['key', 'token', 'auth', 'jwt', 'sig'],
];

export const COOKIE_NAMES: readonly string[] = [
  ...['X-API-Key', 'Authorization', 'session', 'sid', 'connect.sid', 'jwt', 'auth', 'token', 'key'],
  ...written(snake, joined, camel),
];

/** The letter case of these does not count. */
export const HEADER_NAMES: readonly string[] = [
  ...written(inHeader),
  ...written(inHeader).map((name) => `X-${name}`),
  ...['apikey', 'X-ApiKey', 'X_API_KEY', 'X-Auth', 'X-Authorization', 'X-Token', 'X-Key', 'Token', 'Key'],
  ...['X-Goog-Api-Key', 'Ocp-Apim-Subscription-Key', 'X-Functions-Key', 'X-RapidAPI-Key', 'Private-Token'],
];
