import { createHash } from 'node:crypto';
import type { Contract, Operation } from '../src/model/contract.ts';
import { documentedResponse } from '../src/openapi/documented-response.ts';
import { isJson } from '../src/openapi/media-type.ts';
import { allowsAnonymous } from '../src/openapi/security.ts';
import type { Behaviour, HeaderLine, Refusal } from './behaviour.ts';
import { basePathOf, type Call } from './call.ts';
import { acceptedSchemes, lookUp, readCredentials } from './credentials.ts';
import { demands } from './demands.ts';
import { mistakes } from './inputs.ts';
import { longSecret, slotOf } from './keys.ts';
import type { Quota } from './meter.ts';

/** A server that keeps every promise of its contract: what each defect and each variant departs from. */
export const sound: Behaviour = {
  certificate: 'trusted',
  oldestTls: 'TLSv1.2',
  secret: longSecret,
  front: (_call, head) => head,
  // Nothing is looked at: an answer that depends on the key would tell that the key was read off the open network.
  plainHttp: () => ({ reason: 'plainHttp' }),
  early: (call) =>
    call.path === PUBLIC_PATH && ['GET', 'HEAD'].includes(call.method)
      ? { status: 200, headers: [], body: { status: 'ok' } }
      : undefined,
  isOpen: (_call, operation) => allowsAnonymous(operation),
  demands,
  isGuarded: () => true,
  readCredentials,
  environmentOf: (call) => call.listener,
  lookUp,
  isAlive: (_call, key) => !key.isRevoked,
  anonymous: () => undefined,
  attempt: (call) => call.world.attempts.take(call.peer),
  bucketOf: (call, key) => (key ? digestOf(key.value) : call.peer),
  addressOf: (call) => call.peer,
  isLockedOut: (_call, key, address) => key.allowedAddress !== undefined && key.allowedAddress !== address,
  routeOf: (call) => {
    const beneath = pathBeneath(call);
    return beneath === undefined ? { kind: 'unknown-path' } : call.world.routes.find(call.method, beneath);
  },
  admits: (call, key, operation) =>
    key.scopes === 'all' ||
    operation.security.some(
      ({ schemes }) =>
        (schemes.length === 0 || schemes.some(({ name }) => slotOf(call.world.contract, name) === key.slot)) &&
        schemes.every(({ scopes }) => scopes.every((scope) => key.scopes.includes(scope))),
    ),
  mistakes,
  order: () => ['rate-limit', 'authentication', 'address-lock', 'route', 'permission', 'validation', 'resource'],
  succeed: (call, operation) => {
    const { status, body } = call.world.bodies.ofSuccess(operation);
    return { status, body, headers: typeOf(operation, status) };
  },
  refuse: (call, refusal) => {
    const { bodies, contract } = call.world;
    const said = isLikeInvalidKey(refusal, contract) ? { reason: 'invalidKey' as const } : refusal;
    const status = bodies.statusOf(said.reason);
    return { status, headers: headersOf(call, said, status), body: bodies.of(said, call.operation) };
  },
  finish: (call, reply, quota) => ({
    ...reply,
    headers: [
      ...(reply.headers.some(([name]) => name === 'Content-Type') ? [] : [CONTENT_TYPE]),
      ['Cache-Control', 'no-store'],
      ...(call.isEncrypted ? [STAY_ENCRYPTED] : []),
      ...rateLimitHeaders(call, quota),
      ...reply.headers,
    ],
  }),
};

/** For load balancers: no operation of any contract, and open to everyone. */
export const PUBLIC_PATH = '/health';

const CONTENT_TYPE: HeaderLine = ['Content-Type', 'application/json; charset=utf-8'];
/** RFC 6797 §7.2: over plain HTTP it is not said. */
const STAY_ENCRYPTED: HeaderLine = ['Strict-Transport-Security', 'max-age=31536000'];

/** Two different keys are no valid key; a key of another environment is none either, unless the contract says more. */
function isLikeInvalidKey({ reason }: Refusal, contract: Contract): boolean {
  return reason === 'conflictingKeys' || (reason === 'otherEnvironment' && !contract.refusals.otherEnvironment);
}

function headersOf(call: Call, refusal: Refusal, status: number): HeaderLine[] {
  const lines: HeaderLine[] = [];
  if (call.operation) lines.push(...typeOf(call.operation, status));
  if (status === 401) lines.push(['WWW-Authenticate', challenge(call)]);
  if (refusal.allow) lines.push(['Allow', refusal.allow.join(', ')]);
  if (refusal.retryAfter !== undefined) lines.push(['Retry-After', String(refusal.retryAfter)]);
  return lines;
}

/** JSON, unless the contract documents another type of answer only. */
function typeOf(operation: Operation, status: number): HeaderLine[] {
  const types = documentedResponse(operation, status)?.mediaTypes ?? [];
  const [first] = types;
  return first === undefined || first.includes('*') || types.some(isJson) ? [] : [['Content-Type', first]];
}

/** RFC 9110 §15.5.2 asks for at least one; a header of one's own is no HTTP scheme and gets an unregistered name. */
export function challenge(call: Call, ownScheme = 'ApiKey'): string {
  const named = acceptedSchemes(call.world.contract).find(({ type }) => type !== 'apiKey');
  const scheme = named ? (named.scheme ?? 'bearer') : ownScheme;
  return `${scheme.charAt(0).toUpperCase()}${scheme.slice(1)} realm="${realm(call)}"`;
}

export function realm(call: Call): string {
  return call.world.contract.title.replace(/["\\]/g, '');
}

function rateLimitHeaders(call: Call, quota: Quota): HeaderLine[] {
  const names = call.world.contract.rateLimitHeaders;
  if (!names) return [];
  return [
    [names.limit, String(quota.limit)],
    [names.remaining, String(quota.remaining)],
    [names.reset, String(quota.resetsAt)],
  ];
}

function pathBeneath(call: Call): string | undefined {
  const base = basePathOf(call);
  return call.path.startsWith(`${base}/`) ? call.path.slice(base.length) : undefined;
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
