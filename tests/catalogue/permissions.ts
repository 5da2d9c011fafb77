import { expectAccepted, isSuccess } from '../../src/judging/expectations.ts';
import { expectMissingPermission, PERMISSION_EXPECTATIONS } from '../../src/judging/permission.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { ControlledCase, OnDemandCase } from '../../src/requests/case.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import type { Secret, Text } from '../../src/secret.ts';
import { needsGet, needsSameVerbScope, needsScopes, needsSiblingScope } from './conditions.ts';
import { allButScopeKey, foreignKey, sameVerbKey, scopelessKey, severalScopesKey, siblingKey } from './scoped-keys.ts';
import { scopedKey, validKey } from './shared-cases.ts';

/** A case that sends a valid key without the operation's scope. */
function withoutScope(
  rule: 'insufficient-scope' | 'separate-scopes',
  id: string,
  title: string,
  key: (builder: RequestBuilder) => Secret,
  reasonNotApplicable: ControlledCase['reasonNotApplicable'],
): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'authorisation',
    title,
    access: { key: 'scopes', expected: 'denied', rule },
    control: validKey,
    alternatives: 'each',
    ...(reasonNotApplicable && { reasonNotApplicable }),
    request: (builder) => builder.build({ key: key(builder) }),
  };
}

/**
 * The same with a valid request, where writing to the sandbox is allowed: a server that looks at the input first answers a
 * request without effect before it comes to the permission.
 */
function withValidRequest(one: ControlledCase, key: (builder: RequestBuilder) => Secret): ControlledCase {
  return {
    ...one,
    id: `${one.id}-valid-request`,
    title: `${one.title}, and a valid request`,
    reasonNotApplicable: (operation, contract) =>
      operation.isSafe ? 'the usual request is valid' : one.reasonNotApplicable?.(operation, contract),
    request: (builder) => builder.build({ key: key(builder), resource: 'example' }),
  };
}

export const foreignKeyCase = withoutScope(
  'insufficient-scope',
  'scoped-out-key',
  "a key without the operation's scope, made for another resource",
  foreignKey,
  needsScopes,
);

/** A kind of lack that is shown once, in the operation's first security alternative. */
function lacking(...given: Parameters<typeof withoutScope>): ControlledCase {
  const { alternatives: _, ...one } = withoutScope(...given);
  return one;
}

const sameVerbKeyCase = lacking(
  'insufficient-scope',
  'same-verb-key',
  "a key with the operation's verb on another resource only",
  sameVerbKey,
  needsSameVerbScope,
);

const scopelessKeyCase = lacking(
  'insufficient-scope',
  'scopeless-key',
  'a key without any scope',
  scopelessKey,
  needsScopes,
);

const severalScopesKeyCase = lacking(
  'insufficient-scope',
  'several-scopes-key',
  'a key with several scopes, all of them for other resources',
  severalScopesKey,
  needsScopes,
);

const allButScopeKeyCase = lacking(
  'separate-scopes',
  'all-but-scope-key',
  "a key with several scopes, for the operation's resource and others, but not with the operation's",
  allButScopeKey,
  needsSiblingScope,
);

const DRY_RUN: readonly Text[] = [['dry_run=true']];

/** Shows whether it is the dry run that matters, or that there is a parameter which the operation does not know. */
const foreignKeyOtherQuery: OnDemandCase = {
  id: 'scoped-out-key-other-query',
  kind: 'on-demand',
  group: 'authorisation',
  title: "a key without the operation's scope, in a request with a parameter that means nothing",
  request: (builder) => builder.build({ key: foreignKey(builder), query: [['conformance=true']] }),
};

const foreignKeyDryRun: ControlledCase = {
  id: 'scoped-out-key-dry-run',
  kind: 'controlled',
  group: 'authorisation',
  title: "a key without the operation's scope, in a request that calls itself a dry run",
  control: validKey,
  reasonNotApplicable: needsScopes,
  request: (builder) => builder.build({ key: foreignKey(builder), query: DRY_RUN }),
  comparison: foreignKeyOtherQuery,
};

const siblingKeyCase = withoutScope(
  'separate-scopes',
  'sibling-scope-key',
  "a key with the resource's other scope only",
  siblingKey,
  needsSiblingScope,
);

/** Keys without permission, of which one may show that the server looks at the permission before the input. */
const withoutPermission = [foreignKeyCase, siblingKeyCase, sameVerbKeyCase];

/**
 * Authentication Overview, "Error Responses": a key without the permission is 403 with the body shown there. Where the body
 * names scopes, it names the right ones.
 *
 * Laxer than the page: whether the input or the permission is looked at first is not documented, so a response about the
 * input proves nothing. Which scope an operation needs is inferred and judged at the level that the contract sets.
 */
