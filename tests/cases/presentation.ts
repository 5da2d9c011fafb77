import type { Case } from '../../src/plan/case.ts';
import type { Ask } from '../../src/plan/ask.ts';
import type { HeaderLine, WireRequest } from '../../src/plan/request.ts';
import type { Text } from '../../src/target/secret.ts';
import { inHeader, withScheme } from './forms.ts';

/** The full-access key in spellings that RFC 9110 makes equal: each is to be let through as the plain one is. */
export const spellings: readonly Case[] = [
  {
    id: 'header-name-in-lower-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key under the header name in lower case',
    forms: 'each',
    suits: inHeader,
    request: (ask) => withLines(ask, ([name, value]) => [name.toLowerCase(), value]),
  },
  {
    id: 'header-name-in-upper-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key under the header name in upper case',
    forms: 'each',
    suits: inHeader,
    request: (ask) => withLines(ask, ([name, value]) => [name.toUpperCase(), value]),
  },
  {
    id: 'scheme-in-lower-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key behind the authentication scheme in lower case',
    forms: 'each',
    suits: withScheme,
    request: (ask) => withLines(ask, ([name, value]) => [name, respelt(value, (word) => word.toLowerCase())]),
  },
  {
    id: 'scheme-in-upper-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key behind the authentication scheme in upper case',
    forms: 'each',
    suits: withScheme,
    request: (ask) => withLines(ask, ([name, value]) => [name, respelt(value, (word) => word.toUpperCase())]),
  },
];

/** Respells every header line that presents the full-access key. */
function withLines(ask: Ask, respell: (line: HeaderLine) => HeaderLine): WireRequest {
  const credentials = ask.presented(ask.fullKey());
  return ask.request({ credentials: { ...credentials, headers: credentials.headers.map(respell) } });
}

/** Changes the literal parts of a header value and leaves the key alone. */
function respelt(value: Text, change: (word: string) => string): Text {
  return value.map((part) => (typeof part === 'string' ? change(part) : part));
}
