import {
  parseCacheDirectives,
  parseChallenges,
  parseMediaType,
  parseStrictTransport,
  parseTokens,
  type Challenge,
  type MediaType,
  type StrictTransport,
} from './field-parser.ts';
import { remembered } from './remembered.ts';

/** Anything with field lines in the order received: a response as it is recorded, or as it came. */
export interface HasFieldLines {
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The values of all field lines of that name, in the order received. The name's case does not matter. */
export function fieldValues({ headers }: HasFieldLines, name: string): string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([field]) => field.toLowerCase() === wanted).map(([, value]) => value);
}

/** The value of the first field line of that name. For fields that are sent once, such as `Location`. */
export function firstFieldValue(response: HasFieldLines, name: string): string | undefined {
  return fieldValues(response, name)[0];
}

/**
 * Of several media types the last one, as RFC 9110 §8.3 has it of clients.
 *
 * @returns undefined where there is no `Content-Type`, or none with a type and a subtype
 */
export const mediaTypeOf: (response: HasFieldLines) => MediaType | undefined = remembered((response) =>
  fieldValues(response, 'content-type')
    .flatMap((value) => parseMediaType(value) ?? [])
    .at(-1),
);

/** Every challenge of every `WWW-Authenticate` line, in the order received. */
export function challengesOf(response: HasFieldLines): Challenge[] {
  return fieldValues(response, 'www-authenticate').flatMap(parseChallenges);
}

/**
 * Example: `no-cache="set-cookie", max-age=60` gives `no-cache` → `set-cookie` and `max-age` → `60`. A directive without an
 * argument is there with undefined, so ask with `has`.
 */
export function cacheDirectivesOf(response: HasFieldLines): ReadonlyMap<string, string | undefined> {
  const directives = new Map<string, string | undefined>();
  for (const { name, value } of fieldValues(response, 'cache-control').flatMap(parseCacheDirectives)) {
    // RFC 9111 §4.2.1: of several the first one.
    if (!directives.has(name)) directives.set(name, value);
  }
  return directives;
}

/** The tokens of all lines of a list field, in lower case: `Vary`, `Connection`, `Content-Encoding`. */
export function listOf(response: HasFieldLines, name: string): string[] {
  return fieldValues(response, name).flatMap(parseTokens);
}

/** RFC 6797 §8.1: only the first line counts. Undefined where there is none, or one that clients ignore. */
export function strictTransportOf(response: HasFieldLines): StrictTransport | undefined {
  const first = firstFieldValue(response, 'strict-transport-security');
  return first === undefined ? undefined : parseStrictTransport(first);
}
