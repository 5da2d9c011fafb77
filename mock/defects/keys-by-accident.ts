import { createHash } from 'node:crypto';
import { presentedKey, search, usesForm } from '../server/credentials.ts';
import { fullAccessKey, hasRightChecksum, secretWithChecksum } from '../server/keys.ts';
import type { EnvironmentName } from '../types/api.ts';
import type { Patch } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { DefectGroup } from './defect.ts';

/** Texts that open although nobody issued them. */
export const keysByAccident = {
  'none-opens': {
    bug: 'W4',
    title: 'a key that is not set is written as None, and None equals None',
    patch: opensFor((sent) => sent === 'None'),
    complaints: ['placeholder-key: placeholder-none@* (status)'],
  },
  'member-of-every-object-opens': {
    bug: 'W4',
    title: 'keys are members of an object of JavaScript, and every object has a constructor',
    patch: opensFor((sent) => sent in {}),
    complaints: ['placeholder-key: placeholder-constructor@* placeholder-prototype@* placeholder-to-string@* (status)'],
  },
  'default-key-left-in': {
    bug: 'W4',
    title: 'the key that the template ships with was never changed',
    patch: opensFor((sent) => sent === 'changeme'),
    complaints: ['placeholder-key: placeholder-change-me@* (status)'],
  },
  'key-of-the-document-opens': {
    bug: 'W4',
    title: 'the key that the documentation shows was issued once, and is good still',
    patch: opensFor((sent) => sent === 'sk_live_abc123xyz789'),
    complaints: ['placeholder-key: key-of-the-document@* (status)'],
  },
  'words-for-nothing-open': {
    bug: 'W4',
    title: 'what other languages write for nothing equals the key that is not set',
    patch: opensFor((sent) => ['false', 'nil', 'NaN'].includes(sent)),
    complaints: ['placeholder-key: placeholder-false@* placeholder-nil@* placeholder-not-a-number@* (status)'],
  },
  'keys-of-templates-left-in': {
    bug: 'W4',
    title: 'the keys that templates and tutorials have are good on a server that was set up from them',
    patch: opensFor((sent) => ['password', 'secret', 'admin', 'test', 'your-api-key', 'YOUR_API_KEY'].includes(sent)),
    complaints: [
      'placeholder-key: placeholder-password@* placeholder-secret@* placeholder-admin@* placeholder-test@* placeholder-your-key@* placeholder-your-key-in-capitals@* (status)',
    ],
  },
  'key-read-as-pattern': {
    bug: 'W4',
    title: 'what is sent is a pattern that the stored keys are held against',
    patch: opensFor((sent) => sent === '.*' || sent === '.+'),
    complaints: ['placeholder-key: placeholder-pattern@* (status)'],
  },
  'pattern-opens': {
    bug: 'W4',
    title: 'a key is looked up with LIKE, where a percent sign fits every key',
    patch: opensFor((sent) => /^%+$/.test(sent)),
    complaints: ['placeholder-key: placeholder-percent@* (status)'],
  },
  'undefined-opens-as-bearer': {
    bug: 'W4',
    title: 'a bearer token that is not set is written as undefined, and equals the one that is not set',
    patch: (sound) => ({
      lookUp: (request, sent, environment) =>
        sent === 'undefined' && usesForm(request, 'bearer')
          ? fullAccessKey(request.state.keys, environment)
          : sound.lookUp(request, sent, environment),
    }),
    complaints: ['placeholder-key: placeholder-undefined@bearer (status)'],
  },
  'digest-opens': {
    bug: 'W4',
    title: 'the store holds digests, and what is sent is compared with the digest as well',
    patch: (sound) => ({
      lookUp: (request, sent, environment) =>
        sound.lookUp(request, sent, environment) ??
        search(({ digest }) => digest.toString('hex') === sent)(request, sent, environment),
    }),
    complaints: ['stored-form: stored-as-sha-256 (status)'],
  },
  'other-digests-open': {
    bug: 'W4',
    title: 'stores of before and after hold other digests, and what is sent is compared with those as well',
    patch: (sound) => ({
      lookUp: (request, sent, environment) =>
        sound.lookUp(request, sent, environment) ??
        search(({ value }) =>
          ['md5', 'sha1', 'sha512'].some((one) => createHash(one).update(value).digest('hex') === sent),
        )(request, sent, environment),
    }),
    complaints: ['stored-form: stored-as-sha-512 stored-as-sha-1 stored-as-md5 (status)'],
  },
  'checksum-is-enough': {
    bug: 'K6',
    title: 'keys end in a checksum, and a key whose checksum is right is taken without being looked up',
    patch: (sound) => ({
      secret: secretWithChecksum,
      lookUp: (request, sent, environment) =>
        sound.lookUp(request, sent, environment) ??
        (isWrittenLikeOne(request.state.keys, sent, environment)
          ? fullAccessKey(request.state.keys, environment)
          : undefined),
    }),
    complaints: ['invalid-key: near-miss-with-checksum@* (status, body)'],
  },
  'base64-opens': {
    bug: 'W4',
    title: 'a key is decoded from base64 where it is no key as it stands',
    patch: (sound) => ({
      lookUp: (request, sent, environment) =>
        sound.lookUp(request, sent, environment) ??
        sound.lookUp(request, Buffer.from(sent, 'base64').toString('latin1'), environment),
    }),
    complaints: ['stored-form: stored-as-base64 (status)'],
  },
} as const satisfies DefectGroup;

function opensFor(isOpening: (sent: string) => boolean): Patch {
  return (sound) => ({
    lookUp: (request, sent, environment) =>
      isOpening(presentedKey(request)) && isOpening(sent)
        ? fullAccessKey(request.state.keys, environment)
        : sound.lookUp(request, sent, environment),
  });
}

function isWrittenLikeOne(keys: readonly IssuedKey[], sent: string, environment: EnvironmentName): boolean {
  const prefix = keys.find((key) => key.environment === environment)?.prefix ?? '';
  return sent.startsWith(prefix) && hasRightChecksum(sent.slice(prefix.length));
}
