import { onRefusal } from '../server/patches.ts';
import type { Operation, Parameter } from '../types/api.ts';
import type { Behaviour, Check, Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { RouteMatch } from '../types/state.ts';
import type { VariantGroup } from './variant.ts';

/** The only id of a server that knows none of those that its document shows. */
export const KNOWN_ID = 'rsc_x7k2';

/** What paths lead to, and how the router says that they lead nowhere. */
export const resources = {
  'other-ids': {
    title: 'the ids of the document are only examples: here there are others',
    patch: () => ({ exists: isKnown }),
  },
  'other-ids-are-routed': {
    title: 'the same, and a path that leads through an unknown id is no path, hence a 404 to everyone',
    patch: (sound) => ({ exists: isKnown, ...routed(() => KNOWN_ID)(sound) }),
  },
  'outer-ids-are-routed': {
    title: 'a path that leads through an unknown id is no path, hence a 404 to everyone',
    patch: routed(({ example }) => String(example)),
  },
  'router-answers-like-handler': {
    title: 'a path that is nothing gets the same 404 as an id that is nothing, whoever asks',
    patch: (sound) => ({
      ...onRefusal(
        (_reply, request, _refusal, usual) => usual.refuse(request, { reason: 'unknownId' }),
        ['unknownPath'],
      )(sound),
      isGuarded: (request) => sound.isGuarded(request) && sound.matchRoute(request).kind !== 'unknown-path',
    }),
  },
  'options-lists-methods': {
    title: 'the router answers OPTIONS by itself, with the list of methods as text and 200',
    patch: (sound) => ({
      shortCircuit: (request) => {
        const allowed = methodsAt(request, sound.matchRoute(request));
        if (request.method !== 'OPTIONS' || allowed.length === 0) return sound.shortCircuit(request);
        const list = allowed.join(',');
        const headers = [
          ['Allow', list],
          ['Content-Type', 'text/html; charset=utf-8'],
        ] as const;
        return { status: 200, headers, body: list };
      },
    }),
  },
  'unknown-query-refused': {
    title: 'a parameter in the query that the document does not know is a 400 to every good key',
    patch: (sound) => ({
      inputErrors: async (request, operation, parameters) => [
        ...(await sound.inputErrors(request, operation, parameters)),
        ...unknownInQuery(request, operation).map((name) => `${name} is not known`),
      ],
      checkOrder: (request) => {
        const order = sound.checkOrder(request);
        const match = sound.matchRoute(request);
        const isUnknown = match.kind === 'operation' && unknownInQuery(request, match.operation).length > 0;
        return isUnknown ? validatedFirst(order) : order;
      },
    }),
  },
  'one-operation-unavailable': {
    title: 'the first operation with an id answers 503 to every good key, day and night',
    patch: (sound) => ({
      succeed: (request, operation) => {
        const first = request.state.api.operations.find(({ path }) => path.includes('{'));
        const isOut = operation.id === first?.id;
        return isOut ? sound.refuse(request, { reason: 'unavailable' }) : sound.succeed(request, operation);
      },
    }),
  },
} as const satisfies VariantGroup;

const NOWHERE: RouteMatch = { kind: 'unknown-path' };

const isKnown: Behaviour['exists'] = (_request, { parameters }, given) =>
  parameters.every(({ in: place, name }) => place !== 'path' || given[name] === KNOWN_ID);

/** Ids with another id behind them in the path belong to the route, as names of servers often do. */
function routed(idOf: (parameter: Parameter) => string): Patch {
  const leadsSomewhere = (match: RouteMatch): boolean =>
    match.kind !== 'operation' ||
    match.operation.parameters.every((parameter) => {
      const isOuter =
        parameter.in === 'path' && !/\{[^{]*$/.exec(match.operation.path)?.[0].startsWith(`{${parameter.name}}`);
      return !isOuter || match.parameters[parameter.name] === idOf(parameter);
    });
  return (sound) => ({
    matchRoute: (request) => {
      const match = sound.matchRoute(request);
      return leadsSomewhere(match) ? match : NOWHERE;
    },
    isGuarded: (request) => sound.isGuarded(request) && leadsSomewhere(sound.matchRoute(request)),
  });
}

/** As Express lists them: none of a path that is nothing. */
function methodsAt({ state, operation }: MockRequest, match: RouteMatch): readonly string[] {
  if (match.kind === 'unknown-path') return [];
  const methods = state.api.operations.filter(({ path }) => path === operation?.path).map(({ method }) => method);
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

function unknownInQuery({ query, state }: MockRequest, { parameters }: Operation): readonly string[] {
  const known = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name);
  const ofKeys = Object.values(state.api.schemes).flatMap(({ carrier }) =>
    carrier?.in === 'query' ? [carrier.name] : [],
  );
  return [...new URLSearchParams(query).keys()].filter((name) => !known.includes(name) && !ofKeys.includes(name));
}

/** Behind the key, before what the key may do. */
function validatedFirst(order: readonly Check[]): readonly Check[] {
  return order
    .filter((check) => check !== 'validation')
    .flatMap((check) => (check === 'permission' ? (['validation', check] as const) : [check]));
}
