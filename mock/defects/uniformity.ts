import type { Reply } from '../behaviour.ts';
import type { Call } from '../call.ts';
import { presentedKey } from '../credentials.ts';
import { BAD_KEY, finishing, NO_VALID_KEY, refusing, withBody, withHeader, withoutHeaders } from '../replies.ts';
import type { DefectGroup } from './defect.ts';

/** Refusals that tell bad keys apart, and the one operation that somebody wrote by hand. */
export const uniformity = {
  'revoked-key-told-apart': {
    bug: 'R8',
    title: 'the refusal of a revoked key says that it was revoked',
    patch: refusing((reply, call) => (isRevoked(call) ? because(reply, 'revoked') : reply), BAD_KEY),
  },
  'revoked-key-told-apart-by-header': {
    bug: 'R8',
    title: 'a header of the refusal says that the key was revoked',
    patch: refusing(
      (reply, call) => (isRevoked(call) ? withHeader(reply, ['X-Key-Status', 'revoked']) : reply),
      BAD_KEY,
    ),
  },
  'malformed-key-told-apart': {
    bug: 'R8',
    title: 'the refusal of a key that looks like none says so',
    patch: refusing((reply, call) => {
      const prefixes = call.world.contract.keyKinds.map(({ prefix }) => prefix);
      const isWellFormed = prefixes.some((prefix) => presentedKey(call).startsWith(prefix));
      return isWellFormed ? reply : because(reply, 'malformed');
    }, BAD_KEY),
  },
  'other-environment-told-apart': {
    bug: 'R8',
    title: 'the refusal of a key of another environment says that it is valid there',
    patch: refusing((reply) => because(reply, 'another environment'), ['otherEnvironment']),
  },
  'one-operation-answers-another-body': {
    bug: 'R9',
    title: 'the refusal of a bad key has one more member on one operation',
    patch: refusing(
      (reply, call) => (isOdd(call) ? withBody(reply, (body) => ({ ...body, success: false })) : reply),
      NO_VALID_KEY,
    ),
  },
  'one-operation-answers-without-challenge': {
    bug: 'R9',
    title: 'a 401 names no way to authenticate on one operation',
    patch: refusing((reply, call) => (isOdd(call) ? withoutHeaders(reply, ['WWW-Authenticate']) : reply), NO_VALID_KEY),
  },
  'one-operation-answers-another-media-type': {
    bug: 'R9',
    title: 'a refusal is of another media type on one operation',
    patch: finishing((reply, call) =>
      isOdd(call) && reply.status >= 400 ? withHeader(reply, ['Content-Type', 'application/problem+json']) : reply,
    ),
  },
  'one-operation-locks-out-with-another-status': {
    bug: 'R9',
    title: 'a key that is used from another address gets another status on one operation',
    patch: refusing(
      (reply, call, _refusal, sound) => (isOdd(call) ? sound.refuse(call, { reason: 'invalidKey' }) : reply),
      ['lockedOut'],
    ),
  },
} as const satisfies DefectGroup;

function because(reply: Reply, reason: string): Reply {
  return withBody(reply, (body) => ({ ...body, reason }));
}

function isRevoked(call: Call): boolean {
  return call.world.keys.some(({ value, isRevoked: is }) => is && value === presentedKey(call));
}

/** The contract's first. */
function isOdd({ operation, world }: Call): boolean {
  return operation !== undefined && operation.id === world.contract.operations[0]?.id;
}
