import { METHODS } from 'node:http';
import { header } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { RouteMatch } from '../types/state.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** A gate that lists the methods it guards, before handlers that take others as well. */
export const methods = {
  'head-not-guarded': {
    bug: 'V1',
    title: 'HEAD is answered like GET, and nobody asks it for a key',
    patch: (sound) => ({ isGuarded: (request) => sound.isGuarded(request) && request.method !== 'HEAD' }),
    complaints: ['other-method: head (refused)'],
  },
  'undocumented-methods-not-guarded': {
    bug: 'V2',
    title: 'the gate lists the documented methods of a path, its handler takes any',
    patch: (sound) => ({
      matchRoute: (request) => whateverMethod(request, sound.matchRoute),
      isGuarded: (request) => sound.isGuarded(request) && sound.matchRoute(request).kind !== 'wrong-method',
    }),
    complaints: [
      'other-method: query options undocumented-put post-overridden-to-get (refused)',
      'other-method: undocumented-post undocumented-patch (refused) on GET /contacts',
      'trace: trace (not-served) on safe operations',
    ],
  },
  'unknown-method-not-guarded': {
    bug: 'V2',
    title: 'a method that nobody knows is carried out as GET, past the gate',
    patch: (sound) => {
      const unknown = new WeakSet();
      return {
        headFilter: (request, head) => {
          unknown.delete(request.connection);
          if (METHODS.includes(request.method) || !/^[A-Z]+ \//.test(head)) return sound.headFilter(request, head);
          unknown.add(request.connection);
          return sound.headFilter(request, head.replace(/^[A-Z]+/, 'GET'));
        },
        isGuarded: (request) =>
          sound.isGuarded(request) &&
          (!unknown.has(request.connection) || sound.matchRoute(request).kind !== 'operation'),
      };
    },
    complaints: ['other-method: unknown-method (refused)'],
  },
  'options-executed': {
    bug: 'V3',
    title: 'OPTIONS needs no key and is carried out like the method of the path',
    patch: (sound) => ({
      matchRoute: (request) =>
        request.method === 'OPTIONS' ? whateverMethod(request, sound.matchRoute) : sound.matchRoute(request),
      isGuarded: (request) => sound.isGuarded(request) && request.method !== 'OPTIONS',
    }),
    complaints: ['other-method: options (refused)'],
  },
  'options-describes-operation': {
    bug: 'V3',
    title: 'OPTIONS tells whoever asks what an operation takes and which permission opens it',
    patch: (sound) => ({
      shortCircuit: (request) => {
        const match = whateverMethod(request, sound.matchRoute);
        if (request.method !== 'OPTIONS' || match.kind !== 'operation') return sound.shortCircuit(request);
        const { id, parameters, scopes } = match.operation;
        return { status: 200, headers: [], body: { id, parameters: parameters.map(({ name }) => name), scopes } };
      },
    }),
    complaints: ['other-method: options (refused)'],
  },
  'trace-echoed': {
    bug: 'V4',
    title: 'TRACE is answered with the request as it came, headers included',
    patch: (sound) => ({
      shortCircuit: (request) =>
        request.method === 'TRACE'
          ? { status: 200, headers: [['Content-Type', 'message/http']], body: sent(request) }
          : sound.shortCircuit(request),
    }),
    complaints: ['trace: trace (not-served) on safe operations', 'no-key-echo: trace (no-echo)'],
  },
  'x-http-method-override-obeyed': overriddenBy('X-HTTP-Method-Override', inHeader, [
    'other-method: post-overridden-to-get (refused)',
    'method-override: get-overridden (same-status)',
  ]),
  'x-http-method-obeyed': overriddenBy('X-HTTP-Method', inHeader, [
    'other-method: post-overridden-to-get (refused)',
    'method-override: get-overridden (same-status)',
  ]),
  'x-method-override-obeyed': overriddenBy('X-Method-Override', inHeader, [
    'other-method: post-overridden-to-get (refused)',
    'method-override: get-overridden (same-status)',
  ]),
  'x-method-obeyed': overriddenBy('X-Method', inHeader, [
    'other-method: post-overridden-to-get (refused)',
    'method-override: get-overridden (same-status)',
  ]),
  'method-parameter-obeyed': overriddenBy('_method', inQuery, ['other-method: post-overridden-to-get (refused)']),
  'override-parameter-obeyed': overriddenBy('x-http-method-override', inQuery, [
    'other-method: post-overridden-to-get (refused)',
  ]),
} as const satisfies DefectGroup;

/** The gate guards what the request line names, if that is an operation; what is carried out is named elsewhere. */
function overriddenBy(
  name: string,
  find: (request: MockRequest, name: string) => string | undefined,
  complaints: Defect['complaints'],
): Defect {
  const patch: Patch = (sound) => {
    const matchRoute = (request: MockRequest): RouteMatch =>
      sound.matchRoute({ ...request, method: find(request, name)?.toUpperCase() ?? request.method });
    return {
      matchRoute,
      isGuarded: (request) =>
        sound.isGuarded(request) &&
        (sound.matchRoute(request).kind === 'operation' || matchRoute(request).kind !== 'operation'),
    };
  };
  const where = find === inQuery ? 'the query parameter' : 'the header';
  return { bug: 'V5', title: `behind the gate ${where} ${name} is the method`, patch, complaints };
}

function inHeader(request: MockRequest, name: string): string | undefined {
  return header(request, name);
}

function inQuery(request: MockRequest, name: string): string | undefined {
  return new URLSearchParams(request.query).get(name) ?? undefined;
}

/** The operation of the path, should it have one, whatever the method. */
function whateverMethod(request: MockRequest, matchRoute: (request: MockRequest) => RouteMatch): RouteMatch {
  const match = matchRoute(request);
  return match.kind === 'wrong-method' ? matchRoute({ ...request, method: match.allow[0] ?? '' }) : match;
}

function sent({ method, target, headers }: MockRequest): string {
  return [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}
