import { METHODS } from 'node:http';
import type { Patch } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import type { Routed } from '../routes.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** A gate that lists the methods it guards, before handlers that take others as well. */
export const methods = {
  'head-not-guarded': {
    bug: 'V1',
    title: 'HEAD is answered like GET, and nobody asks it for a key',
    patch: (sound) => ({ isGuarded: (call) => sound.isGuarded(call) && call.method !== 'HEAD' }),
  },
  'undocumented-methods-not-guarded': {
    bug: 'V2',
    title: 'the gate lists the documented methods of a path, its handler takes any',
    patch: (sound) => ({
      routeOf: (call) => whateverMethod(call, sound.routeOf),
      isGuarded: (call) => sound.isGuarded(call) && sound.routeOf(call).kind !== 'wrong-method',
    }),
  },
  'unknown-method-not-guarded': {
    bug: 'V2',
    title: 'a method that nobody knows is carried out as GET, past the gate',
    patch: (sound) => {
      const unknown = new WeakSet();
      return {
        front: (call, head) => {
          unknown.delete(call.connection);
          if (METHODS.includes(call.method) || !/^[A-Z]+ \//.test(head)) return sound.front(call, head);
          unknown.add(call.connection);
          return sound.front(call, head.replace(/^[A-Z]+/, 'GET'));
        },
        isGuarded: (call) =>
          sound.isGuarded(call) && (!unknown.has(call.connection) || sound.routeOf(call).kind !== 'operation'),
      };
    },
  },
  'options-executed': {
    bug: 'V3',
    title: 'OPTIONS needs no key and is carried out like the method of the path',
    patch: (sound) => ({
      routeOf: (call) => (call.method === 'OPTIONS' ? whateverMethod(call, sound.routeOf) : sound.routeOf(call)),
      isGuarded: (call) => sound.isGuarded(call) && call.method !== 'OPTIONS',
    }),
  },
  'options-describes-operation': {
    bug: 'V3',
    title: 'OPTIONS tells whoever asks what an operation takes and which permission opens it',
    patch: (sound) => ({
      early: (call) => {
        const routed = whateverMethod(call, sound.routeOf);
        if (call.method !== 'OPTIONS' || routed.kind !== 'operation') return sound.early(call);
        const { id, parameters, scopes } = routed.operation;
        return { status: 200, headers: [], body: { id, parameters: parameters.map(({ name }) => name), scopes } };
      },
    }),
  },
  'trace-echoed': {
    bug: 'V4',
    title: 'TRACE is answered with the request as it came, headers included',
    patch: (sound) => ({
      early: (call) =>
        call.method === 'TRACE'
          ? { status: 200, headers: [['Content-Type', 'message/http']], body: sent(call) }
          : sound.early(call),
    }),
  },
  'x-http-method-override-obeyed': overriddenBy('X-HTTP-Method-Override', inHeader),
  'x-http-method-obeyed': overriddenBy('X-HTTP-Method', inHeader),
  'x-method-override-obeyed': overriddenBy('X-Method-Override', inHeader),
  'x-method-obeyed': overriddenBy('X-Method', inHeader),
  'method-parameter-obeyed': overriddenBy('_method', inQuery),
  'override-parameter-obeyed': overriddenBy('x-http-method-override', inQuery),
} as const satisfies DefectGroup;

/** The gate guards what the request line names, if that is an operation; what is carried out is named elsewhere. */
function overriddenBy(name: string, find: (call: Call, name: string) => string | undefined): Defect {
  const patch: Patch = (sound) => {
    const routeOf = (call: Call): Routed =>
      sound.routeOf({ ...call, method: find(call, name)?.toUpperCase() ?? call.method });
    return {
      routeOf,
      isGuarded: (call) =>
        sound.isGuarded(call) && (sound.routeOf(call).kind === 'operation' || routeOf(call).kind !== 'operation'),
    };
  };
  const where = find === inQuery ? 'the query parameter' : 'the header';
  return { bug: 'V5', title: `behind the gate ${where} ${name} is the method`, patch };
}

function inHeader(call: Call, name: string): string | undefined {
  return header(call, name);
}

function inQuery(call: Call, name: string): string | undefined {
  return new URLSearchParams(call.query).get(name) ?? undefined;
}

/** The operation of the path, should it have one, whatever the method. */
function whateverMethod(call: Call, routeOf: (call: Call) => Routed): Routed {
  const routed = routeOf(call);
  return routed.kind === 'wrong-method' ? routeOf({ ...call, method: routed.allow[0] ?? '' }) : routed;
}

function sent({ method, target, headers }: Call): string {
  return [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}
