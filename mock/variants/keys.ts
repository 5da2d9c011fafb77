import { randomBytes } from 'node:crypto';
import { randomText, secretWithChecksum } from '../server/keys.ts';
import type { IssuedKey, KeyType } from '../types/keys.ts';
import type { VariantGroup } from './variant.ts';

/** What keys look like, and which there are. */
export const keys = {
  'short-keys': {
    title: 'keys are short, of lower-case letters and digits',
    patch: () => ({ secret: () => randomText(12, 'abcdefghijklmnopqrstuvwxyz0123456789') }),
  },
  'long-keys': {
    title: 'keys are as long as tokens',
    patch: () => ({ secret: () => randomText(200, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') }),
  },
  'keys-with-punctuation': {
    title: 'keys have dashes, underscores and dots in them',
    patch: () => ({
      secret: () => Array.from('-_.', (mark) => randomText(8, 'abcDEF123456') + mark).join('') + randomText(4, 'xyz'),
    }),
  },
  'keys-with-checksum': {
    title: 'keys end in a checksum of themselves, as those of code hosts do, and are looked up all the same',
    patch: () => ({ secret: secretWithChecksum }),
  },
  'keys-of-words': {
    title: 'keys are made of the words that the API itself uses, such as contacts_reader_0001',
    patch: () => ({ secret: (type, scopes) => `${wordsOf(type, scopes)}_${randomText(4, '0123456789')}` }),
  },
  'signed-tokens-as-keys': {
    title: 'keys are signed tokens, whose last character has bits that mean nothing (RFC 4648 §3.5)',
    patch: (sound) => ({
      secret: signedToken,
      lookUp: (request, sent, environment) => sound.lookUp(request, withPlainSignature(sent), environment),
    }),
  },
  'keys-in-base64': {
    title: 'keys are bytes in base64 with padding, looked up by the bytes, whatever padding is sent (RFC 4648 §3.2)',
    patch: (sound) => ({
      secret: () => randomBytes(BASE64_BYTES).toString('base64'),
      lookUp: (request, sent, environment) => sound.lookUp(request, withPlainPadding(sent), environment),
    }),
  },
  'keys-of-capitals': {
    title: 'keys are capitals and digits for people to type, and small letters are taken for capitals',
    patch: (sound) => ({
      secret: () => randomText(28, 'ABCDEFGHJKMNPQRSTVWXYZ0123456789'),
      lookUp: (request, sent, environment) => sound.lookUp(request, inCapitals(sent), environment),
    }),
  },
  'scopeless-key-issued': {
    title: 'a key without any scope is issued as well',
    patch: () => ({ issuesScopelessKey: true }),
  },
  'keys-of-several-scopes-issued': {
    title: 'keys with several scopes are issued as well, and each opens what its scopes name and nothing else',
    patch: () => ({ issuesKeysOfSeveralScopes: true }),
  },
} as const satisfies VariantGroup;

function wordsOf(type: KeyType, scopes: IssuedKey['scopes']): string {
  if (scopes === 'all')
    return {
      ...{ full: 'account_owner', scoped: 'account', revoked: 'former_owner' },
      ...{ 'address-locked': 'office_owner', 'other-account': 'other_owner', managed: 'made_owner' },
    }[type];
  const [resource = 'nothing', verb = 'read'] = (scopes[0] ?? '').split(':').filter((word) => word !== '');
  return `${resource}_${verb.replace(/e$/, '')}er`;
}

/** Of the 64 bytes of an HS512 signature (RFC 7518 §3.2) the last base64url character holds two bits. */
const SIGNATURE_BYTES = 64;

function signedToken(): string {
  const signature = randomBytes(SIGNATURE_BYTES);
  const parts = [
    JSON.stringify({ alg: 'HS512', typ: 'JWT' }),
    JSON.stringify({ sub: randomText(8, '0123456789') }),
    signature,
  ];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** The signature is compared byte by byte once it is decoded, so that several spellings of it are one. */
function withPlainSignature(sent: string): string {
  const [, signed = '', signature = ''] = /^(.*\.)([\w-]{86})$/s.exec(sent) ?? [];
  return signature === '' ? sent : signed + Buffer.from(signature, 'base64url').toString('base64url');
}

/** Three bytes are four characters, so that one of them is left over. */
const BASE64_BYTES = 34;

function withPlainPadding(sent: string): string {
  const [, prefix = '', bytes = ''] = /^(.*_)?([A-Za-z0-9+/]{46})={0,2}$/s.exec(sent) ?? [];
  return bytes === '' ? sent : prefix + Buffer.from(bytes, 'base64').toString('base64');
}

/** The prefix stays as it is. */
function inCapitals(sent: string): string {
  return sent.replace(/[^_]+$/, (secret) => secret.toUpperCase());
}
