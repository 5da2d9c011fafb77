import type { Patch } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import { refusing, withBody } from '../replies.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Keys that are locked to an address. */
export const addresses = {
  'address-lock-ignored': {
    bug: 'I1',
    title: 'a key that is locked to an address is accepted from any',
    patch: () => ({ isLockedOut: () => false }),
  },
  'address-taken-from-x-forwarded-for': {
    bug: 'I2',
    title: "the client's address is the first of X-Forwarded-For",
    patch: trusting('x-forwarded-for'),
  },
  'address-taken-from-x-real-ip': {
    bug: 'I2',
    title: "the client's address is what X-Real-IP says",
    patch: trusting('x-real-ip'),
  },
  'address-taken-from-forwarded': {
    bug: 'I2',
    title: "the client's address is the first that Forwarded says (RFC 7239)",
    patch: trusting('forwarded', (value) => /for="?\[?([^;,"\]]+)/i.exec(value)?.[1]),
  },
  'address-taken-from-true-client-ip': {
    bug: 'I2',
    title: "the client's address is what True-Client-IP says",
    patch: trusting('true-client-ip'),
  },
  'address-taken-from-cf-connecting-ip': {
    bug: 'I2',
    title: "the client's address is what CF-Connecting-IP says",
    patch: trusting('cf-connecting-ip'),
  },
  'address-taken-from-x-client-ip': claimedBy('X-Client-IP'),
  'address-taken-from-x-originating-ip': claimedBy('X-Originating-IP'),
  'address-taken-from-x-remote-ip': claimedBy('X-Remote-IP'),
  'address-taken-from-x-cluster-client-ip': claimedBy('X-Cluster-Client-IP'),
  'address-taken-from-fastly-client-ip': claimedBy('Fastly-Client-IP'),
  'address-taken-from-last-of-x-forwarded-for': {
    bug: 'I2',
    title: "the client's address is the last of X-Forwarded-For, as if a proxy had added it",
    patch: trusting('x-forwarded-for', (value) => value.split(',').at(-1)?.trim()),
  },
  'address-taken-from-before-last-of-x-forwarded-for': {
    bug: 'I2',
    title: "the client's address is the last but one of X-Forwarded-For, as if there were two proxies",
    patch: trusting('x-forwarded-for', (value) => value.split(',').at(-2)?.trim()),
  },
  'allow-list-in-refusal': {
    bug: 'I3',
    title: 'the refusal of another address names the one that is allowed',
    patch: refusing(
      (reply, _call, { key }) => withBody(reply, (body) => ({ ...body, allowed: [key?.allowedAddress] })),
      ['lockedOut'],
    ),
  },
} as const satisfies DefectGroup;

function claimedBy(name: string): Defect {
  return { bug: 'I2', title: `the client's address is what ${name} says`, patch: trusting(name) };
}

function trusting(name: string, read = (value: string): string | undefined => value.split(',')[0]?.trim()): Patch {
  return (sound) => ({
    addressOf: (call: Call) => read(header(call, name) ?? '') || sound.addressOf(call),
  });
}
