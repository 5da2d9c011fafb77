import type { Behaviour, HeaderLine, Patch, Reason, Refusal, Reply } from './behaviour.ts';
import type { Call } from './call.ts';
import { isObject, type JsonObject } from '../src/openapi/json-pointer.ts';

/** The refusals of a request that shows no valid key for this environment. */
export const NO_VALID_KEY: readonly Reason[] = ['missingKey', 'conflictingKeys', 'invalidKey', 'otherEnvironment'];
export const BAD_KEY: readonly Reason[] = NO_VALID_KEY.filter((reason) => reason !== 'missingKey');

type Change = (reply: Reply, call: Call, refusal: Refusal, sound: Behaviour) => Reply;

/** Changes refusals; without reasons, all of them. */
export function refusing(change: Change, reasons?: readonly Reason[]): Patch {
  return (sound) => ({
    refuse: (call, refusal) => {
      const reply = sound.refuse(call, refusal);
      return !reasons || reasons.includes(refusal.reason) ? change(reply, call, refusal, sound) : reply;
    },
  });
}

/** Changes every answer as it leaves. */
export function finishing(change: (reply: Reply, call: Call) => Reply): Patch {
  return (sound) => ({ finish: (call, reply, quota) => change(sound.finish(call, reply, quota), call) });
}

/** Refuses for another reason than the true one. */
export function confusing(reason: Reason, taken: Reason): Patch {
  return refusing((_reply, call, _refusal, sound) => sound.refuse(call, { reason: taken }), [reason]);
}

export const redirectingToHttps: Patch = refusing(
  (reply, { world, listener, path, query }) => {
    const target = `https://${world.authorities.get(listener) ?? ''}${path}${query === '' ? '' : `?${query}`}`;
    return { ...withHeader(reply, ['Location', target]), status: 308 };
  },
  ['plainHttp'],
);

export function withBody(reply: Reply, change: (body: JsonObject) => unknown): Reply {
  return isObject(reply.body) ? { ...reply, body: change(reply.body) } : reply;
}

export function withHeader(reply: Reply, ...lines: readonly HeaderLine[]): Reply {
  const names = lines.map(([name]) => name);
  return { ...reply, headers: [...withoutHeaders(reply, names).headers, ...lines] };
}

export function withoutHeaders(reply: Reply, names: readonly string[]): Reply {
  const unwanted = names.map((name) => name.toLowerCase());
  return { ...reply, headers: reply.headers.filter(([name]) => !unwanted.includes(name.toLowerCase())) };
}
