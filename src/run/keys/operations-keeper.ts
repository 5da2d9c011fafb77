import { secretAt, showsKey, valueAt } from '../../http/key-values.ts';
import type { HttpSender } from '../../http/sender.ts';
import { isSuccess } from '../../judging/expectations.ts';
import type { Clock } from '../../model/clock.ts';
import type { Contract, Operation } from '../../model/contract.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { KeyAction, KeyOperation, ValuePlace } from '../../model/key-lifecycle.ts';
import type { NotAsked } from '../../model/key-observations.ts';
import type { PlannedRequest } from '../../model/request.ts';
import type { Target } from '../../model/target.ts';
import { encodeBody } from '../../openapi/media-type.ts';
import type { SchemaValidators } from '../../openapi/schema-validators.ts';
import { NotSent } from '../../requests/not-sent.ts';
import { OperationSamples } from '../../requests/operation-samples.ts';
import { RequestBuilder } from '../../requests/request-builder.ts';
import { securityAlternativesOf } from '../../requests/security-alternative.ts';
import type { Secret } from '../../secret.ts';
import type { Kept, KeyKeeper, KeyWish, MadeKey } from './keeper.ts';
import { isoTime, madeKeyOptions, nameOfKey } from './made-keys.ts';

export interface KeeperTools {
  readonly contract: Contract;
  readonly target: Target;
  readonly wire: HttpSender;
  readonly schemas: SchemaValidators;
  readonly clock: Clock;
}

interface Sent {
  readonly exchange: Exchange;
  readonly sentAt: number;
  readonly at: number;
}

/** What goes into a body: pointers with their values. */
type Values = readonly (readonly [pointer: string, value: unknown])[];

/** Has operations of the contract make and end keys, with the full-access key. */
export function operationsKeeper(tools: KeeperTools): KeyKeeper {
  const operations = new KeyOperations(tools);
  const { create } = tools.contract.lifecycle?.operations ?? {};
  const made = (action: 'create' | 'roll', number: number, sent: Sent | NotAsked, id?: string): Kept<MadeKey> => {
    if (!('exchange' in sent)) return sent;
    const failed = failure(sent.exchange, action);
    if (failed) return failed;
    const { secret: place, id: idPlace } = operations.named(action) ?? {};
    const options = madeKeyOptions(tools.target, number);
    const secret = place && secretAt(sent.exchange, place, nameOfKey(number), options);
    const given = (idPlace && idIn(sent.exchange, idPlace)) ?? id;
    if (!secret || given === undefined)
      return {
        outcome: 'error',
        reason: `the response to ${operations.named(action)?.operation} has no ${secret ? 'id' : 'key'} where the contract says: correct lifecycle.${action}`,
        exchange: sent.exchange,
      };
    return { ...sent, value: { id: given, secret } };
  };
  return {
    kind: 'operations',
    setsScopes: create?.scopes !== undefined,
    setsExpiry: create?.expiresIn !== undefined || create?.expiresAt !== undefined,
    operations: operations.ids,
    make: async (number, wish, by) =>
      made('create', number, await operations.send('create', wishValues(create, wish), undefined, by)),
    roll: async (number, id) => made('roll', number, await operations.send('roll', [], id), id),
    update: async (id, scopes) => {
      const place = operations.named('update')?.scopes;
      const sent = await operations.send('update', place?.in === 'body' ? [[place.pointer, scopes]] : [], id);
      if (!('exchange' in sent)) return sent;
      return failure(sent.exchange, 'update') ?? { ...sent, value: true };
    },
    revoke: async (id) => {
      const sent = await operations.send('revoke', [], id);
      if (!('exchange' in sent)) return sent;
      const { response } = sent.exchange;
      if (response?.status === 404 || response?.status === 410) return { ...sent, value: 'gone' };
      return failure(sent.exchange, 'revoke') ?? { ...sent, value: 'revoked' };
    },
    read: async (id, secret) => {
      const sent = await operations.send('read', [], id);
      if (!('exchange' in sent)) return sent;
      const failed = failure(sent.exchange, 'read');
      if (failed) return failed;
      const place = operations.named('read')?.lastUsed;
      const lastUsed = place && isoTime(valueAt(sent.exchange, place));
      return { ...sent, value: { lastUsed, showsKey: secret !== undefined && showsKey(sent.exchange, secret) } };
    },
  };
}

function wishValues(create: KeyOperation | undefined, { scopes, expiry }: KeyWish): Values {
  const at = (place: ValuePlace | undefined, value: unknown): Values =>
    place?.in === 'body' && value !== undefined ? [[place.pointer, value]] : [];
  return [
    ...at(create?.scopes, scopes),
    ...at(create?.expiresIn, expiry?.in),
    ...at(create?.expiresAt, expiry && new Date(expiry.at).toISOString()),
  ];
}

function idIn(exchange: Exchange, place: ValuePlace): string | undefined {
  const value = valueAt(exchange, place);
  return typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined;
}

