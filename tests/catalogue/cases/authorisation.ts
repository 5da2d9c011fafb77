import type { RequestBuilder } from '../../../src/requests/request-builder.ts';
import type { Applicability, Case } from '../../../src/requests/case.ts';
import type { Contract, Operation } from '../../../src/model/contract.ts';
import { acceptedScopes } from '../../../src/openapi/security.ts';
import type { Secret } from '../../../src/secret.ts';
import { hasScopes, hasSiblingScope, siblingScopes } from './applicability.ts';

/** Keys that are valid and yet lack the operation's scope. */
export const insufficientKeys: readonly Case[] = [
  ...withoutScope(
    'scoped-out-key',
    "a key without the operation's scope, made for another resource",
    hasScopes,
    farKey,
  ),
  {
    id: 'scoped-out-key-dry-run',
    group: 'authorisation',
    title: "a key without the operation's scope, in a request that calls itself a trial",
    control: 'valid-key',
    appliesTo: hasScopes,
    request: (builder) => builder.build({ key: farKey(builder), query: [['dry_run=true']] }),
  },
  ...withoutScope('sibling-scope-key', "a key with the resource's other scope only", hasSiblingScope, siblingKey),
];

/**
 * The key with the usual request and, where writing to the sandbox is allowed, with a valid one: a server that looks at
 * the input first answers an inert request without ever coming to the permission.
 */
function withoutScope(
  id: string,
  title: string,
  applies: (operation: Operation, contract: Contract) => Applicability,
  key: (builder: RequestBuilder) => Secret,
): Case[] {
  const shared = { group: 'authorisation', control: 'valid-key', forms: 'each' } as const;
  return [
    { ...shared, id, title, appliesTo: applies, request: (builder) => builder.build({ key: key(builder) }) },
    {
      ...shared,
      id: `${id}-valid-request`,
      title: `${title}, and a valid request`,
      appliesTo: (operation, contract) =>
        operation.isSafe ? 'the usual request is valid' : applies(operation, contract),
      request: (builder) => builder.build({ key: key(builder), resource: 'example' }),
    },
  ];
}

function farKey(builder: RequestBuilder): Secret {
  const near = [...acceptedScopes(builder.operation), ...siblingScopes(builder.operation, builder.contract)];
  return builder.scopedKey(`no scope of ${near.join(', ')}`, (scopes) => near.every((scope) => !scopes.has(scope)));
}

function siblingKey(builder: RequestBuilder): Secret {
  const siblings = siblingScopes(builder.operation, builder.contract);
  return builder.scopedKey(
    `${siblings.join(' or ')} and nothing else`,
    (scopes) => scopes.size > 0 && [...scopes].every((scope) => siblings.includes(scope)),
  );
}
