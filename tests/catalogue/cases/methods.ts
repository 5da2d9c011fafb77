import type { Case } from '../../../src/requests/case.ts';
import { NotSent } from '../../../src/requests/case.ts';
import type { HeaderLine } from '../../../src/model/request.ts';
import { isRead } from './applicability.ts';

const MALFORMED = '{"inert":';
const JSON_TYPE: HeaderLine = ['Content-Type', ['application/json']];

/** Headers in which frameworks look for another method than that of the request line. */
const OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Method'];
const override = (method: string): HeaderLine[] => OVERRIDES.map((name) => [name, [method]]);

/** Other methods on the operation's path without a credential; none that could have an effect is sent to be carried out. */
export const otherMethods: readonly Case[] = [
  withoutKey('head', 'HEAD'),
  withoutKey('options', 'OPTIONS'),
  // To a parser that does not know the method the request is malformed.
  { ...withoutKey('unknown-method', 'FOO'), malformed: true },
  ...['POST', 'PUT', 'PATCH', 'DELETE'].map((method): Case => ({
    id: `undocumented-${method.toLowerCase()}`,
    group: 'routing',
    title: `no credential, an undocumented ${method}, the id of nothing and a body that is not JSON`,
    control: 'valid-key',
    appliesTo: ({ path, isSafe, parameters }, { operations }) => {
      if (!isSafe) return 'one operation of the path is enough';
      if (operations.some((other) => other.path === path && other.method === method))
        return `the contract has ${method} ${path}`;
      return (
        method !== 'DELETE' ||
        parameters.some((one) => one.in === 'path') ||
        'nothing but an id that does not exist makes DELETE harmless'
      );
    },
    request: (builder) =>
      builder.build({
        method,
        body: [MALFORMED],
        headers: [JSON_TYPE],
        ...(builder.operation.parameters.some((one) => one.in === 'path') && { resource: 'unknown' as const }),
      }),
  })),
  {
    id: 'post-overridden-to-get',
    group: 'routing',
    title: 'no credential, and POST that headers and query turn into GET',
    control: 'valid-key',
    appliesTo: isRead,
    request: (builder) =>
      builder.build({
        method: 'POST',
        body: [MALFORMED],
        headers: [JSON_TYPE, ...override('GET')],
        query: [['_method=GET'], ['x-http-method-override=GET']],
      }),
  },
];

/** With the full-access key, to see what else the server listens to. */
export const methodSurveys: readonly Case[] = [
  {
    id: 'get-overridden',
    group: 'routing',
    title: 'the full-access key, and GET that headers turn into a method that does not exist',
    appliesTo: isRead,
    request: (builder) => {
      builder.assertNotProduction(
        'a server that listens to such headers has another method than the one that was sent',
      );
      return builder.build({ key: builder.fullKey(), headers: override('FOO') });
    },
  },
  {
    id: 'trace',
    group: 'routing',
    title: 'TRACE with a key that was never issued',
    request: (builder) => {
      if (!builder.operation.isSafe) throw new NotSent('policy', 'one operation of the path is enough');
      return builder.build({ method: 'TRACE', key: builder.neverIssuedKey() });
    },
  },
];

function withoutKey(id: string, method: string): Case {
  return {
    id,
    group: 'routing',
    title: `no credential, and ${method}`,
    control: 'valid-key',
    appliesTo: isRead,
    request: (builder) => builder.build({ method }),
  };
}
