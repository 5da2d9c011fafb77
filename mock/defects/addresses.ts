import type { Patch } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import type { DefectGroup } from './defect.ts';

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
} as const satisfies DefectGroup;

function trusting(name: string, read = (value: string): string | undefined => value.split(',')[0]?.trim()): Patch {
  return (sound) => ({
    addressOf: (call: Call) => read(header(call, name) ?? '') || sound.addressOf(call),
  });
}
