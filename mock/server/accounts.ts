import { isObject } from '../document/json.ts';
import type { Operation, Parameter } from '../types/api.ts';
import type { Patch } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import { withBody } from './patches.ts';

/**
 * A server with two accounts. What the document shows belongs to the first one.
 *
 * @param kept what is kept apart: `lists` alone, which show each account its own ids, `resources` as well, or nothing
 */
export function accountsOf(kept: 'resources' | 'lists' | 'nothing'): Patch {
  return (sound) => ({
    issuesOtherAccountKey: true,
    exists: (request, operation, parameters, key) => {
      const isFirst = sound.exists(request, operation, parameters, key);
      const isSecond = operation.parameters.every((one) => one.in !== 'path' || parameters[one.name] === otherId(one));
      if (kept === 'resources') return isOfOther(key) ? isSecond : isFirst;
      return isFirst || (kept === 'lists' && isSecond);
    },
    succeed: (request, operation, key) => {
      const id = idIn(request, operation, kept !== 'nothing' && isOfOther(key));
      return withBody(sound.succeed(request, operation, key), (body) => (id === undefined ? body : withId(body, id)));
    },
  });
}

function isOfOther(key: IssuedKey | undefined): boolean {
  return key?.type === 'other-account';
}

/** The id of what the other account has in the place of an example. */
function otherId({ example }: Parameter): string {
  return `${String(example)}-other`;
}

/** What a response shows as an id: of a resource the one that was asked for, of a list that of its only item. */
function idIn({ state, path }: MockRequest, operation: Operation, isOther: boolean): string | undefined {
  if (/\}$/.test(operation.path)) return decodeURIComponent(path.split('/').at(-1) ?? '');
  const item = state.api.operations.find(({ method, path: its }) => {
    const before = /^(.*)\/\{[^/]*\}$/.exec(its)?.[1];
    return method === 'GET' && [before, `${before}s`].includes(operation.path);
  });
  const parameter = item?.parameters.find((one) => one.in === 'path');
  return parameter && (isOther ? otherId(parameter) : String(parameter.example));
}

/** In the place of the member `id`, of the body or of each item of a list in it. */
function withId(body: object, id: string): object {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => [
      name,
      name === 'id'
        ? id
        : Array.isArray(value)
          ? value.map((item: unknown) => (isObject(item) ? withId(item, id) : item))
          : value,
    ]),
  );
}
