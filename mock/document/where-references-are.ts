import { LONGEST_SAMPLE } from './bounds.ts';
import { isObject } from './json.ts';

/** What stands behind these names is data (OpenAPI 3.1 §4.8, JSON Schema 2020-12): nothing in it is a reference. */
const DATA = new Set(['example', 'default', 'const', 'enum', 'required', 'security', 'scopes', 'mapping', 'variables']);
/** These are texts, so what stands there instead is no reference either. */
const TEXTS = new Set(['title', 'summary', 'description', 'version', 'termsOfService']);
/** Of what is longer there is no sample. */
const LENGTHS = new Set(['minLength', 'minItems', 'minProperties']);
/** The members of these are named by the author. */
const NAMED = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'headers',
  'encoding',
]);
/** So are these, and extensions may stand among them. */
const KEYED = new Set(['paths', 'webhooks', 'responses', 'callbacks', 'content', 'additionalOperations']);

/**
 * A copy of a document with other references, looked for only where OpenAPI and JSON Schema have them. Control characters,
 * and names that hold one, are left out.
 */
export function withReferences(document: unknown, change: (reference: string) => string): unknown {
  return object(document, false);

  function object(value: unknown, isComponents: boolean): unknown {
    if (Array.isArray(value)) return value.map((one) => object(one, false));
    if (typeof value === 'string') return printable(value);
    if (!isObject(value)) return value;
    return copied(value, (name, member) => {
      if (name === '$ref' && typeof member === 'string') return change(member);
      if (LENGTHS.has(name) && typeof member === 'number') return Math.min(member, LONGEST_SAMPLE);
      if (name === 'x-authentication' || name === 'x-parts') return object(member, false);
      if (TEXTS.has(name) && typeof member !== 'string') return member;
      if (DATA.has(name) || name === 'pattern' || name.startsWith('x-')) return member;
      if (name === 'examples') return Array.isArray(member) ? member : named(member, example);
      if (name === 'links') return named(member, example);
      if (NAMED.has(name) || isComponents) return named(member, (one) => object(one, false));
      if (KEYED.has(name))
        return named(member, (one, key) => (key.startsWith('x-') && name !== 'callbacks' ? one : object(one, false)));
      return object(member, name === 'components');
    });
  }

  function named(value: unknown, make: (member: unknown, name: string) => unknown): unknown {
    return isObject(value) ? copied(value, (name, member) => make(member, name)) : object(value, false);
  }

  /** Of an example or a link only the reference that it may be. */
  function example(value: unknown): unknown {
    if (!isObject(value) || typeof value['$ref'] !== 'string') return value;
    return { $ref: change(value['$ref']) };
  }

  function copied(value: object, make: (name: string, member: unknown) => unknown): Record<string, unknown> {
    const entries = Object.entries(value).filter(([name]) => printable(name) === name && name !== '__proto__');
    return Object.fromEntries(entries.map(([name, member]) => [name, make(name, member)]));
  }
}

/** Line ends stay in a text, which may have several lines. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what it takes out
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '');
}
