import type { Patch } from './behaviour.ts';
import { randomText } from './keys.ts';
import { confusing, finishing, NO_VALID_KEY, refusing, withBody, withHeader } from './replies.ts';
import { isObject } from '../src/contract/pointer.ts';
import { challenge, realm } from './sound.ts';

/** One thing that a server may do though few do it. */
export interface Variant {
  /** What the server does, in the present tense. */
  readonly title: string;
  readonly patch: Patch;
}

const byId = {
  'lower-case-headers': {
    title: 'header names are in lower case, as HTTP/2 has them',
    patch: finishing((reply) => ({
      ...reply,
      headers: reply.headers.map(([name, value]) => [name.toLowerCase(), value]),
    })),
  },
  'upper-case-headers': {
    title: 'header names are in upper case',
    patch: finishing((reply) => ({
      ...reply,
      headers: reply.headers.map(([name, value]) => [name.toUpperCase(), value]),
    })),
  },
  'several-challenges': {
    title: 'one WWW-Authenticate line holds several challenges',
    patch: refusing(
      (reply, call) => withHeader(reply, ['WWW-Authenticate', `ApiKey realm="${realm(call)}", ${challenge(call)}`]),
      NO_VALID_KEY,
    ),
  },
  'challenges-on-several-lines': {
    title: 'each challenge has a WWW-Authenticate line of its own',
    patch: refusing(
      (reply, call) =>
        withHeader(reply, ['WWW-Authenticate', `ApiKey realm="${realm(call)}"`], ['WWW-Authenticate', challenge(call)]),
      NO_VALID_KEY,
    ),
  },
  'extra-members': {
    title: 'bodies have every optional member and one that is not documented',
    patch: (sound) => ({
      refuse: (call, refusal) =>
        withBody(sound.refuse(call, refusal), (body) => ({
          ...call.world.bodies.optionalMembers(),
          ...body,
          note: 'extra',
        })),
      succeed: (call, operation) => withBody(sound.succeed(call, operation), (body) => ({ ...body, note: 'extra' })),
    }),
  },
  'no-charset': {
    title: 'the media type has no parameter',
    patch: finishing((reply) => withHeader(reply, ['Content-Type', 'application/json'])),
  },
  'quoted-charset': {
    title: 'the media type is in unusual case with a quoted parameter (RFC 9110 §8.3)',
    patch: finishing((reply) => withHeader(reply, ['Content-Type', 'Application/JSON ;Charset="UTF-8"'])),
  },
  chunked: {
    title: 'bodies come in chunks, without a length',
    patch: finishing((reply) => ({ ...reply, delivery: { chunked: true } })),
  },
  'other-key-order': {
    title: 'the members of every object are in another order',
    patch: finishing((reply) => ({ ...reply, body: reversed(reply.body) })),
  },
  indented: {
    title: 'JSON is indented',
    patch: finishing((reply) => ({ ...reply, delivery: { indented: true } })),
  },
  slow: {
    title: 'every answer takes its time',
    patch: finishing((reply) => ({ ...reply, delivery: { delay: 60 } })),
  },
  'connection-close': {
    title: 'every connection is closed after one answer',
    patch: finishing((reply) => withHeader(reply, ['Connection', 'close'])),
  },
  'forbidden-names-permission': {
    title: 'a 403 names the permission that is missing, where the contract documents such a form',
    patch: refusing(
      (reply, { world }, refusal) => {
        const held = refusal.key?.scopes === 'all' ? world.contract.scopes : (refusal.key?.scopes ?? []);
        return { ...reply, body: world.bodies.naming(refusal, refusal.required ?? [], held) };
      },
      ['forbidden'],
    ),
  },
  'locked-out-answers-401': {
    title: 'a key that is used from another address is refused as invalid',
    patch: confusing('lockedOut', 'invalidKey'),
  },
  'conflicting-keys-answer-400': {
    title: 'two different keys are refused as a bad request (RFC 6750 §3.1)',
    patch: refusing(
      (_reply, { world }, refusal) => ({
        status: world.bodies.statusOf(refusal.reason),
        headers: [],
        body: world.bodies.of(refusal),
      }),
      ['conflictingKeys'],
    ),
  },
  'plain-http-refused': {
    title: 'a connection over plain HTTP is reset',
    patch: refusing((reply) => ({ ...reply, delivery: { hangUp: true } }), ['plainHttp']),
  },
  'plain-http-redirected': {
    title: 'plain HTTP is redirected to HTTPS',
    patch: refusing(
      (reply, { world, listener, path, query }) => {
        const target = `https://${world.authorities.get(listener) ?? ''}${path}${query === '' ? '' : `?${query}`}`;
        return { ...withHeader(reply, ['Location', target]), status: 308 };
      },
      ['plainHttp'],
    ),
  },
  'short-keys': {
    title: 'keys are short, of lower-case letters and digits',
    patch: () => ({ secret: () => randomText(12, 'abcdefghijklmnopqrstuvwxyz0123456789') }),
  },
  'keys-with-punctuation': {
    title: 'keys have dashes, underscores and dots in them',
    patch: () => ({
      secret: () => Array.from('-_.', (mark) => randomText(8, 'abcDEF123456') + mark).join('') + randomText(4, 'xyz'),
    }),
  },
} as const satisfies Readonly<Record<string, Variant>>;

export type VariantId = keyof typeof byId;

/** Servers that are sound but unusual: nothing that a contract documents forbids any of it. */
export const variants: Readonly<Record<VariantId, Variant>> = byId;

export const variantIds = Object.keys(variants) as VariantId[];

export function isVariantId(text: string): text is VariantId {
  return Object.hasOwn(variants, text);
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
