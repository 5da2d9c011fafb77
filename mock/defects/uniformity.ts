import { presentedKey } from '../server/credentials.ts';
import {
  BAD_KEY,
  NO_VALID_KEY,
  onRefusal,
  onResponse,
  withBody,
  withHeader,
  withoutHeaders,
} from '../server/patches.ts';
import type { MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** Refusals that tell bad keys apart, and the one operation that somebody wrote by hand. */
export const uniformity = {
  'revoked-key-told-apart': {
    bug: 'R8',
    title: 'the refusal of a revoked key says that it was revoked',
    patch: onRefusal((response, request) => (isRevoked(request) ? because(response, 'revoked') : response), BAD_KEY),
    complaints: ['one-answer-to-bad-keys: revoked-key@* (same-answer)'],
  },
  'revoked-key-told-apart-by-header': {
    bug: 'R8',
    title: 'a header of the refusal says that the key was revoked',
    patch: onRefusal(
      (response, request) => (isRevoked(request) ? withHeader(response, ['X-Key-Status', 'revoked']) : response),
      BAD_KEY,
    ),
    complaints: ['one-answer-to-bad-keys: revoked-key@* (same-headers)'],
  },
  'malformed-key-told-apart': {
    bug: 'R8',
    title: 'the refusal of a key that looks like none says so',
    patch: onRefusal((response, request) => {
      const prefixes = request.state.api.keyKinds.map(({ prefix }) => prefix);
      const isWellFormed = prefixes.some((prefix) => presentedKey(request).startsWith(prefix));
      return isWellFormed ? response : because(response, 'malformed');
    }, BAD_KEY),
    complaints: ['one-answer-to-bad-keys: wrong-prefix@* (same-answer)'],
  },
  'other-environment-told-apart': {
    bug: 'R8',
    title: 'the refusal of a key of another environment says that it is valid there',
    patch: onRefusal((response) => because(response, 'another environment'), ['otherEnvironment']),
    complaints: ['one-answer-to-bad-keys: other-environment-key@* (same-answer)'],
  },
  'one-operation-answers-another-body': {
    bug: 'R9',
    title: 'the refusal of a bad key has one more member on one operation',
    patch: onRefusal(
      (response, request) => (isOdd(request) ? withBody(response, (body) => ({ ...body, success: false })) : response),
      NO_VALID_KEY,
    ),
    complaints: ['uniform-errors: no-key empty-key never-issued-key revoked-key (usual-form) on GET /contacts'],
  },
  'one-operation-answers-without-challenge': {
    bug: 'R9',
    title: 'a 401 names no way to authenticate on one operation',
    patch: onRefusal(
      (response, request) => (isOdd(request) ? withoutHeaders(response, ['WWW-Authenticate']) : response),
      NO_VALID_KEY,
    ),
    complaints: [
      'challenge: no-key (challenge) on GET /contacts',
      'uniform-errors: no-key empty-key never-issued-key revoked-key (usual-form) on GET /contacts',
    ],
  },
  'one-operation-answers-another-media-type': {
    bug: 'R9',
    title: 'a refusal is of another media type on one operation',
    patch: onResponse((response, request) =>
      isOdd(request) && response.status >= 400
        ? withHeader(response, ['Content-Type', 'application/problem+json'])
        : response,
    ),
    complaints: ['uniform-errors: * (usual-form) on GET /contacts'],
  },
  'one-operation-locks-out-with-another-status': {
    bug: 'R9',
    title: 'a key that is used from another address gets another status on one operation',
    patch: onRefusal(
      (response, request, _refusal, sound) =>
        isOdd(request) ? sound.refuse(request, { reason: 'invalidKey' }) : response,
      ['lockedOut'],
    ),
    complaints: ['uniform-errors: locked-key (usual-form) on GET /contacts'],
  },
} as const satisfies DefectGroup;

function because(response: MockResponse, reason: string): MockResponse {
  return withBody(response, (body) => ({ ...body, reason }));
}

function isRevoked(request: MockRequest): boolean {
  return request.state.keys.some(({ value, isRevoked: is }) => is && value === presentedKey(request));
}

/** The contract's first. */
function isOdd({ operation, state }: MockRequest): boolean {
  return operation !== undefined && operation.id === state.api.operations[0]?.id;
}
