/*
 * Texts that are no key at all, and that careless code takes for a key or for leave to skip the check.
 */

export type Placeholder = readonly [id: string, value: string];

/** What programs write where they have nothing. */
export const COMMON_PLACEHOLDERS: readonly Placeholder[] = [
  ['null', 'null'],
  ['undefined', 'undefined'],
  ['true', 'true'],
];

/** The same in other languages, and texts that a lookup or a comparison stumbles over. */
export const RARER_PLACEHOLDERS: readonly Placeholder[] = [
  ['zero', '0'],
  ['false', 'false'],
  ['none', 'None'],
  ['nil', 'nil'],
  ['not-a-number', 'NaN'],
  ['object', '[object Object]'],
  ['quotes', '""'],
  ['encoded-nul', '%00'],
  // Members that every object of JavaScript has: `keys[sent]` finds something.
  ['constructor', 'constructor'],
  ['prototype', '__proto__'],
  ['to-string', 'toString'],
  // All that a pattern or a query fits.
  ['asterisk', '*'],
  ['percent', '%'],
  ['pattern', '.*'],
  // What products and templates ship with.
  ['change-me', 'changeme'],
  ['password', 'password'],
  ['secret', 'secret'],
  ['admin', 'admin'],
  ['test', 'test'],
  ['your-key', 'your-api-key'],
  ['your-key-in-capitals', 'YOUR_API_KEY'],
];
