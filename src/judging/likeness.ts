import { remembered } from '../fields/remembered.ts';
import { firstFieldValue, mediaTypeOf } from '../fields/response-fields.ts';
import type { HttpResponse } from '../model/exchange.ts';
import { hasSameShape } from './same-response.ts';
import { steadyText } from './steady-text.ts';

/**
 * Two responses say the same of what was asked: status, media type, and a body of the same members or, where it is no
 * JSON, the same text apart from what is another in every response. The values of members may differ, as the words for two missing resources do.
 */
export function isAlike(one: HttpResponse, other: HttpResponse): boolean {
  return (
    one.status === other.status &&
    mediaTypeOf(one)?.essence === mediaTypeOf(other)?.essence &&
    (one.body.json === undefined || other.body.json === undefined
      ? textOf(one) === textOf(other)
      : hasSameShape(one, other))
  );
}

/**
 * The same status and the same text, apart from what is another in every response: closer than a likeness, which the words of
 * members do not matter to.
 */
export function hasSameWords(one: HttpResponse, other: HttpResponse): boolean {
  return one.status === other.status && textOf(one) === textOf(other);
}

const textOf = remembered(({ body }: HttpResponse): string => steadyText(body.text));

/** No content, to HEAD neither: the response of a site that nobody made, as some servers have it for every unknown host. */
export function saysNothing(response: HttpResponse): boolean {
  return response.body.bytes === 0 && firstFieldValue(response, 'content-length') === '0';
}
