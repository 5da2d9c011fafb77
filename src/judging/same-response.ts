import { isDeepStrictEqual } from 'node:util';
import type { HttpResponse } from '../model/exchange.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** Two bodies say the same once members that differ by nature (ids of the request, times) are set aside. */
export function hasSameBody(one: HttpResponse, other: HttpResponse, volatileMembers: readonly string[]): boolean {
  const settle = (answer: HttpResponse): unknown =>
    answer.body.json === undefined ? answer.body.text : settled(answer.body.json, new Set(volatileMembers));
  return isDeepStrictEqual(settle(one), settle(other));
}

function settled(value: unknown, volatileMembers: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return DATE_TIME.test(value) ? 'a time' : value;
  if (Array.isArray(value)) return value.map((item) => settled(item, volatileMembers));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !volatileMembers.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, settled(member, volatileMembers)]));
}

/** The members and types of a body without its values: what stays when the data behind it moves. */
export function hasSameShape(one: HttpResponse, other: HttpResponse): boolean {
  return isDeepStrictEqual(shape(one.body.json), shape(other.body.json));
}

function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
}
