import { isDeepStrictEqual } from 'node:util';
import { remembered } from '../fields/remembered.ts';
import type { HttpResponse } from '../model/exchange.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * Two bodies say the same once members that differ by nature are set aside.
 *
 * @param volatileMembers names of members such as `request_id`
 */
export function hasSameBody(one: HttpResponse, other: HttpResponse, volatileMembers: readonly string[]): boolean {
  const comparable = ({ body }: HttpResponse): unknown =>
    body.json === undefined ? body.text : withoutVolatile(body.json, new Set(volatileMembers));
  return isDeepStrictEqual(comparable(one), comparable(other));
}

function withoutVolatile(value: unknown, volatileMembers: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return DATE_TIME.test(value) ? 'a time' : value;
  if (Array.isArray(value)) return value.map((item) => withoutVolatile(item, volatileMembers));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !volatileMembers.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutVolatile(member, volatileMembers)]));
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
