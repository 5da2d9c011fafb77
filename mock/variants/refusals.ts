import { randomUUID } from 'node:crypto';
import { headerOf } from '../document/security.ts';
import { presentedKey } from '../server/credentials.ts';
import {
  BAD_KEY,
  NO_VALID_KEY,
  onRefusal,
  onResponse,
  redirectingToHttps,
  refusedAs,
  withBody,
  withHeader,
  withoutHeaders,
} from '../server/patches.ts';
import { header } from '../server/request.ts';
import { challenge, realm } from '../server/sound.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { VariantGroup } from './variant.ts';

/** What refusals say where the documentation leaves it open, and who may store an answer. */
export const refusals = {
  'several-challenges': {
    title: 'one WWW-Authenticate line holds several challenges',
    patch: onRefusal(
      (response, request) =>
        withHeader(response, ['WWW-Authenticate', `ApiKey realm="${realm(request)}", ${challenge(request)}`]),
      NO_VALID_KEY,
    ),
  },
  'challenges-on-several-lines': {
    title: 'each challenge has a WWW-Authenticate line of its own',
    patch: onRefusal(
      (response, request) =>
        withHeader(
          response,
          ['WWW-Authenticate', `ApiKey realm="${realm(request)}"`],
          ['WWW-Authenticate', challenge(request)],
        ),
      NO_VALID_KEY,
    ),
  },
  'challenge-names-error': {
    title: 'the challenge to a bad key says that it is one (RFC 6750 §3.1)',
    patch: onRefusal(
      (response, request) => withHeader(response, ['WWW-Authenticate', `${challenge(request)}, error="invalid_token"`]),
      BAD_KEY,
    ),
  },
  'forbidden-names-permission': {
    title: 'a 403 names the permission that is missing, where the contract documents such a form',
    patch: onRefusal(
      (response, { state }, refusal) => {
        const held = refusal.key?.scopes === 'all' ? state.api.scopes : (refusal.key?.scopes ?? []);
        return { ...response, body: state.bodies.naming(refusal, refusal.required ?? [], held) };
      },
      ['forbidden'],
    ),
  },
  'forbidden-tells-lacks-apart': {
    title: 'a 403 names the permission that is missing only to a key that has another one for the resource',
    patch: onRefusal(
      (response, { state }, refusal) => {
        const required = refusal.required ?? [];
        const held = refusal.key?.scopes === 'all' ? state.api.scopes : (refusal.key?.scopes ?? []);
        const resources = required.map((scope) => scope.split(':')[0]);
        return held.some((scope) => resources.includes(scope.split(':')[0]))
          ? { ...response, body: state.bodies.naming(refusal, required, held) }
          : response;
      },
      ['forbidden'],
    ),
  },
  'refusals-are-numbered': {
    title: 'each refusal has an id of its own in its body, in a member that the contract does not name',
    patch: onRefusal((response) => withBody(response, (body) => ({ ...body, id: randomUUID() }))),
  },
  'refusals-are-counted': {
    title: 'each refusal has a number in its body and in a sentence there, one more than the refusal before',
    patch: (sound) => {
      let refused = 0;
      const count = onRefusal((response) => {
        refused += 1;
        return withBody(response, (body) => ({ ...body, number: refused, note: `This is refusal ${refused}.` }));
      });
      return count(sound);
    },
  },
  'refusals-are-timed': {
    title: 'each refusal says how many microseconds it took',
    patch: (sound) => ({
      refuse: (request, refusal) => {
        const begun = performance.now();
        const response = sound.refuse(request, refusal);
        const took = Math.round((performance.now() - begun) * 1000);
        return withBody(response, (body) => ({ ...body, took }));
      },
    }),
  },
  'locked-out-answers-401': {
    title: 'a key that is used from another address is refused as invalid',
    patch: refusedAs('lockedOut', 'invalidKey'),
  },
  'conflicting-keys-answer-400': {
    title: 'two different keys are refused as a bad request (RFC 6750 §3.1)',
    patch: onRefusal((_reply, request) => asBadRequest(request), ['conflictingKeys']),
  },
  'repeated-key-answers-400': {
    title: 'a header that is repeated is refused as a bad request',
    patch: onRefusal((response, request) => (isRepeated(request) ? asBadRequest(request) : response), BAD_KEY),
  },
  'long-key-answers-431': {
    title: 'a key of several kilobytes is refused as too large (RFC 6585 §5)',
    patch: onRefusal(
      (response, request, _refusal, sound) =>
        presentedKey(request).length > 4096 ? sound.refuse(request, { reason: 'headTooLarge' }) : response,
      BAD_KEY,
    ),
  },
  'bare-scheme-called-invalid': {
    title: 'a scheme without a key behind it is called an invalid key rather than a missing one',
    patch: onRefusal(
      (response, request, _refusal, sound) =>
        header(request, 'authorization') === undefined ? response : sound.refuse(request, { reason: 'invalidKey' }),
      ['missingKey'],
    ),
  },
  'everyone-refused-alike': {
    title: 'where the document names no refusal, whoever has no good key gets one 403 in plain text',
    patch: onRefusal(
      () => ({ status: 403, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: 'CSRF Error\n' }),
      [...NO_VALID_KEY, 'lockedOut', 'forbidden'],
    ),
  },
  'errors-name-the-request': {
    title: 'every error names its path, its time and a number of its own, as the error pages of Spring Boot do',
    patch: onResponse((response, { path }) =>
      response.status < 400
        ? response
        : withBody(response, (body) => ({
            ...body,
            ...{ timestamp: new Date().toISOString(), at: Date.now(), path, trace_id: randomUUID() },
          })),
    ),
  },
  'private-cache': {
    title: 'the client itself may keep a success for a while',
    patch: onSuccess((response) =>
      withHeader(response, ['Cache-Control', 'private, max-age=60'], ['Vary', 'X-API-Key, Authorization']),
    ),
  },
  'varies-by-key': {
    title: 'a success says that it is for this key, in place of saying who may store it',
    patch: onSuccess((response) =>
      withHeader(withoutHeaders(response, ['Cache-Control']), ['Vary', 'X-API-Key, Authorization']),
    ),
  },
  'no-cache-control-for-authorization': {
    title: 'a success to Authorization does not say who may store it, since no shared cache may (RFC 9111 §3.5)',
    patch: onResponse((response, request) =>
      response.status < 300 && header(request, 'authorization') !== undefined
        ? withoutHeaders(response, ['Cache-Control'])
        : response,
    ),
  },
  'plain-http-refused': {
    title: 'a connection over plain HTTP is reset',
    patch: onRefusal((response) => ({ ...response, delivery: { withheld: 'reset' } }), ['plainHttp']),
  },
  'plain-http-redirected': {
    title: 'plain HTTP is redirected to HTTPS',
    patch: redirectingToHttps,
  },
} as const satisfies VariantGroup;

function onSuccess(change: (response: MockResponse) => MockResponse): Patch {
  return onResponse((response) => (response.status < 300 ? change(response) : response));
}

function asBadRequest({ state }: MockRequest): MockResponse {
  const refusal = { reason: 'conflictingKeys' } as const;
  return { status: state.bodies.statusOf(refusal.reason), headers: [], body: state.bodies.of(refusal) };
}

function isRepeated({ headers, state }: MockRequest): boolean {
  return state.api.acceptedSchemes.some((scheme) => {
    const own = headers.filter(([name]) => name.toLowerCase() === headerOf(scheme)?.toLowerCase());
    return own.length > 1;
  });
}
