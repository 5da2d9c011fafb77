import type { Credential } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import { schemeOf, usesForm } from '../credentials.ts';
import type { DefectGroup } from './defect.ts';

/** How a key is taken out of a request. */
export const transport = {
  'bearer-not-supported': {
    bug: 'T1',
    title: 'the bearer form is not looked at',
    patch: (sound) => ({
      readCredentials: (call) => sound.readCredentials(call).filter((credential) => !isBearer(call, credential)),
    }),
  },
  'bearer-ignores-scopes': {
    bug: 'T1',
    title: 'a key in the bearer form has full access',
    patch: (sound) => ({
      admits: (call, key, operation) => usesForm(call, 'bearer') || sound.admits(call, key, operation),
    }),
  },
  'bearer-answers-another-shape': {
    bug: 'T1',
    title: 'a success is wrapped in one more object when the key came in the bearer form',
    patch: (sound) => ({
      succeed: (call, operation) => {
        const reply = sound.succeed(call, operation);
        return usesForm(call, 'bearer') ? { ...reply, body: { result: reply.body } } : reply;
      },
    }),
  },
  'bearer-scheme-case-sensitive': {
    bug: 'T2',
    title: 'the scheme is known as Bearer only, not as bearer or BEARER',
    patch: (sound) => ({
      readCredentials: (call) => {
        const isExact = /^[ \t]*Bearer(?: |$)/.test(header(call, 'authorization') ?? '');
        return sound.readCredentials(call).filter((credential) => isExact || !isBearer(call, credential));
      },
    }),
  },
  'header-name-case-sensitive': {
    bug: 'T3',
    title: "the key's own header is known in its documented spelling only",
    patch: (sound) => ({
      readCredentials: (call) =>
        sound.readCredentials(call).filter((credential) => {
          const scheme = schemeOf(call, credential);
          return scheme?.in !== 'header' || call.headers.some(([name]) => name === scheme.parameter);
        }),
    }),
  },
} as const satisfies DefectGroup;

function isBearer(call: Call, credential: Credential): boolean {
  return schemeOf(call, credential)?.scheme === 'bearer';
}
