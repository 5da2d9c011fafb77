import { posix } from 'node:path';
import { withoutHeaders } from '../server/patches.ts';
import { isForAnotherHost } from '../server/request.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { VariantGroup } from './variant.ts';

/** How freely requests are read, always behind the gate, and what the gate leaves to others to refuse. */
export const reading = {
  'slashes-tolerated': {
    title: 'the router ignores slashes that are too many, behind the gate',
    patch: tolerating((path) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1')),
  },
  'case-tolerated': {
    title: 'the router ignores the case of a path, behind the gate',
    patch: tolerating((path) => path.toLowerCase()),
  },
  'dot-segments-resolved': {
    title: 'dot segments are resolved before anything looks at the path (RFC 3986 §6.2.2.3)',
    patch: tolerating((path) => posix.normalize(path.replace(/%2e/gi, '.'))),
  },
  'folded-lines-unfolded': {
    title: 'a folded line is joined to the one before it by a space (RFC 9112 §5.2)',
    patch: (sound) => ({ headFilter: (request, head) => sound.headFilter(request, head.replace(/\r\n[ \t]+/g, ' ')) }),
  },
  'lists-read-as-objects': {
    title: 'a list of JSON is read as an object without the members of the schema, as PHP and Lua do',
    patch: (sound) => ({
      inputErrors: async (request, operation, parameters) => {
        const text = (await request.body())?.toString() ?? '';
        if (!isList(text)) return sound.inputErrors(request, operation, parameters);
        const body = (): Promise<Buffer> => Promise.resolve(Buffer.from('{}'));
        return sound.inputErrors({ ...request, body }, operation, parameters);
      },
    }),
  },
  'nul-read-as-space': {
    title: 'NUL in a header is replaced by a space (RFC 9110 §5.5)',
    patch: (sound) => ({ headFilter: (request, head) => sound.headFilter(request, head.replaceAll('\0', ' ')) }),
  },
  'own-header-comes-first': {
    title: "of two keys the one in the key's own header counts, right or wrong",
    patch: (sound) => ({
      readCredentials: (request) => {
        const presented = sound.readCredentials(request).filter(({ value }) => value !== '');
        return presented.length > 0 ? presented.slice(0, 1) : sound.readCredentials(request);
      },
    }),
  },
  'head-not-allowed': {
    title: 'HEAD is no method of any path',
    patch: (sound) => ({
      matchRoute: (request) => {
        const match = sound.matchRoute(request);
        if (match.kind === 'unknown-path' || (match.kind === 'operation' && request.method !== 'HEAD')) return match;
        const allow = match.kind === 'operation' ? allowedAt(request) : match.allow;
        return { kind: 'wrong-method', allow: allow.filter((method) => method !== 'HEAD') };
      },
    }),
  },
  'options-answered': {
    title: 'OPTIONS is answered to everyone, with the methods of a path and nothing else',
    patch: (sound) => ({
      shortCircuit: (request) => {
        const isKnown = sound.matchRoute(request).kind !== 'unknown-path';
        if (request.method !== 'OPTIONS' || !isKnown) return sound.shortCircuit(request);
        return { status: 204, headers: [['Allow', allowedAt(request).join(', ')]], body: '' };
      },
      finish: (request, response, quota) => {
        const finished = sound.finish(request, response, quota);
        return response.status === 204 ? withoutHeaders(finished, ['Content-Type']) : finished;
      },
    }),
  },
  'unknown-paths-answer-404': {
    title: 'a path that is nothing is a 404 to everyone',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && sound.matchRoute(request).kind !== 'unknown-path',
    }),
  },
  'wrong-methods-answer-405': {
    title: 'a method that a path does not have is a 405 to everyone',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && sound.matchRoute(request).kind !== 'wrong-method',
    }),
  },
  'other-hosts-answer-421': {
    title: 'a request for another host is not served here (RFC 9110 §7.4)',
    patch: (sound) => ({
      shortCircuit: (request) =>
        isForAnotherHost(request) ? sound.refuse(request, { reason: 'misdirected' }) : sound.shortCircuit(request),
    }),
  },
  'no-public-path': {
    title: 'nothing is open to everyone',
    patch: () => ({ shortCircuit: () => undefined }),
  },
} as const satisfies VariantGroup;

function tolerating(read: (path: string) => string): Patch {
  return (sound) => ({
    matchRoute: (request) => {
      const match = sound.matchRoute(request);
      return match.kind === 'unknown-path' ? sound.matchRoute({ ...request, path: read(request.path) }) : match;
    },
  });
}

function allowedAt({ operation, state }: MockRequest): readonly string[] {
  return state.api.operations.filter(({ path }) => path === operation?.path).map(({ method }) => method);
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
