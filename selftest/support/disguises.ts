export const base64 = (text: string): string => Buffer.from(text).toString('base64');
const swapped = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));
export const everyCharacter = (text: string, spell: (code: string) => string): string =>
  Array.from(text, (character) => spell(character.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

/** What a server may make of a key that it repeats. Each gives the key away, or most of it. */
export const disguises: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'in upper case': (key) => key.toUpperCase(),
  'in lower case': (key) => key.toLowerCase(),
  'in the other case': swapped,
  'without its prefix': (key) => key.slice('sk_test_'.length),
  'without its first half': (key) => key.slice(key.length / 2),
  'without its last half': (key) => key.slice(0, (key.length * 2) / 3),
  'but its last eight characters': (key) => key.slice(-8),
  'cut by one': (key) => key.slice(0, -1),
  'extended by one': (key) => `${key}x`,
  'changed in front': (key) => key.replace('sk_test_', 'sk_test_#'),
  'changed in the middle': (key) => `${key.slice(0, 20)}#${key.slice(21)}`,
  'changed at the end': (key) => `${key.slice(0, -1)}#`,
  'behind another prefix': (key) => key.replace('test', 'live'),
  'in base64': base64,
  'in base64, one byte on': (key) => base64(`:${key}:`),
  'in base64, two bytes on': (key) => base64(`::${key}`),
  'in base64 for URLs': (key) => Buffer.from(`id:${key}`).toString('base64url'),
  'in base64, cut by one': (key) => base64(key.slice(0, -1)),
  'in base64, changed in the middle': (key) => base64(`${key.slice(0, 20)}#${key.slice(21)}`),
  'in base64, in the other case': (key) => base64(swapped(key)),
  'in hexadecimal, in the other case': (key) => Buffer.from(swapped(key)).toString('hex'),
  'in base64, as Basic credentials': (key) => base64(`user:${key}`),
  'in hexadecimal': (key) => Buffer.from(key).toString('hex'),
  'in hexadecimal capitals': (key) => Buffer.from(key).toString('hex').toUpperCase(),
  'percent-encoded where needed': encodeURIComponent,
  'percent-encoded throughout': (key) => everyCharacter(key, (code) => `%${code}`),
  'percent-encoded twice': (key) => encodeURIComponent(encodeURIComponent(key)),
  'as a JSON string in a JSON string': (key) => JSON.stringify(JSON.stringify(key)),
  'as a JSON string': (key) => JSON.stringify(key),
  'as a JSON string with escaped slashes': (key) => JSON.stringify(key).replaceAll('/', '\\/'),
  'as a JSON string with escapes throughout': (key) => `"${everyCharacter(key, (code) => `\\u00${code}`)}"`,
  'as a JSON string with escapes throughout in a JSON string': (key) =>
    JSON.stringify(everyCharacter(key, (code) => `\\u00${code}`)),
  'as a string of JavaScript': (key) => everyCharacter(key, (code) => `\\x${code}`),
  'as HTML': (key) =>
    key.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'as HTML with numbers throughout': (key) => everyCharacter(key, (code) => `&#x${code};`),
  'as HTML with decimal numbers': (key) => everyCharacter(key, (code) => `&#${Number.parseInt(code, 16)};`),
  'in full-width letters': fullWidth,
  'as the bytes of full-width letters': (key) => Buffer.from(fullWidth(key)).toString('latin1'),
  'behind a letter whose lower case is longer': (key) => `\u0130stanbul ${key}`,
  twice: (key) => `${key} ${key}`,
};
