import type { Case } from '../../../src/requests/case.ts';
import { varyingEachCompanion, withoutEach } from '../../../src/requests/security-alternative.ts';
import { text } from '../../../src/secret.ts';
import { hasBody, hasPathParameters } from './applicability.ts';
import { hasSeveralCredentials } from './forms.ts';

/** Requests without a credential, or with an empty one. */
export const missingCredentials: readonly Case[] = [
  {
    id: 'no-key',
    group: 'credential',
    title: 'no credential at all',
    control: 'valid-key',
    request: (builder) => builder.build({}),
  },
  {
    id: 'empty-key',
    group: 'credential',
    title: 'the place of the credential without a value',
    control: 'valid-key',
    alternatives: 'each',
    request: (builder) => builder.build({ key: text`` }),
  },
];

/** Where an operation asks for several credentials at once, each of them on its own has to be asked for and looked up. */
export const partialCredentials: readonly Case[] = [
  {
    id: 'one-of-several-missing',
    group: 'credential',
    title: 'the credentials that are asked for together, without one of them',
    control: 'valid-key',
    suits: hasSeveralCredentials,
    alternatives: withoutEach,
    request: (builder) => builder.build({ key: builder.fullKey() }),
  },
  {
    id: 'one-of-several-never-issued',
    group: 'comparison',
    title: 'the credentials that are asked for together, one beside the key never issued',
    control: 'valid-key',
    suits: hasSeveralCredentials,
    alternatives: varyingEachCompanion,
    request: (builder) => builder.build({ key: builder.neverIssuedKey() }),
  },
];

/** Where the contract asks for none. */
export const openRequests: readonly Case[] = [
  {
    id: 'open-operation',
    group: 'control',
    title: 'no credential, where the contract asks for none',
    forAnonymous: true,
    request: (builder) => builder.build({}),
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
    request: (builder) => builder.build({ body: ['{"inert":'] }),
  },
  {
    id: 'no-key-unknown-resource',
    group: 'order',
    title: 'no credential and the id of nothing',
    control: 'valid-key',
    appliesTo: hasPathParameters,
    request: (builder) => builder.build({ resource: 'unknown' }),
  },
];
