import { isDeepStrictEqual } from 'node:util';
import { remembered } from '../fields/remembered.ts';
import type { HttpResponse } from '../model/exchange.ts';
import { WHOLE_TEXT } from './numbered-members.ts';
import { isTime, steadyText } from './steady-text.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/** What differs from one response to the next whatever they say, by the names of members of their bodies. */
export interface Volatile {
  /** Members that are no part of what is said, such as `request_id`. */
  readonly members: readonly string[];
  /** Members of errors whose numbers are none either, as `numberedMembers` has them. */
  readonly numbered?: ReadonlySet<string>;
}

/**
 * Two bodies say the same once members that differ by nature are set aside. An error is words: a number that it gives to the
 * request, the time or the path that was asked for make no other error of it. A success is data, in which an id counts.
 */
export function hasSameBody(one: HttpResponse, other: HttpResponse, { members, numbered }: Volatile): boolean {
  const isError = one.status >= 400 && other.status >= 400;
  const volatileMembers = new Set(members);
  const ofError = (value: unknown, name: string): unknown => {
    const isNumbered = numbered?.has(name) === true;
    if (typeof value === 'number') return isNumbered || isTime(value) ? 'a number' : value;
    if (typeof value !== 'string') return value;
    const text = steadyText(value);
    return isNumbered ? text.replace(/\d+/g, '#') : text;
  };
  const ofSuccess = (value: unknown): unknown => (typeof value === 'string' ? timeless(value) : value);
  const comparable = ({ body }: HttpResponse): unknown =>
    body.json === undefined
      ? isError
        ? ofError(body.text, WHOLE_TEXT)
        : body.text
      : withoutVolatile(body.json, volatileMembers, isError ? ofError : ofSuccess);
  return isDeepStrictEqual(comparable(one), comparable(other));
}

function timeless(text: string): string {
  return DATE_TIME.test(text) ? 'a time' : text;
}

function withoutVolatile(
  value: unknown,
  volatileMembers: ReadonlySet<string>,
  simple: (value: unknown, name: string) => unknown,
  name = WHOLE_TEXT,
): unknown {
  const within = (one: unknown, member: string): unknown => withoutVolatile(one, volatileMembers, simple, member);
  if (Array.isArray(value)) return value.map((item) => within(item, name));
  if (typeof value !== 'object' || value === null) return simple(value, name);
  const members = Object.entries(value).filter(([member]) => !volatileMembers.has(member));
  return Object.fromEntries(members.map(([member, one]) => [member, within(one, member)]));
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
