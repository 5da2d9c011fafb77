import type { Keys } from '../running.ts';
import type { credentials } from '../defects/credentials.ts';
import {
  accepted,
  type EvidenceFor,
  invalid,
  neverIssued,
  nothing,
  type Request,
  shown,
  withBearer,
  withFullKey,
  withKey,
} from './evidence.ts';

const { length: PREFIX } = 'sk_test_';

export const ofCredentials: EvidenceFor<typeof credentials> = {
  'missing-key-accepted': accepted(nothing),
  'empty-api-key-accepted': accepted(() => withKey('')),
  'empty-bearer-accepted': accepted(() => withBearer('')),
  'any-well-formed-key-accepted': accepted(neverIssued),
  'extended-key-accepted': accepted(({ full }) => withKey(`${full}x`)),
  'cut-key-accepted': accepted(({ full }) => withKey(full.slice(0, -1))),
  'case-insensitive-key': accepted(({ full }) => withKey(full.toUpperCase())),
  'first-third-not-compared': accepted(changedAt(PREFIX)),
  'middle-third-not-compared': accepted(changedAt(PREFIX + 15)),
  'last-third-not-compared': accepted(changedAt(PREFIX + 29)),
  'wrong-prefix-accepted': accepted(({ full }) => withKey(`zz${full.slice(2)}`)),
  'valid-key-split': shown(withFullKey, 200, invalid),
  'kind-prefix-trusted': accepted(({ full }) => withKey(full.replace('_test_', '_live_'))),
  'revoked-key-accepted': accepted(({ revoked }) => withKey(revoked)),
};

function changedAt(index: number): Request {
  return ({ full }: Keys) =>
    withKey(full.slice(0, index) + (full.charAt(index) === 'x' ? 'y' : 'x') + full.slice(index + 1));
}
