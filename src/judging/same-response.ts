import { isDeepStrictEqual } from 'node:util';
import { remembered } from '../fields/remembered.ts';
import type { HttpResponse } from '../model/exchange.ts';

/** RFC 9562. In an error it is mostly the number of that error, under whatever name: `id`, `traceId`, `instance`. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * Two bodies say the same once members that differ by nature are set aside.
 *
 * @param volatileMembers names of members such as `request_id`
 */
export function hasSameBody(one: HttpResponse, other: HttpResponse, volatileMembers: readonly string[]): boolean {
  const comparable = ({ body, status }: HttpResponse): unknown =>
    body.json === undefined ? body.text : withoutVolatile(body.json, new Set(volatileMembers), status >= 400);
  return isDeepStrictEqual(comparable(one), comparable(other));
}

function withoutVolatile(value: unknown, volatileMembers: ReadonlySet<string>, isError: boolean): unknown {
  if (typeof value === 'string') {
    if (DATE_TIME.test(value)) return 'a time';
    return isError && UUID.test(value) ? 'an id' : value;
  }
  if (Array.isArray(value)) return value.map((item) => withoutVolatile(item, volatileMembers, isError));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !volatileMembers.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutVolatile(member, volatileMembers, isError)]));
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
