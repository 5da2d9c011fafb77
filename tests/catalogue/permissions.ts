import { expectAccepted, isSuccess } from '../../src/judging/expectations.ts';
import { expectMissingPermission, PERMISSION_EXPECTATIONS } from '../../src/judging/permission.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { ControlledCase, OnDemandCase } from '../../src/requests/case.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import type { Secret, Text } from '../../src/secret.ts';
import { needsScopes, needsSiblingScope } from './conditions.ts';
import { foreignKey, scopelessKey, siblingKey } from './scoped-keys.ts';
import { scopedKey, validKey } from './shared-cases.ts';

/** A case that sends a valid key without the operation's scope. */
function withoutScope(
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
  'scoped-out-key',
  "a key without the operation's scope, made for another resource",
  foreignKey,
  needsScopes,
);

const scopelessKeyCase: ControlledCase = {
  id: 'scopeless-key',
  kind: 'controlled',
  group: 'authorisation',
  title: 'a key without any scope',
  control: validKey,
  reasonNotApplicable: needsScopes,
  request: (builder) => builder.build({ key: scopelessKey(builder) }),
};

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
  'sibling-scope-key',
  "a key with the resource's other scope only",
  siblingKey,
  needsSiblingScope,
);

/** Keys without permission, of which one may show that the server looks at the permission before the input. */
const withoutPermission = [foreignKeyCase, siblingKeyCase];

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
  source: { promise: 'insufficient-permission' },
  given: { cases: [foreignKeyCase, scopelessKeyCase, foreignKeyDryRun, withValidRequest(foreignKeyCase, foreignKey)] },
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
 */
const separateScopes: Rule = {
  id: 'separate-scopes',
  level: 'MUST',
  title: 'a permission to read is none to write, and a permission to write is none to read',
  section: 'Permissions',
  source: { promise: 'write-not-read' },
  given: { cases: [siblingKeyCase, withValidRequest(siblingKeyCase, siblingKey)] },
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
  source: { promise: 'scopes' },
  given: { cases: [scopedKey] },
  levelOn: ({ scopePromise }) => scopePromise.level,
  expectations: ['accepted'],
  verify: (judged) => [expectAccepted(judged, "the key with the operation's scope")],
};

export const permissionRules: readonly Rule[] = [insufficientScope, separateScopes, sufficientScope];
