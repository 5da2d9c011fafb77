import { isObject } from '../document/json.ts';
import { onResponse, withBody, withHeader } from '../server/patches.ts';
import type { VariantGroup } from './variant.ts';

/** How answers are written, whatever they say. */
export const delivery = {
  'lower-case-headers': {
    title: 'header names are in lower case, as HTTP/2 has them',
    patch: onResponse((response) => ({
      ...response,
      headers: response.headers.map(([name, value]) => [name.toLowerCase(), value]),
    })),
  },
  'upper-case-headers': {
    title: 'header names are in upper case',
    patch: onResponse((response) => ({
      ...response,
      headers: response.headers.map(([name, value]) => [name.toUpperCase(), value]),
    })),
  },
  'more-headers': {
    title: 'answers carry cookies and headers that nobody asked for',
    patch: onResponse((response) =>
      withHeader(
        response,
        ['Set-Cookie', 'region=eu; Path=/; HttpOnly'],
        ['Set-Cookie', 'visit=1'],
        ['Via', '1.1 edge'],
        ['X-Request-Id', 'req_abc123'],
        ['Server-Timing', 'total;dur=1.5'],
      ),
    ),
  },
  'extra-members': {
    title: 'bodies have every optional member and one that is not documented',
    patch: (sound) => ({
      refuse: (request, refusal) =>
        withBody(sound.refuse(request, refusal), (body) => ({
          ...request.state.bodies.optionalMembers(),
          ...body,
          note: 'extra',
        })),
      succeed: (request, operation) =>
        withBody(sound.succeed(request, operation), (body) => ({ ...body, note: 'extra' })),
    }),
  },
  'null-member-last': {
    title: 'the last member of every body is null',
    patch: onResponse((response) => withBody(response, (body) => ({ ...body, next: null }))),
  },
  'large-bodies': {
    title: 'a success has more than a mebibyte of body',
    patch: (sound) => ({
      succeed: (request, operation) =>
        withBody(sound.succeed(request, operation), (body) => ({ ...body, filling: 'x'.repeat(1_200_000) })),
    }),
  },
  'successes-numbered': {
    title: 'no two successes are the same, since each has its number in it',
    patch: (sound) => {
      let served = 0;
      return {
        succeed: (request, operation) =>
          withBody(sound.succeed(request, operation), (body) => ({ ...body, served: ++served })),
      };
    },
  },
  'no-charset': {
    title: 'the media type has no parameter',
    patch: onResponse((response) => withHeader(response, ['Content-Type', 'application/json'])),
  },
  'quoted-charset': {
    title: 'the media type is in unusual case with a quoted parameter (RFC 9110 §8.3)',
    patch: onResponse((response) => withHeader(response, ['Content-Type', 'Application/JSON ;Charset="UTF-8"'])),
  },
  'other-key-order': {
    title: 'the members of every object are in another order',
    patch: onResponse((response) => ({ ...response, body: reversed(response.body) })),
  },
  indented: {
    title: 'JSON is indented',
    patch: onResponse((response) => ({ ...response, delivery: { indented: true } })),
  },
  'escaped-json': {
    title: 'letters in JSON are escaped that need not be (RFC 8259 §7)',
    patch: onResponse((response) =>
      isObject(response.body) ? { ...response, body: escaped(JSON.stringify(response.body)) } : response,
    ),
  },
  compressed: {
    title: 'bodies are compressed, which a client that names no coding allows (RFC 9110 §12.5.3)',
    patch: onResponse((response) => ({ ...response, delivery: { compressed: true } })),
  },
  chunked: {
    title: 'bodies come in chunks, without a length',
    patch: onResponse((response) => ({ ...response, delivery: { chunked: true } })),
  },
  trailers: {
    title: 'chunked bodies have trailers',
    patch: onResponse((response) => ({ ...response, delivery: { chunked: true, trailers: [['X-Checksum', 'none']] } })),
  },
  'ends-with-connection': {
    title: 'the end of the connection is the end of the body, as in HTTP/1.0',
    patch: onResponse((response) => ({ ...response, delivery: { untilClose: true } })),
  },
  'connection-close': {
    title: 'every connection is closed after one answer',
    patch: onResponse((response) => withHeader(response, ['Connection', 'close'])),
  },
  'early-hints': {
    title: 'a 103 goes ahead of every answer',
    patch: onResponse((response) => ({ ...response, delivery: { hinted: true } })),
  },
  'no-reason-phrase': {
    title: 'nothing stands behind the status (RFC 9112 §4)',
    patch: onResponse((response) => ({ ...response, delivery: { phrase: '' } })),
  },
  slow: {
    title: 'every answer takes its time',
    patch: onResponse((response) => ({ ...response, delivery: { delay: 60 } })),
  },
} as const satisfies VariantGroup;

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

/** The first letter of every text. */
function escaped(json: string): string {
  return json.replace(
    /"([A-Za-z])((?:[^"\\]|\\.)*)"/g,
    (_text, first: string, rest: string) => `"\\u00${first.charCodeAt(0).toString(16)}${rest}"`,
  );
}
