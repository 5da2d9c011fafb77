import type { RequestParts } from '../../../src/requests/request-builder.ts';
import type { Case } from '../../../src/requests/case.ts';
import { hasAddressLock } from './applicability.ts';

/** Headers in which a proxy names the client, and in which anyone else can name an address as well. */
const ADDRESS_HEADERS: readonly (readonly [id: string, name: string, value: (address: string) => string])[] = [
  ['x-forwarded-for', 'X-Forwarded-For', (address) => address],
  ['x-forwarded-for-first', 'X-Forwarded-For', (address) => `${address}, 198.51.100.9`],
  ['x-forwarded-for-last', 'X-Forwarded-For', (address) => `198.51.100.9, ${address}`],
  ['x-real-ip', 'X-Real-IP', (address) => address],
  ['forwarded', 'Forwarded', (address) => `for=${address.includes(':') ? `"[${address}]"` : address}`],
  ['true-client-ip', 'True-Client-IP', (address) => address],
  ['cf-connecting-ip', 'CF-Connecting-IP', (address) => address],
];

/** Rarer ones, all in one request: which of them it was is for the owner of the server to find out. */
const OTHER_HEADERS = [
  'X-Client-IP',
  'X-Originating-IP',
  'X-Remote-IP',
  'X-Remote-Addr',
  'X-Cluster-Client-IP',
  'Fastly-Client-IP',
];

/** A key that is locked to another address than ours, also where the request claims to come from there. */
export const lockedKeys: readonly Case[] = [
  { ...locked('locked-key', 'a key that is locked to another address', () => ({})), alternatives: 'each' },
  ...ADDRESS_HEADERS.map(([id, name, value]) =>
    locked(
      `locked-key-${id}`,
      `a key that is locked to another address, which ${name} claims${id.endsWith('-first') ? ' first of several' : id.endsWith('-last') ? ' last of several' : ''}`,
      (address) => ({
        headers: [[name, [value(address)]]],
      }),
    ),
  ),
  locked(
    'locked-key-other-headers',
    'a key that is locked to another address, which six further headers claim',
    (address) => ({
      headers: OTHER_HEADERS.map((name) => [name, [address]]),
    }),
  ),
];

function locked(id: string, title: string, asked: (address: string) => RequestParts): Case {
  return {
    id,
    group: 'address lock',
    title,
    control: 'valid-key',
    appliesTo: hasAddressLock,
    request: (builder) => builder.build({ ...asked(builder.lockedAddress()), key: builder.lockedKey() }),
  };
}
