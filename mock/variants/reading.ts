import { posix } from 'node:path';
import type { Patch } from '../behaviour.ts';
import { type Call, header } from '../call.ts';
import { randomText } from '../keys.ts';
import { withoutHeaders } from '../replies.ts';
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
    patch: (sound) => ({ front: (call, head) => sound.front(call, head.replace(/\r\n[ \t]+/g, ' ')) }),
  },
  'nul-read-as-space': {
    title: 'NUL in a header is replaced by a space (RFC 9110 §5.5)',
    patch: (sound) => ({ front: (call, head) => sound.front(call, head.replaceAll('\0', ' ')) }),
  },
  'own-header-comes-first': {
    title: "of two keys the one in the key's own header counts, right or wrong",
    patch: (sound) => ({
      readCredentials: (call) => {
        const presented = sound.readCredentials(call).filter(({ value }) => value !== '');
        return presented.length > 0 ? presented.slice(0, 1) : sound.readCredentials(call);
      },
    }),
  },
  'head-not-allowed': {
    title: 'HEAD is no method of any path',
    patch: (sound) => ({
      routeOf: (call) => {
        const routed = sound.routeOf(call);
        if (routed.kind === 'unknown-path' || (routed.kind === 'operation' && call.method !== 'HEAD')) return routed;
        const allow = routed.kind === 'operation' ? allowedAt(call) : routed.allow;
        return { kind: 'wrong-method', allow: allow.filter((method) => method !== 'HEAD') };
      },
    }),
  },
  'options-answered': {
    title: 'OPTIONS is answered to everyone, with the methods of a path and nothing else',
    patch: (sound) => ({
      early: (call) => {
        const isKnown = sound.routeOf(call).kind !== 'unknown-path';
        if (call.method !== 'OPTIONS' || !isKnown) return sound.early(call);
        return { status: 204, headers: [['Allow', allowedAt(call).join(', ')]], body: '' };
      },
      finish: (call, reply, quota) => {
        const finished = sound.finish(call, reply, quota);
        return reply.status === 204 ? withoutHeaders(finished, ['Content-Type']) : finished;
      },
    }),
  },
  'unknown-paths-answer-404': {
    title: 'a path that is nothing is a 404 to everyone',
    patch: (sound) => ({
      isGuarded: (call) => sound.isGuarded(call) && sound.routeOf(call).kind !== 'unknown-path',
    }),
  },
  'wrong-methods-answer-405': {
    title: 'a method that a path does not have is a 405 to everyone',
    patch: (sound) => ({
      isGuarded: (call) => sound.isGuarded(call) && sound.routeOf(call).kind !== 'wrong-method',
    }),
  },
  'other-hosts-answer-421': {
    title: 'a request for another host is not served here (RFC 9110 §7.4)',
    patch: (sound) => ({
      early: (call) => (isForAnother(call) ? sound.refuse(call, { reason: 'misdirected' }) : sound.early(call)),
    }),
  },
  'no-public-path': {
    title: 'nothing is open to everyone',
    patch: () => ({ early: () => undefined }),
  },
  'short-keys': {
    title: 'keys are short, of lower-case letters and digits',
    patch: () => ({ secret: () => randomText(12, 'abcdefghijklmnopqrstuvwxyz0123456789') }),
  },
  'long-keys': {
    title: 'keys are as long as tokens',
    patch: () => ({ secret: () => randomText(200, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789') }),
  },
  'keys-with-punctuation': {
    title: 'keys have dashes, underscores and dots in them',
    patch: () => ({
      secret: () => Array.from('-_.', (mark) => randomText(8, 'abcDEF123456') + mark).join('') + randomText(4, 'xyz'),
    }),
  },
} as const satisfies VariantGroup;

function tolerating(read: (path: string) => string): Patch {
  return (sound) => ({
    routeOf: (call) => {
      const routed = sound.routeOf(call);
      return routed.kind === 'unknown-path' ? sound.routeOf({ ...call, path: read(call.path) }) : routed;
    },
  });
}

function allowedAt({ operation, world }: Call): readonly string[] {
  return world.contract.operations.filter(({ path }) => path === operation?.path).map(({ method }) => method);
}

function isForAnother(call: Call): boolean {
  const { authorities, environments } = call.world;
  const own = environments.find(({ name }) => name === call.listener)?.host;
  const named = call.authority ?? header(call, 'host') ?? '';
  return named !== own && named !== authorities.get(call.listener);
}
