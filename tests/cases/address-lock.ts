import type { Case } from '../../src/plan/case.ts';

/** Headers in which a proxy names the client, and in which anyone else can name an address as well. */
const ADDRESS_HEADERS: readonly (readonly [id: string, name: string, value: (address: string) => string])[] = [
  ['x-forwarded-for', 'X-Forwarded-For', (address) => address],
  ['x-real-ip', 'X-Real-IP', (address) => address],
  ['forwarded', 'Forwarded', (address) => `for=${address.includes(':') ? `"[${address}]"` : address}`],
  ['true-client-ip', 'True-Client-IP', (address) => address],
  ['cf-connecting-ip', 'CF-Connecting-IP', (address) => address],
];

/** A key that is locked to another address than ours, also where the request claims to come from there. */
export const lockedKeys: readonly Case[] = [
  {
    id: 'locked-key',
    group: 'address lock',
    title: 'a key that is locked to another address',
    control: 'valid-key',
    forms: 'each',
    request: (ask) => ask.request({ key: ask.lockedKey() }),
  },
  ...ADDRESS_HEADERS.map(([id, name, value]): Case => ({
    id: `locked-key-${id}`,
    group: 'address lock',
    title: `a key that is locked to another address, which ${name} claims`,
    control: 'valid-key',
    request: (ask) => ask.request({ key: ask.lockedKey(), headers: [[name, [value(ask.lockedAddress())]]] }),
  })),
];