const insufficientScope: Rule = {
  id: 'insufficient-scope',
  level: 'MUST',
  title: "a key without the operation's scope is refused as forbidden",
  section: 'Permissions',
  since: '2026.11',
  source: { promise: 'insufficient-permission' },
  standards: { cwe: [862, 863], owaspApi: ['API5'], asvs: ['8.2.1'], severity: 'high' },
  given: {
    cases: [
      foreignKeyCase,
      sameVerbKeyCase,
      scopelessKeyCase,
      severalScopesKeyCase,
      foreignKeyDryRun,
      withValidRequest(foreignKeyCase, foreignKey),
    ],
  },
  comparedWith: withoutPermission,
  levelOn: ({ scopePromise }) => scopePromise.level,
  expectations: PERMISSION_EXPECTATIONS,
  verify: (judged) => {
    const { response, responseOf } = judged;
    const findings = expectMissingPermission(judged, withoutPermission);
    if (judged.case.id !== foreignKeyDryRun.id) return findings;
    const isAboutQuery =
      !isSuccess(response) &&
      responseOf(foreignKeyOtherQuery)?.status === response.status &&
      responseOf(foreignKeyCase)?.status !== response.status;
    // An open order of input and permission is for the same key without the query to say.
    return isAboutQuery ? [] : findings.filter(({ state }) => state !== 'undecided');
  },
};

/**
 * API keys, "Key Permissions": reading and writing are scopes of their own. That a write scope does not include reading is
 * inferred from the sample sets, so a key that writes and is allowed to read deviates only.
 * A key with scopes of the resource and of others belongs here for the same reason: what it lacks is the verb.
 */
const separateScopes: Rule = {
  id: 'separate-scopes',
  level: 'MUST',
  title: 'a permission to read is none to write, and a permission to write is none to read',
  section: 'Permissions',
  since: '2026.11',
  source: { promise: 'write-not-read' },
  standards: { cwe: [863], owaspApi: ['API5'], asvs: ['8.2.1'], severity: 'high' },
  given: { cases: [siblingKeyCase, allButScopeKeyCase, withValidRequest(siblingKeyCase, siblingKey)] },
  comparedWith: withoutPermission,
  levelOn: ({ isSafe, scopePromise: { level } }) => (isSafe && level === 'MUST' ? 'SHOULD' : level),
  reasonNotApplicable: (_, { promises }) =>
    promises.some(({ id }) => id === 'write-not-read')
      ? undefined
      : 'the contract does not say that scopes of a resource are separate',
  expectations: PERMISSION_EXPECTATIONS,
  verify: (judged) => expectMissingPermission(judged, withoutPermission),
};

/** API keys, "Key Permissions": a key with the scope of the operation is enough for it. */
const sufficientScope: Rule = {
  id: 'sufficient-scope',
  level: 'MUST',
  title: "a key with exactly the operation's scope is not refused",
  section: 'Permissions',
  since: '2026.11',
  source: { promise: 'scopes' },
  standards: { cwe: [], owaspApi: [], asvs: ['8.2.1'], severity: 'none' },
  given: { cases: [scopedKey] },
  levelOn: ({ scopePromise }) => scopePromise.level,
  expectations: ['accepted'],
  verify: (judged) => [expectAccepted(judged, "the key with the operation's scope")],
};

const foreignKeyOnConnection: ControlledCase = {
  id: 'scoped-out-key-on-connection',
  kind: 'controlled',
  group: 'authorisation',
  title: "a key without the operation's scope, on a connection on which the full-access key was accepted",
  control: validKey,
  // A connection is kept or not whatever operation it is used for.
  reasonNotApplicable: (operation) => needsGet(operation) ?? needsScopes(operation),
  request: (builder) =>
    builder.build({
      key: foreignKey(builder),
      earlier: { request: builder.build({ key: builder.fullKey() }), sameConnection: true },
    }),
};

/**
 * A key has its own permissions, whoever used the connection before (RFC 9110 §3.7: HTTP is stateless). Proxies send the
 * requests of many clients over one connection.
 */
const connectionPermissions: Rule = {
  id: 'connection-permissions',
  level: 'MUST',
  title: 'a key has its own permissions on a connection on which another key was accepted',
  section: 'Permissions',
  since: '2026.11',
  source: { promise: 'insufficient-permission' },
  standards: { cwe: [488, 863], owaspApi: ['API5'], asvs: ['8.2.1', '8.3.3'], severity: 'high' },
  given: { cases: [foreignKeyOnConnection] },
  comparedWith: withoutPermission,
  levelOn: ({ scopePromise }) => scopePromise.level,
  expectations: ['status'],
  verify: (judged) =>
    expectMissingPermission(judged, withoutPermission).filter(({ expectation }) => expectation === 'status'),
  // The server ended the connection with its first response, so nothing can stay with the connection.
  verifyFault: ({ fault }) => (fault.kind === 'closed' ? [] : undefined),
};

export const permissionRules: readonly Rule[] = [
  insufficientScope,
  separateScopes,
  sufficientScope,
  connectionPermissions,
];
