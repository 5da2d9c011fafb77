import { createHash } from 'node:crypto';
import type { Patch, Reply } from '../behaviour.ts';
import type { Call } from '../call.ts';
import { presentedKey } from '../credentials.ts';
import { NO_VALID_KEY, refusing, withBody, withHeader, withoutHeaders } from '../replies.ts';
import { challenge, realm } from '../sound.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** What refusals look like before the API is reached, how they ask for a key, and what they give away. */
export const errors = {
  'html-for-unknown-path': {
    bug: 'R2',
    title: 'a gateway answers a path that it does not know with a page of HTML',
    patch: (sound) => ({
      early: (call) => sound.early(call) ?? (sound.routeOf(call).kind === 'unknown-path' ? page(404) : undefined),
    }),
  },
  'html-for-wrong-method': {
    bug: 'R2',
    title: 'a gateway answers a method that it does not know with a page of HTML',
    patch: (sound) => ({
      early: (call) => sound.early(call) ?? (sound.routeOf(call).kind === 'wrong-method' ? page(405) : undefined),
      refuse: (call, refusal) => (refusal.reason === 'invalidInput' ? page(400) : sound.refuse(call, refusal)),
    }),
  },
  'html-for-large-head': {
    bug: 'R2',
    title: 'a gateway answers headers that it finds too large with a page of HTML',
    patch: (sound) => ({
      early: (call) => sound.early(call) ?? (sizeOfHeaders(call) >= LARGE_HEAD ? page(400) : undefined),
      refuse: (call, refusal) => (refusal.reason === 'headTooLarge' ? page(431) : sound.refuse(call, refusal)),
    }),
  },
  'challenge-missing': {
    bug: 'R3',
    title: 'a 401 names no way to authenticate',
    patch: refusing((reply) => withoutHeaders(reply, ['WWW-Authenticate']), NO_VALID_KEY),
  },
  'basic-challenge': {
    bug: 'R4',
    title: 'a 401 asks for user name and password',
    patch: refusing(
      (reply, call) => withHeader(reply, ['WWW-Authenticate', `Basic realm="${realm(call)}"`]),
      NO_VALID_KEY,
    ),
  },
  'basic-challenge-beside-another': {
    bug: 'R4',
    title: 'a 401 asks for user name and password as well',
    patch: refusing(
      (reply, call) =>
        withHeader(reply, ['WWW-Authenticate', challenge(call)], ['WWW-Authenticate', `Basic realm="${realm(call)}"`]),
      NO_VALID_KEY,
    ),
  },
  'challenge-calls-missing-key-an-error': {
    bug: 'R5',
    title: 'the challenge to a request without a key has an error code',
    patch: refusing(
      (reply, call) => withHeader(reply, ['WWW-Authenticate', `${challenge(call)}, error="invalid_token"`]),
      ['missingKey'],
    ),
  },
  'key-hash-echoed': echoed('the SHA-256 of the key', (key) => createHash('sha256').update(key).digest('hex')),
  'key-echoed-in-base64': echoed('the key in Base64', (key) => Buffer.from(key, 'latin1').toString('base64')),
  'key-echoed-percent-encoded': echoed('the key percent-encoded', (key) =>
    key.replace(/[^]/g, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`),
  ),
  'stack-trace-in-refusal': leaking(
    'a stack trace',
    'Error: no such key\n    at KeyStore.find (/srv/api/src/keys.js:41:11)\n    at async authenticate (/srv/api/src/gate.js:18:15)',
  ),
  'query-in-refusal': leaking('an SQL query', "SELECT id, owner FROM api_keys WHERE digest = 'x' LIMIT 1"),
  'internal-address-in-refusal': leaking('an address inside the network', 'connect ECONNREFUSED 10.0.3.17:5432'),
} as const satisfies DefectGroup;

/** As most gateways have it by default. */
const LARGE_HEAD = 8 * 1024;

function page(status: number): Reply {
  const body = `<!doctype html><title>${status}</title><h1>${status}</h1><hr>gateway`;
  return { status, headers: [['Content-Type', 'text/html']], body };
}

function sizeOfHeaders({ headers }: Call): number {
  return headers.reduce((size, [name, value]) => size + name.length + value.length + 4, 0);
}

function echoed(what: string, disguise: (key: string) => string): Defect {
  const patch: Patch = refusing((reply, call) => {
    const key = presentedKey(call);
    return key === '' ? reply : withBody(reply, (body) => ({ ...body, key: disguise(key) }));
  });
  return { bug: 'R6', title: `a refusal shows ${what}`, patch };
}

function leaking(what: string, text: string): Defect {
  const patch = refusing((reply) => withBody(reply, (body) => ({ ...body, debug: text })), NO_VALID_KEY);
  return { bug: 'R7', title: `the refusal of a bad key shows ${what}`, patch };
}
