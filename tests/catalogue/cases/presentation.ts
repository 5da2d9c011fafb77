import type { Case } from '../../../src/requests/case.ts';
import type { RequestBuilder } from '../../../src/requests/request-builder.ts';
import type { HeaderLine, PlannedRequest } from '../../../src/model/request.ts';
import type { Text } from '../../../src/secret.ts';
import { inHeader, withScheme } from './forms.ts';

/** The full-access key in spellings that RFC 9110 makes equal: each is to be let through as the plain one is. */
export const spellings: readonly Case[] = [
  {
    id: 'header-name-in-lower-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key under the header name in lower case',
    alternatives: 'each',
    suits: inHeader,
    request: (builder) => withLines(builder, ([name, value]) => [name.toLowerCase(), value]),
  },
  {
    id: 'header-name-in-upper-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key under the header name in upper case',
    alternatives: 'each',
    suits: inHeader,
    request: (builder) => withLines(builder, ([name, value]) => [name.toUpperCase(), value]),
  },
  {
    id: 'scheme-in-lower-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key behind the authentication scheme in lower case',
    alternatives: 'each',
    suits: withScheme,
    request: (builder) => withLines(builder, ([name, value]) => [name, respelt(value, (word) => word.toLowerCase())]),
  },
  {
    id: 'scheme-in-upper-case',
    group: 'presentation',
    control: 'valid-key',
    title: 'the full-access key behind the authentication scheme in upper case',
    alternatives: 'each',
    suits: withScheme,
    request: (builder) => withLines(builder, ([name, value]) => [name, respelt(value, (word) => word.toUpperCase())]),
  },
];

/** Respells every header line that presents the full-access key. */
function withLines(builder: RequestBuilder, respell: (line: HeaderLine) => HeaderLine): PlannedRequest {
  const credentials = builder.credentialsFor(builder.fullKey());
  return builder.build({ credentials: { ...credentials, headers: credentials.headers.map(respell) } });
}

/** Changes the literal parts of a header value and leaves the key alone. */
function respelt(value: Text, change: (word: string) => string): Text {
  return value.map((part) => (typeof part === 'string' ? change(part) : part));
}
