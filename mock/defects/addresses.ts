import { onRefusal, withBody } from '../server/patches.ts';
import { header } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Keys that are locked to an address. */
export const addresses = {
  'address-lock-ignored': {
    bug: 'I1',
    title: 'a key that is locked to an address is accepted from any',
    patch: () => ({ isLockedOut: () => false }),
    complaints: ['address-lock: * (status)'],
  },
  'address-taken-from-x-forwarded-for': {
    bug: 'I2',
    title: "the client's address is the first of X-Forwarded-For",
    patch: trusting('x-forwarded-for'),
    complaints: ['address-lock: locked-key-x-forwarded-for locked-key-x-forwarded-for-first (status)'],
  },
  'address-taken-from-x-real-ip': {
    bug: 'I2',
    title: "the client's address is what X-Real-IP says",
    patch: trusting('x-real-ip'),
    complaints: ['address-lock: locked-key-x-real-ip (status)'],
  },
  'address-taken-from-forwarded': {
    bug: 'I2',
    title: "the client's address is the first that Forwarded says (RFC 7239)",
    patch: trusting('forwarded', (value) => /for="?\[?([^;,"\]]+)/i.exec(value)?.[1]),
    complaints: ['address-lock: locked-key-forwarded (status)'],
  },
  'address-taken-from-true-client-ip': {
    bug: 'I2',
    title: "the client's address is what True-Client-IP says",
    patch: trusting('true-client-ip'),
    complaints: ['address-lock: locked-key-true-client-ip (status)'],
  },
  'address-taken-from-cf-connecting-ip': {
    bug: 'I2',
    title: "the client's address is what CF-Connecting-IP says",
    patch: trusting('cf-connecting-ip'),
    complaints: ['address-lock: locked-key-cf-connecting-ip (status)'],
  },
  'address-taken-from-x-client-ip': claimedBy('X-Client-IP', ['address-lock: locked-key-other-headers (status)']),
  'address-taken-from-x-originating-ip': claimedBy('X-Originating-IP', [
    'address-lock: locked-key-other-headers (status)',
  ]),
  'address-taken-from-x-remote-ip': claimedBy('X-Remote-IP', ['address-lock: locked-key-other-headers (status)']),
  'address-taken-from-x-cluster-client-ip': claimedBy('X-Cluster-Client-IP', [
    'address-lock: locked-key-other-headers (status)',
  ]),
  'address-taken-from-fastly-client-ip': claimedBy('Fastly-Client-IP', [
    'address-lock: locked-key-other-headers (status)',
  ]),
  'address-taken-from-last-of-x-forwarded-for': {
    bug: 'I2',
    title: "the client's address is the last of X-Forwarded-For, as if a proxy had added it",
    patch: trusting('x-forwarded-for', (value) => value.split(',').at(-1)?.trim()),
    complaints: ['address-lock: locked-key-x-forwarded-for locked-key-x-forwarded-for-last (status)'],
  },
  'address-taken-from-before-last-of-x-forwarded-for': {
    bug: 'I2',
    title: "the client's address is the last but one of X-Forwarded-For, as if there were two proxies",
    patch: trusting('x-forwarded-for', (value) => value.split(',').at(-2)?.trim()),
    complaints: ['address-lock: locked-key-x-forwarded-for-first (status)'],
  },
  'allow-list-in-refusal': {
    bug: 'I3',
    title: 'the refusal of another address names the one that is allowed',
    patch: onRefusal(
      (response, _call, { key }) => withBody(response, (body) => ({ ...body, allowed: [key?.allowedAddress] })),
      ['lockedOut'],
    ),
    complaints: [
      'no-internals: locked-key@* locked-key-x-forwarded-for locked-key-x-forwarded-for-first locked-key-x-forwarded-for-last locked-key-x-real-ip locked-key-forwarded locked-key-true-client-ip locked-key-cf-connecting-ip locked-key-other-headers (no-internals)',
    ],
  },
} as const satisfies DefectGroup;

function claimedBy(name: string, complaints: Defect['complaints']): Defect {
  return { bug: 'I2', title: `the client's address is what ${name} says`, patch: trusting(name), complaints };
}

function trusting(name: string, read = (value: string): string | undefined => value.split(',')[0]?.trim()): Patch {
  return (sound) => ({
    addressOf: (request: MockRequest) => read(header(request, name) ?? '') || sound.addressOf(request),
  });
}
