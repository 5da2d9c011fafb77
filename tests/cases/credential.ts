import type { Case } from '../../src/plan/case.ts';
import { text } from '../../src/target/secret.ts';
import { hasBody, hasPathParameters } from './applicability.ts';

/** Requests without a credential, or with an empty one. */
export const missingCredentials: readonly Case[] = [
  {
    id: 'no-key',
    group: 'credential',
    title: 'no credential at all',
    control: 'valid-key',
    request: (ask) => ask.request({}),
  },
  {
    id: 'empty-key',
    group: 'credential',
    title: 'the header of the credential without a value',
    control: 'valid-key',
    forms: 'each',
    request: (ask) => ask.request({ key: text`` }),
  },
];

/** No credential, and something else wrong with the request: the refusal comes first. */
export const missingCredentialsFirst: readonly Case[] = [
  {
    id: 'no-key-malformed-body',
    group: 'order',
    title: 'no credential and a body that is not JSON',
    control: 'valid-key',
    appliesTo: hasBody,
    request: (ask) => ask.request({ body: ['{"inert":'] }),
  },
  {
    id: 'no-key-unknown-resource',
    group: 'order',
    title: 'no credential and the id of nothing',
    control: 'valid-key',
    appliesTo: hasPathParameters,
    request: (ask) => ask.request({ resource: 'unknown' }),
  },
];