/** Why what was asked was not done; undefined: it was. */
function failure(exchange: Exchange, action: KeyAction): (NotAsked & { exchange: Exchange }) | undefined {
  const { response, fault, request } = exchange;
  const path = new URL(request.url).pathname;
  if (fault)
    return { outcome: 'error', reason: `${request.method} ${path} got no response: ${fault.message}`, exchange };
  if (isSuccess(response)) return undefined;
  const what = `the target answered ${response.status} to ${request.method} ${path}, so it did not ${action} a key`;
  return { outcome: response.status >= 500 ? 'error' : 'not proven', reason: what, exchange };
}

class KeyOperations {
  readonly #tools: KeeperTools;

  constructor(tools: KeeperTools) {
    this.#tools = tools;
  }

  get ids(): KeyKeeper['operations'] {
    const named = Object.entries(this.#tools.contract.lifecycle?.operations ?? {});
    return Object.fromEntries(named.map(([action, { operation }]) => [action, operation]));
  }

  named(action: KeyAction): KeyOperation | undefined {
    return this.#tools.contract.lifecycle?.operations[action];
  }

  /** @param by the key that does it; absent: the full-access key */
  async send(action: KeyAction, values: Values, id?: string, by?: Secret): Promise<Sent | NotAsked> {
    const { contract, wire, clock } = this.#tools;
    const named = this.named(action);
    const operation = contract.operations.find((one) => one.id === named?.operation);
    if (!named || !operation)
      return { outcome: 'not applicable', reason: `the contract names no operation to ${action} a key` };
    try {
      const request = this.#request(operation, named, values, id, by);
      const sentAt = clock.now();
      const exchange = await wire.send({ ...request, keyAction: action }, `key-${action}`);
      return { exchange, sentAt, at: clock.now() };
    } catch (error) {
      if (!(error instanceof NotSent)) throw error;
      return { outcome: 'not proven', reason: error.message };
    }
  }

  #request(
    operation: Operation,
    { idPlace }: KeyOperation,
    values: Values,
    id: string | undefined,
    by: Secret | undefined,
  ): PlannedRequest {
    const { contract, schemas } = this.#tools;
    const target = this.#targetWith(id !== undefined && idPlace?.in === 'path' ? { [idPlace.name]: id } : {});
    const [alternative] = securityAlternativesOf(contract, operation);
    if (!alternative) throw new NotSent('request', `${operation.id} takes no key that makes keys`);
    const builder = new RequestBuilder(contract, operation, target, alternative, schemas, new OperationSamples(target));
    const inBody: Values = id !== undefined && idPlace?.in === 'body' ? [[idPlace.pointer, id]] : [];
    const all = [...values, ...inBody];
    const request = builder.build({ key: by ?? builder.fullKey(), resource: 'example' });
    const withBody = all.length === 0 ? request : withValues(request, operation, all);
    return id !== undefined && idPlace?.in === 'query' ? withQuery(withBody, idPlace.name, id) : withBody;
  }

  #targetWith(given: Readonly<Record<string, string>>): Target {
    const { target } = this.#tools;
    // What is done to a key has an effect. The guard lets it through where the contract names the operation for it.
    const policy = { ...target.policy, allowWrites: !target.policy.production };
    return { ...target, policy, pathValues: { ...target.pathValues, given: { ...target.pathValues.given, ...given } } };
  }
}

function withValues(request: PlannedRequest, { body }: Operation, values: Values): PlannedRequest {
  const hasType = request.headers.some(([name]) => name.toLowerCase() === 'content-type');
  const { contentType } = encodeBody(body?.mediaType ?? 'application/json', {});
  const type = ['Content-Type', [contentType]] as const;
  const headers = hasType ? request.headers : [...request.headers, type];
  return { ...request, headers, body: [bodyWith(request.body?.join(''), values)] };
}

/** The JSON text with other values at the pointers; objects on the way that are not there are made. */
export function bodyWith(text: string | undefined, values: Values): string {
  const body: unknown = text === undefined || text === '' ? {} : JSON.parse(text);
  return JSON.stringify(values.reduce<unknown>((whole, [pointer, value]) => set(whole, tokens(pointer), value), body));
}

const tokens = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

function set(whole: unknown, [first, ...more]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  if (Array.isArray(whole) && /^\d+$/.test(first))
    return whole.map((item: unknown, index) => (index === Number(first) ? set(item, more, value) : item));
  const object = typeof whole === 'object' && whole !== null && !Array.isArray(whole) ? whole : {};
  const own = Object.hasOwn(object, first) ? (object as Readonly<Record<string, unknown>>)[first] : undefined;
  return { ...object, [first]: set(own, more, value) };
}

/** In the place of a value that the example has for the parameter. */
function withQuery(request: PlannedRequest, name: string, id: string): PlannedRequest {
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(id)}`;
  const [first = '', ...rest] = request.target;
  if (typeof first !== 'string') return request;
  const [path = '', query = ''] = first.split(/\?(.*)/s);
  const others = query.split('&').filter((one) => one !== '' && !one.startsWith(`${encodeURIComponent(name)}=`));
  // A key in the query goes on from what stands here.
  const end = query.endsWith('&') ? '&' : '';
  return { ...request, target: [`${path}?${[pair, ...others].join('&')}${end}`, ...rest] };
}
