import type { Operation } from '../types/api.ts';
import type { JsonObject } from '../types/json.ts';
import type { KeyAction, KeyOperation, KeyPromises, Lifecycle, Place } from '../types/lifecycle.ts';
import { isObject, objectOf } from './json.ts';

const ACTIONS: readonly KeyAction[] = ['create', 'roll', 'update', 'revoke', 'read'];
const PLACES = ['secret', 'id', 'lastUsed', 'scopes', 'expiresIn', 'expiresAt'] as const;
const PROMISES = ['revokedWithin', 'overlap', 'scopeChangeWithin', 'expiresWithin', 'lastUsedWithin'] as const;

/** What `x-authentication.lifecycle` says. An operation that the document does not have manages nothing. */
export function lifecycleOf(value: unknown, operations: readonly Operation[]): Lifecycle | undefined {
  if (!isObject(value)) return undefined;
  const pairs = ACTIONS.flatMap((action): [string, KeyOperation][] => {
    const described = objectOf(value[action]);
    const operation = operations.find(({ operationId }) => operationId === described['operationId']);
    return operation?.operationId === undefined ? [] : [[operation.id, keyOperationOf(action, described, operation)]];
  });
  return { operations: Object.fromEntries(pairs), promises: promisesOf(objectOf(value['promises'])) };
}

function keyOperationOf(action: KeyAction, described: JsonObject, operation: Operation): KeyOperation {
  const places = PLACES.flatMap((name): [string, Place][] => {
    const place = placeOf(described[name]);
    return place === undefined ? [] : [[name, place]];
  });
  const idPlace = idPlaceOf(described['idParameter'], operation);
  return { action, ...(idPlace && { idPlace }), ...Object.fromEntries(places) };
}

/** A runtime expression (Arazzo 1.0 §4.7) of the body or of a header of the response; a plain pointer is into the body. */
function placeOf(value: unknown): Place | undefined {
  if (typeof value !== 'string') return undefined;
  const name = /^\$response\.header\.(.+)$/.exec(value)?.[1];
  if (name !== undefined) return { in: 'header', name };
  const pointer = /^(?:\$(?:request|response)\.body#)?(\/.*)$/s.exec(value)?.[1];
  return pointer === undefined ? undefined : { in: 'body', pointer };
}

/** The parameter or the place in the body that is named, or else the last parameter of the path. */
function idPlaceOf(named: unknown, { parameters, path }: Operation): KeyOperation['idPlace'] {
  const place = placeOf(named);
  if (place?.in === 'body') return place;
  const name = typeof named === 'string' ? named : /\{([^{}]+)\}(?!.*\{)/.exec(path)?.[1];
  const found = parameters.find((one) => one.name === name && ['path', 'query'].includes(one.in));
  return found && { in: found.in === 'query' ? 'query' : 'path', name: found.name };
}

function promisesOf(value: JsonObject): KeyPromises {
  return Object.fromEntries(
    PROMISES.flatMap((name): [string, number][] => {
      const seconds = value[name];
      return typeof seconds === 'number' && seconds >= 0 ? [[name, seconds]] : [];
    }),
  );
}
