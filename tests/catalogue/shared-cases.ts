import {
  CERTIFICATE_CASE,
  type ControlCase,
  type ControlledCase,
  FULL_ACCESS_CASE,
  NO_KEY_CASE,
} from '../../src/requests/case.ts';
import { needsScopes } from './conditions.ts';
import { exactlyScopedKey } from './scoped-keys.ts';

/*
 * Cases that rules of several sections read and that belong to none of them. A case that is the subject of one section
 * stands there, beside its rule, even where rules of other sections read it as well.
 */

/** The control of every refusal where a key opens the operation. */
export const validKey: ControlCase = {
  id: FULL_ACCESS_CASE,
  kind: 'control',
  group: 'control',
  title: 'the full-access key',
  access: { key: 'full access', expected: 'opened', rule: 'valid-key' },
  alternatives: 'each',
  request: (builder) => builder.build({ key: builder.fullKey() }),
};

/** The control of every refusal where a certificate of the client opens the operation by itself. */
export const certificateAlone: ControlCase = {
  id: CERTIFICATE_CASE,
  kind: 'control',
  group: 'control',
  title: 'the certificate of the client and no key',
  byCertificate: true,
  request: (builder) => {
    builder.clientCertificate(true);
    return builder.build({});
  },
};

export const scopedKey: ControlCase = {
  id: 'scoped-key',
  kind: 'control',
  group: 'authorisation',
  title: "a key with exactly the operation's scope",
  access: { key: 'scopes', expected: 'opened', rule: 'sufficient-scope' },
  alternatives: 'each',
  reasonNotApplicable: needsScopes,
  request: (builder) => builder.build({ key: exactlyScopedKey(builder) }),
};

export const noKey: ControlledCase = {
  id: NO_KEY_CASE,
  kind: 'controlled',
  group: 'credential',
  title: 'no credential at all',
  access: { key: 'no key', expected: 'denied', rule: 'missing-key' },
  control: validKey,
  request: (builder) => builder.build({}),
};

export const neverIssuedKey: ControlledCase = {
  id: 'never-issued-key',
  kind: 'controlled',
  group: 'comparison',
  title: 'a well-formed key that was never issued',
  access: { key: 'never issued', expected: 'denied', rule: 'invalid-key' },
  control: validKey,
  alternatives: 'each',
  request: (builder) => builder.build({ key: builder.neverIssuedKey() }),
};
