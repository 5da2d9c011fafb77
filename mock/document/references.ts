import type { JsonObject } from '../types/json.ts';
import { isObject } from './json.ts';
import { withReferences } from './where-references-are.ts';

/**
 * A copy of the document in which every reference is a JSON pointer (RFC 6901) that leads to its target without another
 * reference on the way and without percent-encoding, so that each library that reads schemas finds the target.
 */
export function withPlainReferences(document: JsonObject): JsonObject {
  return withReferences(document, (reference) => plainPointer(document, reference)) as JsonObject;
}

/** The value, or what its reference leads to; undefined where that is nothing. */
export function resolved(document: JsonObject, value: unknown): unknown {
  let current = value;
  for (let hops = 0; isObject(current) && typeof current['$ref'] === 'string'; hops += 1) {
    if (hops > LONGEST_CHAIN) return undefined;
    current = walk(document, tokensOf(current['$ref']))?.value;
  }
  return current;
}

/** The object that a value is or refers to; one without members where it is none. */
export function resolvedObject(document: JsonObject, value: unknown): JsonObject {
  const found = resolved(document, value);
  return isObject(found) ? found : {};
}

/** A chain of references that is longer is a circle. */
const LONGEST_CHAIN = 50;

/** A reference that leads nowhere and one to an anchor (`#name`) stay as they are. */
function plainPointer(document: JsonObject, reference: string): string {
  if (!/^#(?:\/|$)/.test(reference)) return reference;
  const found = walk(document, tokensOf(reference));
  if (!found) return reference;
  return `#${found.tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
}

interface Found {
  /** Names of members from the root on. */
  readonly tokens: readonly string[];
  readonly value: unknown;
}

/** What stands at the end of a pointer. References on the way are followed, the last one is not. */
function walk(document: JsonObject, tokens: readonly string[], hops = 0): Found | undefined {
  let found: Found = { tokens: [], value: document };
  for (const token of tokens) {
    while (isObject(found.value) && typeof found.value['$ref'] === 'string' && !Object.hasOwn(found.value, token)) {
      const next = hops > LONGEST_CHAIN ? undefined : walk(document, tokensOf(found.value['$ref']), hops + 1);
      if (!next) return undefined;
      found = next;
    }
    const { value } = found;
    if (typeof value !== 'object' || value === null) return undefined;
    const name = [token, decoded(token)].find((one) => Object.hasOwn(value, one));
    if (name === undefined) return undefined;
    found = { tokens: [...found.tokens, name], value: (value as JsonObject)[name] };
  }
  return found;
}

function tokensOf(reference: string): readonly string[] {
  const [, ...tokens] = reference.replace(/^#/, '').split('/');
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A pointer in a URI is percent-encoded (RFC 6901 §6). */
function decoded(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return token;
  }
}
