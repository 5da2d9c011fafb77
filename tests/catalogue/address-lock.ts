import { expectRefused } from '../../src/judging/access.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { namingEach } from '../../src/judging/several-names.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import type { RequestParts } from '../../src/requests/request-builder.ts';
import { ADDRESS_HEADERS, addressLine, addressLines } from './names/gateway-lines.ts';
import { validKey } from './shared-cases.ts';

/** A case that sends a key that is locked to another address than ours. */
function locked(id: string, title: string, parts: (address: string) => RequestParts = () => ({})): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'address lock',
    title,
    control: validKey,
    reasonNotApplicable: needsAddressLock,
    request: (builder) => builder.build({ ...parts(builder.lockedAddress()), key: builder.lockedKey() }),
  };
}

function needsAddressLock(_: Operation, { refusals }: Contract): string | undefined {
  return refusals.lockedOut ? undefined : 'the contract promises no key that is locked to addresses';
}

export const lockedKey: ControlledCase = {
  ...locked('locked-key', 'a key that is locked to another address'),
  access: { key: 'locked to another address', expected: 'denied', rule: 'address-lock' },
  alternatives: 'each',
};

/** A case that claims the right address in a header in which a proxy names the client. */
function claiming(id: string, name: string, value: (address: string) => string, where = ''): ControlledCase {
  const title = `a key that is locked to another address, which ${name} claims${where}`;
  return locked(`locked-key-${id}`, title, (address) => ({ headers: [[name, [value(address)]]] }));
}

const OF_THEIR_OWN = ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'True-Client-IP', 'CF-Connecting-IP'];
const OTHER_HEADERS = ADDRESS_HEADERS.filter((name) => !OF_THEIR_OWN.includes(name));

/** The headers that have no case of their own, all in one request; where that opens something, those that count are found. */
const otherHeaders: ControlledCase = {
  ...locked(
    'locked-key-other-headers',
    'a key that is locked to another address, which further headers claim',
    (address) => claimed(address, OTHER_HEADERS),
  ),
  alone: {
    most: OTHER_HEADERS.length,
    names: () => OTHER_HEADERS,
    request: (builder, names) =>
      builder.build({ ...claimed(builder.lockedAddress(), names), key: builder.lockedKey() }),
  },
};

function claimed(address: string, names: readonly string[]): RequestParts {
  return { headers: addressLines(address, names).map(([name, value]) => [name, [value]]) };
}

const claimedAddresses: readonly ControlledCase[] = [
  claiming('x-forwarded-for', 'X-Forwarded-For', (address) => address),
  claiming('x-forwarded-for-first', 'X-Forwarded-For', (address) => `${address}, 198.51.100.9`, ' first of several'),
  claiming('x-forwarded-for-last', 'X-Forwarded-For', (address) => `198.51.100.9, ${address}`, ' last of several'),
  claiming('x-real-ip', 'X-Real-IP', (address) => address),
  claiming('forwarded', 'Forwarded', (address) => addressLine('Forwarded', address)[1]),
  claiming('true-client-ip', 'True-Client-IP', (address) => address),
  claiming('cf-connecting-ip', 'CF-Connecting-IP', (address) => address),
  otherHeaders,
];

/**
 * Authentication Overview, "IP Restrictions": a key can be locked to addresses. Anyone can write what a header says about
 * the address. The response to another address is not documented: 401 and 403 conform, and error-envelope judges the body.
 */
const addressLock: Rule = {
  id: 'address-lock',
  level: 'MUST',
  title: 'a key that is locked to another address is refused, whatever address a header claims',
  section: 'Address lock',
  since: '2026.11',
  source: { promise: 'address-lock' },
  standards: { cwe: [291, 348], owaspApi: ['API2'], asvs: ['4.1.3', '8.2.4', '15.3.4'], severity: 'high' },
  given: { cases: [lockedKey, ...claimedAddresses] },
  expectations: ['status'],
  verify: (judged) =>
    judged.contract.refusals.lockedOut
      ? namingEach(
          judged,
          (one) => expectRefused(one, 'lockedOut'),
          (names) => `the address counts in ${names.join(', in ')}`,
        )
      : [],
};

export const addressLockRules: readonly Rule[] = [addressLock];
