import type { Patch, Reply } from '../behaviour.ts';
import { acceptedSchemes, presentedKey } from '../credentials.ts';
import type { Call } from '../call.ts';
import {
  BAD_KEY,
  confusing,
  finishing,
  NO_VALID_KEY,
  redirectingToHttps,
  refusing,
  withHeader,
  withoutHeaders,
} from '../replies.ts';
import { challenge, realm } from '../sound.ts';
import type { VariantGroup } from './variant.ts';

/** What refusals say where the documentation leaves it open, and who may store an answer. */
export const refusals = {
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
  'challenge-names-error': {
    title: 'the challenge to a bad key says that it is one (RFC 6750 §3.1)',
    patch: refusing(
      (reply, call) => withHeader(reply, ['WWW-Authenticate', `${challenge(call)}, error="invalid_token"`]),
      BAD_KEY,
    ),
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
    patch: refusing((_reply, call) => asBadRequest(call), ['conflictingKeys']),
  },
  'repeated-key-answers-400': {
    title: 'a header that is repeated is refused as a bad request',
    patch: refusing((reply, call) => (isRepeated(call) ? asBadRequest(call) : reply), BAD_KEY),
  },
  'long-key-answers-431': {
    title: 'a key of several kilobytes is refused as too large (RFC 6585 §5)',
    patch: refusing(
      (reply, call, _refusal, sound) =>
        presentedKey(call).length > 4096 ? sound.refuse(call, { reason: 'headTooLarge' }) : reply,
      BAD_KEY,
    ),
  },
  'private-cache': {
    title: 'the client itself may keep a success for a while',
    patch: onSuccess((reply) =>
      withHeader(reply, ['Cache-Control', 'private, max-age=60'], ['Vary', 'X-API-Key, Authorization']),
    ),
  },
  'varies-by-key': {
    title: 'a success says that it is for this key, in place of saying who may store it',
    patch: onSuccess((reply) =>
      withHeader(withoutHeaders(reply, ['Cache-Control']), ['Vary', 'X-API-Key, Authorization']),
    ),
  },
  'plain-http-refused': {
    title: 'a connection over plain HTTP is reset',
    patch: refusing((reply) => ({ ...reply, delivery: { hangUp: true } }), ['plainHttp']),
  },
  'plain-http-redirected': {
    title: 'plain HTTP is redirected to HTTPS',
    patch: redirectingToHttps,
  },
} as const satisfies VariantGroup;

function onSuccess(change: (reply: Reply) => Reply): Patch {
  return finishing((reply) => (reply.status < 300 ? change(reply) : reply));
}

function asBadRequest({ world }: Call): Reply {
  const refusal = { reason: 'conflictingKeys' } as const;
  return { status: world.bodies.statusOf(refusal.reason), headers: [], body: world.bodies.of(refusal) };
}

function isRepeated({ headers, world }: Call): boolean {
  return acceptedSchemes(world.contract).some(({ parameter = 'authorization' }) => {
    const own = headers.filter(([name]) => name.toLowerCase() === parameter.toLowerCase());
    return own.length > 1;
  });
}
