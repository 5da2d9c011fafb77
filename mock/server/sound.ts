import { createHash } from 'node:crypto';
import { credentialOf } from '../document/credentials.ts';
import { contentsFor } from '../document/examples.ts';
import { isInRange, isJson } from '../document/media-types.ts';
import type { Api, Operation } from '../types/api.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { HeaderLine } from '../types/http.ts';
import type { Quota } from '../types/rate-limit.ts';
import type { Refusal } from '../types/refusal.ts';
import type { MockRequest } from '../types/request.ts';
import { alternatives, lookUp, readCredentials } from './credentials.ts';
import { inputErrors } from './input-validation.ts';
import { longSecret } from './keys.ts';
import { hasExpired, isReplaced, mayGrant } from './managed-keys.ts';
import { basePathOf } from './request.ts';

/** A server that keeps every promise of its document. Each defect and each variant is a patch of it. */
export const sound: Behaviour = {
  certificate: 'trusted',
  oldestTls: 'TLSv1.2',
  secret: longSecret,
  issuesScopelessKey: false,
  issuesKeysOfSeveralScopes: false,
  issuesOtherAccountKey: false,
  speaksHttp2: false,
  continues: 'at once',
  headFilter: (_request, head) => head,
  parser: () => undefined,
  upgrade: (_request, respond) => respond(),
  edge: () => undefined,
  // The key is not looked at: a response that depends on it would show that it was read from an open network.
  plainHttp: () => ({ reason: 'plainHttp' }),
  shortCircuit: (request) =>
    request.path === PUBLIC_PATH && ['GET', 'HEAD'].includes(request.method) && !isDocumented(request)
      ? { status: 200, headers: [], body: { status: 'ok' } }
      : undefined,
  isPublic: (_request, operation) => operation.isPublic,
  needsCertificate: (_request, operation) => operation.needsCertificate,
  alternatives,
  isGuarded: () => true,
  readCredentials,
  environmentOf: (request) => request.environment,
  lookUp,
  isActive: (_request, key) => !key.isRevoked,
  hasExpired,
  isReplaced,
  noteUse: ({ state }, key) => void (key.lastUsedAt = state.clock.now()),
  anonymousKey: () => undefined,
  countFailure: (request) => request.state.failures.take(request.peer, request.state.clock.now()),
  bucketOf: (request, key) => (key ? digestOf(key.value) : request.peer),
  addressOf: (request) => request.peer,
  isLockedOut: (_request, key, address) => key.allowedAddress !== undefined && key.allowedAddress !== address,
  matchRoute: (request) => {
    const beneath = pathBeneath(request);
    return beneath === undefined ? { kind: 'unknown-path' } : request.state.router.find(request.method, beneath);
  },
  isPermitted: ({ state: { api } }, { scopes: held, credential }, operation) =>
    held === 'all' ||
    operation.security.some(({ scopes }) => {
      const schemes = Object.keys(scopes);
      const takesKey = schemes.length === 0 || schemes.some((name) => credentialOf(api, name) === credential);
      return takesKey && Object.values(scopes).every((asked) => asked.every((scope) => held.includes(scope)));
    }),
  inputErrors,
  // Only the ids that the document shows.
  exists: ({ state: { api } }, operation, parameters) =>
    // Of a key whoever manages keys knows it.
    api.lifecycle?.operations[operation.id] !== undefined ||
    operation.parameters.every(({ in: where, name, example }) => {
      const isShown = typeof example === 'string' || typeof example === 'number';
      return where !== 'path' || !isShown || String(example) === parameters[name];
    }),
  checkOrder: () => ['rate-limit', 'authentication', 'address-lock', 'route', 'permission', 'validation', 'resource'],
  mayGrant,
  isFound: (_request, key) => key.revokedAt === undefined,
  rolledId: (_request, key) => key.id,
  changeScopes: (_request, key, scopes) => void (key.scopes = scopes),
  tell: (_request, { scopes, lastUsedAt }) => ({ scopes, lastUsedAt }),
  succeed: (request, operation) => {
    const { status, body } = request.state.bodies.ofSuccess(operation);
    return { status, body, headers: typeOf(operation, status) };
  },
  refuse: (request, refusal) => {
    const { bodies, api } = request.state;
    const said = isLikeInvalidKey(refusal, api) ? { reason: 'invalidKey' as const } : refusal;
    const status = bodies.statusOf(said.reason);
    return { status, headers: headersOf(request, said, status), body: bodies.sent(said, request.operation) };
  },
  finish: (request, response, quota) => ({
    ...response,
    headers: [
      ...(response.headers.some(([name]) => name === 'Content-Type') ? [] : [CONTENT_TYPE]),
      ['Cache-Control', 'no-store'],
      ...(request.isEncrypted ? [STAY_ENCRYPTED] : []),
      ...rateLimitHeaders(request, quota),
      ...response.headers,
    ],
  }),
};

