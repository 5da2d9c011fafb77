import { credentialOf, PRIMARY_CREDENTIAL } from '../document/credentials.ts';
import { keysOf, readCredentials } from '../server/credentials.ts';
import { withPart } from '../server/error-body.ts';
import { onRefusal, withBody } from '../server/patches.ts';
import type { Patch } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import { isSameBut } from './credentials.ts';
import type { DefectGroup } from './defect.ts';

/** What an operation asks for, where that is more than one credential, or none. */
export const severalSchemes = {
  'one-of-several-schemes-enough': {
    bug: 'K1',
    title: 'of the credentials that an operation asks for together any one is enough',
    patch: (sound) => ({
      alternatives: (request) =>
        sound.alternatives(request).flatMap((credentials) => credentials.map((credential) => [credential])),
    }),
    complaints: [
      'missing-key: empty-key (status, body)',
      'every-credential: one-of-several-missing@* (status, body)',
      'altered-credential: one-of-several-empty@token+clientId-by-clientId (status)',
      'undocumented-credential: * (refused)',
      'undocumented-scheme: * but scheme-twice scheme-in-key-header (refused)',
    ],
  },
  'second-scheme-not-looked-up': {
    bug: 'K2',
    title: 'of the credentials that an operation asks for together only the key is looked up',
    patch: (sound) => ({
      lookUp: (request, sent, environment) => {
        const { api } = request.state;
        const credentials = readCredentials(request).flatMap(({ scheme, value }) =>
          value === sent ? credentialOf(api, scheme) : [],
        );
        const own = credentials.find((credential) => credential !== PRIMARY_CREDENTIAL);
        const unseen = keysOf(request, environment).find(({ credential }) => credential === own);
        return sound.lookUp(request, sent, environment) ?? unseen;
      },
    }),
    complaints: [
      'every-credential: one-of-several-never-issued@token+clientId-by-clientId (status, body)',
      'altered-credential: * but one-of-several-empty@token+clientId-by-clientId (status)',
    ],
  },
  'second-scheme-empty-accepted': {
    bug: 'K9',
    title: 'of credentials that are asked for together all but the key may be empty',
    patch: (sound) => ({
      alternatives: (request) => {
        const empty = readCredentials(request).flatMap(({ scheme, value }) =>
          value === '' ? credentialOf(request.state.api, scheme) : [],
        );
        return sound
          .alternatives(request)
          .map((credentials) => credentials.filter((one) => one === PRIMARY_CREDENTIAL || !empty.includes(one)));
      },
    }),
    complaints: ['altered-credential: one-of-several-empty@* (status)'],
  },
  'second-scheme-cut-accepted': {
    bug: 'K4',
    title: 'of credentials that are asked for together the beginning of the second is enough',
    patch: comparingSecond((stored, sent) => stored.value.startsWith(sent)),
    complaints: ['altered-credential: one-of-several-cut-by-one@* (status)'],
  },
  'second-scheme-extended-accepted': {
    bug: 'K3',
    title: 'of credentials that are asked for together the second may have more behind it',
    patch: comparingSecond((stored, sent) => sent.startsWith(stored.value)),
    complaints: ['altered-credential: one-of-several-extended-by-one@* (status)'],
  },
  'second-scheme-case-insensitive': {
    bug: 'K5',
    title: 'of credentials that are asked for together the second is compared without regard to case',
    patch: comparingSecond((stored, sent) => stored.value.toLowerCase() === sent.toLowerCase()),
    complaints: ['altered-credential: one-of-several-in-other-case@* (status)'],
  },
  'second-scheme-first-third-not-compared': {
    bug: 'K6',
    title: 'of credentials that are asked for together the first third of the second is not compared',
    patch: comparingSecond((stored, sent) => isSameBut(0, stored, sent)),
    complaints: ['altered-credential: one-of-several-changed-in-front@* (status)'],
  },
  'second-scheme-middle-third-not-compared': {
    bug: 'K6',
    title: 'of credentials that are asked for together the middle of the second is not compared',
    patch: comparingSecond((stored, sent) => isSameBut(1, stored, sent)),
    complaints: ['altered-credential: one-of-several-changed-in-the-middle@* (status)'],
  },
  'second-scheme-last-third-not-compared': {
    bug: 'K6',
    title: 'of credentials that are asked for together the end of the second is not compared',
    patch: comparingSecond((stored, sent) => isSameBut(2, stored, sent)),
    complaints: ['altered-credential: one-of-several-changed-at-the-end@* (status)'],
  },
  'incomplete-credential-named-otherwise': {
    bug: 'R1',
    title: 'a request that lacks one of several credentials is refused under another name than one without any',
    patch: onRefusal(
      (response, request) =>
        isIncomplete(request)
          ? withBody(response, (body) => withPart(body, 'word', () => 'incomplete_credentials'))
          : response,
      ['missingKey'],
    ),
    complaints: [
      'missing-key: empty-key (body)',
      'every-credential: one-of-several-missing@token+clientId-without-token (body)',
    ],
  },
  'incomplete-credential-called-malformed': {
    bug: 'R11',
    title: 'a request that lacks one of several credentials is refused as malformed, with 400',
    patch: onRefusal(
      (response, request) => (isIncomplete(request) ? { ...response, status: 400 } : response),
      ['missingKey'],
    ),
    complaints: [
      'missing-key: empty-key (status)',
      'every-credential: one-of-several-missing@token+clientId-without-token (status)',
    ],
  },
  'open-operation-locked': {
    bug: 'G1',
    title: 'an operation that the contract opens to everyone asks for a key',
    patch: () => ({ isPublic: () => false }),
    complaints: ['open-operation: open-operation (no-credential-needed)'],
  },
  'optional-key-not-looked-up': {
    bug: 'K2',
    title: 'where the key is optional any text in its place shows what only a key shows',
    patch: (sound) => ({
      succeed: (request, operation) => {
        const response = sound.succeed(request, operation);
        const isOpened = operation.isPublic && readCredentials(request).some(({ value }) => value !== '');
        return isOpened ? withBody(response, (body) => ({ ...body, internal_note: 'for members only' })) : response;
      },
    }),
    complaints: ['optional-credential: * (opens-nothing)'],
  },
} as const satisfies DefectGroup;

/** Compares every credential but the key in another way too. */
function comparingSecond(isMatch: (stored: IssuedKey, sent: string) => boolean): Patch {
  return (sound) => ({
    lookUp: (request, sent, environment) =>
      sound.lookUp(request, sent, environment) ??
      keysOf(request, environment).find(
        (stored) => stored.credential !== PRIMARY_CREDENTIAL && sent !== '' && isMatch(stored, sent),
      ),
  });
}

/** Another credential than the key is there. */
function isIncomplete(request: MockRequest): boolean {
  return readCredentials(request).some(
    ({ scheme, value }) => value !== '' && credentialOf(request.state.api, scheme) !== PRIMARY_CREDENTIAL,
  );
}
