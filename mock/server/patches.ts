import { isObject } from '../document/json.ts';
import type { Behaviour, Patch } from '../types/behaviour.ts';
import type { HeaderLine, MockResponse } from '../types/http.ts';
import type { JsonObject } from '../types/json.ts';
import type { Refusal, RefusalReason } from '../types/refusal.ts';
import type { MockRequest } from '../types/request.ts';

/** The refusals of a request that has no valid key for this environment. */
export const NO_VALID_KEY: readonly RefusalReason[] = [
  'missingKey',
  'conflictingKeys',
  'invalidKey',
  'otherEnvironment',
];
export const BAD_KEY: readonly RefusalReason[] = NO_VALID_KEY.filter((reason) => reason !== 'missingKey');

type Change = (response: MockResponse, request: MockRequest, refusal: Refusal, sound: Behaviour) => MockResponse;

/** Changes the responses to refused requests; without reasons, all of them. */
export function onRefusal(change: Change, reasons?: readonly RefusalReason[]): Patch {
  return (sound) => ({
    refuse: (request, refusal) => {
      const response = sound.refuse(request, refusal);
      return !reasons || reasons.includes(refusal.reason) ? change(response, request, refusal, sound) : response;
    },
  });
}

/** Changes every response before it is sent. */
export function onResponse(change: (response: MockResponse, request: MockRequest) => MockResponse): Patch {
  return (sound) => ({
    finish: (request, response, quota) => change(sound.finish(request, response, quota), request),
  });
}

/** Refuses for another reason than the true one. */
export function refusedAs(reason: RefusalReason, pretended: RefusalReason): Patch {
  return onRefusal((_response, request, _refusal, sound) => sound.refuse(request, { reason: pretended }), [reason]);
}

export const redirectingToHttps: Patch = onRefusal(
  (response, { state, environment, path, query }) => {
    const target = `https://${state.authorities.get(environment) ?? ''}${path}${query === '' ? '' : `?${query}`}`;
    return { ...withHeader(response, ['Location', target]), status: 308 };
  },
  ['plainHttp'],
);

export function withBody(response: MockResponse, change: (body: JsonObject) => unknown): MockResponse {
  return isObject(response.body) ? { ...response, body: change(response.body) } : response;
}

/** Sets headers: lines of the same name are replaced. */
export function withHeader(response: MockResponse, ...lines: readonly HeaderLine[]): MockResponse {
  const names = lines.map(([name]) => name);
  return { ...response, headers: [...withoutHeaders(response, names).headers, ...lines] };
}

export function withoutHeaders(response: MockResponse, names: readonly string[]): MockResponse {
  const unwanted = names.map((name) => name.toLowerCase());
  return { ...response, headers: response.headers.filter(([name]) => !unwanted.includes(name.toLowerCase())) };
}
