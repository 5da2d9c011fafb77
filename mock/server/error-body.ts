import { isObject } from '../document/json.ts';
import type { JsonObject } from '../types/json.ts';

/** Names of the members that error bodies have in every API, whatever they are called there. */
interface Parts {
  /** Holds the HTTP status. */
  readonly status?: string;
  /** Holds the word for machines. */
  readonly word?: string;
  /** Holds the text for people. */
  readonly text?: string;
}

export function partsOf(body: JsonObject): Parts {
  const entries = Object.entries(body);
  const status = entries.find(([, value]) => /^[45]\d\d$/.test(String(value)))?.[0];
  const word = entries.find(([, value]) => typeof value === 'string' && /^[a-z][\w.-]*$/i.test(value))?.[0];
  const text = entries.find(([name, value]) => typeof value === 'string' && name !== word && name !== status)?.[0];
  return { ...(status && { status }), ...(word && { word }), ...(text && { text }) };
}

export function wordOf(body: JsonObject): string | undefined {
  const word = body[partsOf(body).word ?? ''];
  return typeof word === 'string' ? word : undefined;
}

/** A body of the same shape for another refusal; members that say something else are left out. */
export function refill(body: JsonObject, fill: { status: number; word: string; text: string }): JsonObject {
  const parts = partsOf(body);
  const entries = Object.keys(body).flatMap((name) => {
    const part = (['status', 'word', 'text'] as const).find((candidate) => parts[candidate] === name);
    return part === undefined
      ? []
      : [[name, typeof body[name] === 'string' ? String(fill[part]) : fill[part]] as const];
  });
  return Object.fromEntries(entries);
}

/** Changes one part; a body without it stays as it is. */
export function withPart(body: JsonObject, part: keyof Parts, change: (value: unknown) => unknown): JsonObject {
  const name = partsOf(body)[part];
  return name === undefined ? body : { ...body, [name]: change(body[name]) };
}

export function withoutPart(body: JsonObject, part: keyof Parts): JsonObject {
  const name = partsOf(body)[part];
  return Object.fromEntries(Object.entries(body).filter(([candidate]) => candidate !== name));
}

/** The member named like the header Retry-After holds seconds, and a text may repeat them. */
export function fillRetryAfter(body: JsonObject, seconds: number): JsonObject {
  const name = Object.keys(body).find((candidate) => /^retry[-_]?after/i.test(candidate));
  const sample = name === undefined ? undefined : body[name];
  if (name === undefined || typeof sample !== 'number') return body;
  const repeated = new RegExp(`\\b${sample}\\b`, 'g');
  return { ...mapStrings(body, (text) => text.replace(repeated, String(seconds))), [name]: seconds };
}

export function namesScopes(value: unknown, scopes: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((entry) => namesScopes(entry, scopes));
  return isObject(value)
    ? Object.values(value).some((entry) => namesScopes(entry, scopes))
    : scopes.includes(value as string);
}

/** Puts other scopes where a sample names some: a list of scopes is what the key holds, one alone is what it lacks. */
export function fillScopes(
  body: JsonObject,
  scopes: readonly string[],
  required: readonly string[],
  held: readonly string[],
): JsonObject {
  const [sample] = lonelyScopes(body, scopes);
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return namesScopes(value, scopes) ? held : value.map(fill);
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fill(entry)]));
    if (typeof value !== 'string' || sample === undefined) return value;
    return value.replaceAll(sample, required.join(' '));
  };
  return fill(body) as JsonObject;
}

function lonelyScopes(value: unknown, scopes: readonly string[]): string[] {
  if (isObject(value)) return Object.values(value).flatMap((entry) => lonelyScopes(entry, scopes));
  return scopes.includes(value as string) ? [value as string] : [];
}

function mapStrings(body: JsonObject, change: (text: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? change(value) : value]),
  );
}
