import { isBearer } from '../document/security.ts';
import { schemeOf, usesForm } from '../server/credentials.ts';
import { header } from '../server/request.ts';
import type { PresentedCredential } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** How a key is taken out of a request. */
export const transport = {
  'bearer-not-supported': {
    bug: 'T1',
    title: 'the bearer form is not looked at',
    patch: (sound) => ({
      readCredentials: (request) =>
        sound.readCredentials(request).filter((credential) => !isBearerToken(request, credential)),
    }),
    complaints: [
      'valid-key: valid-key@bearer (accepted)',
      'equivalent-forms: * but never-issued-key@bearer (same-status)',
      'equivalent-forms: never-issued-key@bearer (same-body)',
      'sufficient-scope: scoped-key@bearer (accepted)',
    ],
  },
  'bearer-ignores-scopes': {
    bug: 'T1',
    title: 'a key in the bearer form has full access',
    patch: (sound) => ({
      isPermitted: (request, key, operation) =>
        usesForm(request, 'bearer') || sound.isPermitted(request, key, operation),
    }),
    complaints: [
      'equivalent-forms: scoped-out-key@bearer (same-status)',
      'insufficient-scope: scoped-out-key@bearer (status, body)',
      'separate-scopes: sibling-scope-key@bearer (status, body)',
    ],
  },
  'bearer-answers-another-shape': {
    bug: 'T1',
    title: 'a success is wrapped in one more object when the key came in the bearer form',
    patch: (sound) => ({
      succeed: (request, operation) => {
        const response = sound.succeed(request, operation);
        return usesForm(request, 'bearer') ? { ...response, body: { result: response.body } } : response;
      },
    }),
    complaints: ['equivalent-forms: valid-key@bearer scoped-key@bearer (same-body) on safe operations'],
  },
  'bearer-scheme-case-sensitive': {
    bug: 'T2',
    title: 'the scheme is known as Bearer only, not as bearer or BEARER',
    patch: (sound) => ({
      readCredentials: (request) => {
        const isExact = /^[ \t]*Bearer(?: |$)/.test(header(request, 'authorization') ?? '');
        return sound.readCredentials(request).filter((credential) => isExact || !isBearerToken(request, credential));
      },
    }),
    complaints: ['scheme-case: scheme-in-lower-case@bearer scheme-in-upper-case@bearer (same-status)'],
  },
  'header-name-case-sensitive': {
    bug: 'T3',
    title: "the key's own header is known in its documented spelling only",
    patch: (sound) => ({
      readCredentials: (request) =>
        sound.readCredentials(request).filter((credential) => {
          const carrier = schemeOf(request, credential)?.carrier;
          return carrier?.in !== 'header' || request.headers.some(([name]) => name === carrier.name);
        }),
    }),
    complaints: ['header-name-case: header-name-in-lower-case header-name-in-upper-case (same-status)'],
  },
} as const satisfies DefectGroup;

function isBearerToken(request: MockRequest, credential: PresentedCredential): boolean {
  const scheme = schemeOf(request, credential);
  return scheme !== undefined && isBearer(scheme);
}
