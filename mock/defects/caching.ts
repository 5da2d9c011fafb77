import type { Behaviour, Patch, Reply } from '../behaviour.ts';
import type { Call } from '../call.ts';
import { finishing, refusing, withHeader, withoutHeaders } from '../replies.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Answers to a key that are kept for, or given to, those who have none. */
export const caching = {
  'success-cacheable': cachedAs('public, max-age=300'),
  'success-cacheable-by-age': cachedAs('max-age=300'),
  'success-cacheable-by-proxies': cachedAs('s-maxage=300'),
  'success-without-cache-control': {
    bug: 'X1',
    title: 'a success does not say whether it may be stored',
    patch: finishing((reply) => (isSuccess(reply) ? withoutHeaders(reply, ['Cache-Control']) : reply)),
  },
  'cache-ignores-key': {
    bug: 'X2',
    title: 'a cache in front keeps what has a query, and gives it to whoever asks for the same address',
    patch: cache((call) => call.query !== ''),
  },
  'not-found-cacheable': {
    bug: 'X3',
    title: 'a 404 does not say whether it may be stored, so caches keep it',
    patch: finishing((reply) => (reply.status === 404 ? withoutHeaders(reply, ['Cache-Control']) : reply)),
  },
  'forbidden-hidden-as-cacheable-404': {
    bug: 'X3',
    title: 'a missing permission is hidden behind a 404 that caches keep',
    patch: (sound) => ({
      ...refusing((_reply, call, _refusal, usual) => usual.refuse(call, { reason: 'unknownId' }), ['forbidden'])(sound),
      ...finishing((reply) => (reply.status === 404 ? withoutHeaders(reply, ['Cache-Control']) : reply))(sound),
    }),
  },
  'cache-deceived-by-suffix': deceived('a path that ends like the name of a static file', /\/[^/]+\.(?:css|js|png)$/),
  'cache-deceived-by-newline': deceived(
    'a path with an encoded line break before such a name',
    /%0a[^/]*\.(?:css|js|png)$/i,
  ),
} as const satisfies DefectGroup;

function cachedAs(value: string): Defect {
  const patch = finishing((reply) => (isSuccess(reply) ? withHeader(reply, ['Cache-Control', value]) : reply));
  return { bug: 'X1', title: `a success says ${value}`, patch };
}

/** A cache that knows an answer by its address alone, before anything else is looked at. */
function cache(isKept: (call: Call) => boolean): Patch {
  return (sound) => {
    const kept = new Map<string, Reply>();
    const addressOf = ({ listener, target }: Call): string => `${listener} ${target}`;
    return {
      early: (call) => {
        const reply = call.method === 'GET' ? kept.get(addressOf(call)) : undefined;
        return reply ? withHeader(reply, ['Age', '1'], ['X-Cache', 'HIT']) : sound.early(call);
      },
      succeed: (call, operation) => {
        const reply = sound.succeed(call, operation);
        if (call.method === 'GET' && isKept(call)) kept.set(addressOf(call), reply);
        return reply;
      },
    };
  };
}

/** The router ignores the end of the path, the cache goes by nothing else. */
function deceived(what: string, suffix: RegExp): Defect {
  const patch: Patch = (sound: Behaviour) => ({
    ...cache((call) => suffix.test(call.path))(sound),
    routeOf: (call) => sound.routeOf({ ...call, path: call.path.replace(suffix, '') }),
  });
  return { bug: 'X4', title: `a cache in front keeps the answer to ${what}`, patch };
}

function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}