/** A path for load balancers, which is open to everyone where it is no operation of the document. */
export const PUBLIC_PATH = '/health';

const CONTENT_TYPE: HeaderLine = ['Content-Type', 'application/json; charset=utf-8'];
/** RFC 6797 §7.2: over plain HTTP it is not said. */
const STAY_ENCRYPTED: HeaderLine = ['Strict-Transport-Security', 'max-age=31536000'];

/** Two different keys are no valid key. Neither is a key of another environment, unless the document says more. */
function isLikeInvalidKey({ reason }: Refusal, { refusals }: Api): boolean {
  return reason === 'conflictingKeys' || (reason === 'otherEnvironment' && !refusals.otherEnvironment);
}

function headersOf(request: MockRequest, refusal: Refusal, status: number): HeaderLine[] {
  const lines: HeaderLine[] = [];
  const described = request.state.bodies.likeWhich(refusal.reason, request.operation);
  if (described) lines.push(...typeOf(described, status));
  if (status === 401) lines.push(['WWW-Authenticate', challenge(request)]);
  if (refusal.allow) lines.push(['Allow', refusal.allow.join(', ')]);
  if (refusal.retryAfter !== undefined) lines.push(['Retry-After', String(refusal.retryAfter)]);
  return lines;
}

/** `application/json`, unless the document describes other types only: then the first of JSON, or else the first. */
function typeOf(operation: Operation, status: number): HeaderLine[] {
  const types = contentsFor(operation, status)
    .map(({ mediaType }) => mediaType)
    .filter((type) => /^[\x21-\x7e][\x20-\x7e]*$/.test(type));
  const [first] = types;
  if (first === undefined || types.some((type) => isInRange('application/json', type))) return [];
  return [['Content-Type', types.find(isJson) ?? first.replace('/*', '/plain')]];
}

/** RFC 9110 §15.5.2 asks for at least one challenge. A header of the API's own is no HTTP scheme and gets an unregistered name. */
export function challenge(request: MockRequest, ownScheme = 'ApiKey'): string {
  const named = request.state.api.acceptedSchemes.flatMap(({ carrier }) =>
    carrier?.in === 'authorization' ? [carrier.scheme] : [],
  );
  const scheme = named[0] ?? ownScheme;
  return `${scheme.charAt(0).toUpperCase()}${scheme.slice(1)} realm="${realm(request)}"`;
}

export function realm(request: MockRequest): string {
  return request.state.api.title.replace(/[^\x20-\x7e]|["\\]/g, '').trim();
}

function rateLimitHeaders(request: MockRequest, quota: Quota): HeaderLine[] {
  const names = request.state.api.rateLimitHeaders;
  if (!names) return [];
  return [
    [names.limit, String(quota.limit)],
    [names.remaining, String(quota.remaining)],
    [names.reset, String(quota.resetsAt)],
  ];
}

/** Whether the document has operations on the path of the request, whatever their methods. */
function isDocumented(request: MockRequest): boolean {
  const beneath = pathBeneath(request);
  return beneath !== undefined && request.state.router.find('GET', beneath).kind !== 'unknown-path';
}

function pathBeneath(request: MockRequest): string | undefined {
  const base = basePathOf(request);
  return request.path.startsWith(`${base}/`) ? request.path.slice(base.length) : undefined;
}

function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
