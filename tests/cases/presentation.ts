import type { Case } from '../../src/plan/case.ts';
import type { Form } from '../../src/plan/form.ts';
import type { Text } from '../../src/target/secret.ts';

/** The full-access key in spellings that RFC 9110 makes equal: each is to be let through as the plain one is. */
export const spellings: readonly Case[] = [
  {
    id: 'header-name-in-lower-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key under the header name in lower case',
    forms: inHeader,
    request: (ask) =>
      ask.request({ credentials: ask.presented(ask.fullKey()).map(([name, value]) => [name.toLowerCase(), value]) }),
  },
  {
    id: 'header-name-in-upper-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key under the header name in upper case',
    forms: inHeader,
    request: (ask) =>
      ask.request({ credentials: ask.presented(ask.fullKey()).map(([name, value]) => [name.toUpperCase(), value]) }),
  },
  {
    id: 'scheme-in-lower-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key behind the authentication scheme in lower case',
    forms: withScheme,
    request: (ask) =>
      ask.request({
        credentials: ask
          .presented(ask.fullKey())
          .map(([name, value]) => [name, respelt(value, (word) => word.toLowerCase())]),
      }),
  },
  {
    id: 'scheme-in-upper-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key behind the authentication scheme in upper case',
    forms: withScheme,
    request: (ask) =>
      ask.request({
        credentials: ask
          .presented(ask.fullKey())
          .map(([name, value]) => [name, respelt(value, (word) => word.toUpperCase())]),
      }),
  },
];

function inHeader({ schemes }: Form): boolean {
  return schemes.some((scheme) => scheme.in === 'header' || scheme.type === 'http');
}

function withScheme({ schemes }: Form): boolean {
  return schemes.some(({ type }) => type === 'http');
}

/** Changes the literal parts of a header value and leaves the key alone. */
function respelt(value: Text, change: (word: string) => string): Text {
  return value.map((part) => (typeof part === 'string' ? change(part) : part));
}
