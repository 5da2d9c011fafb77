import type { PlannedRequest } from '../../src/model/request.ts';
import { inOrder } from '../../src/requests/order-of-sending.ts';
import { type KeyOrigin, Secret } from '../../src/secret.ts';
import { expect, test } from '../support/unit-test.ts';

function key(name: string, origin: KeyOrigin): Secret {
  return new Secret(name, `value of ${name}`, { origin, shell: `$${name}` });
}

const full = key('FULL', 'issued');
const scoped = key('SCOPED', 'issued');

function request(keys: readonly Secret[], more: Partial<PlannedRequest> = {}): PlannedRequest {
  const headers = keys.map((one): [string, [Secret]] => ['X-API-Key', [one]]);
  return { via: 'base', method: 'GET', target: ['/'], headers, inert: true, ...more };
}

const bare = request([]);

interface Item {
  readonly name: string;
  readonly request: PlannedRequest;
  readonly isControl: boolean;
}

const items: Readonly<Record<string, Omit<Item, 'name'>>> = {
  'after another': { request: request([], { earlier: { request: bare, sameConnection: false } }), isControl: false },
  'over plain HTTP': { request: request([full], { via: 'plain-http' }), isControl: false },
  'full key elsewhere': { request: request([full]), isControl: false },
  'two keys': { request: request([full, key('OTHER', 'made-up')]), isControl: false },
  'scoped key': { request: request([scoped]), isControl: false },
  derived: { request: request([full.derive('cut', (value) => value.slice(1))]), isControl: false },
  'derived otherwise': { request: request([full.derive('longer', (value) => `${value}x`)]), isControl: false },
  'made up': { request: request([key('ANY', 'made-up')]), isControl: false },
  'no key': { request: bare, isControl: false },
  'scoped control': { request: request([scoped]), isControl: true },
  control: { request: request([full]), isControl: true },
};

function names(order: readonly string[]): string[][] {
  const given = order.map((name): Item => {
    const item = items[name];
    if (!item) throw new Error(`no item ${name}`);
    return { name, ...item };
  });
  return inOrder(given, (item) => item).map((group) => group.map(({ name }) => name));
}

test('controls go first, then what carries no key, then keys nobody was issued, then each key, and pairs last', () => {
  expect(names(Object.keys(items))).toEqual([
    ['scoped control'],
    ['control'],
    ['no key'],
    ['made up'],
    ['derived', 'derived otherwise'],
    ['full key elsewhere'],
    ['two keys'],
    ['scoped key'],
    ['over plain HTTP'],
    ['after another'],
  ]);
});

test('within a rank the order is that of the cases', () => {
  expect(names(['two keys', 'scoped key', 'control', 'full key elsewhere', 'scoped control'])).toEqual([
    ['control'],
    ['scoped control'],
    ['two keys'],
    ['scoped key'],
    ['full key elsewhere'],
  ]);
});
