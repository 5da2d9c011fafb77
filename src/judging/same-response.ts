import { isDeepStrictEqual } from 'node:util';
import { remembered } from '../fields/remembered.ts';
import type { HttpResponse } from '../model/exchange.ts';
import { isTime, steadyText } from './steady-text.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * Two bodies say the same once members that differ by nature are set aside. An error is words: a number that it gives to the
 * request, the time or the path that was asked for make no other error of it. A success is data, in which an id counts.
 *
 * @param volatileMembers names of members such as `request_id`
 */
export function hasSameBody(one: HttpResponse, other: HttpResponse, volatileMembers: readonly string[]): boolean {
  const isError = one.status >= 400 && other.status >= 400;
  const ofText = isError ? steadyText : timeless;
  const comparable = ({ body }: HttpResponse): unknown =>
    body.json === undefined
      ? isError
        ? steadyText(body.text)
        : body.text
      : withoutVolatile(body.json, new Set(volatileMembers), (value) => {
          if (typeof value === 'string') return ofText(value);
          return isError && typeof value === 'number' && isTime(value) ? 'a time' : value;
        });
  return isDeepStrictEqual(comparable(one), comparable(other));
}

function timeless(text: string): string {
  return DATE_TIME.test(text) ? 'a time' : text;
}

function withoutVolatile(
  value: unknown,
  volatileMembers: ReadonlySet<string>,
  simple: (value: unknown) => unknown,
): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutVolatile(item, volatileMembers, simple));
  if (typeof value !== 'object' || value === null) return simple(value);
  const members = Object.entries(value).filter(([name]) => !volatileMembers.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutVolatile(member, volatileMembers, simple)]));
}

/** The members and types of a body without its values: what stays when the data behind it changes. */
export function hasSameShape(one: HttpResponse, other: HttpResponse): boolean {
  return isDeepStrictEqual(shapeOf(one), shapeOf(other));
}

const shapeOf = remembered(({ body }: HttpResponse): unknown => shape(body.json));

function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
}
