import { remembered } from '../../src/fields/remembered.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { acceptedScopes, allowsAnonymous, isInAuthorization } from '../../src/openapi/security.ts';
import type { SecurityAlternative } from '../../src/requests/security-alternative.ts';
import { partsOf } from './scope-parts.ts';

/*
 * Why a case makes no sense on an operation or in a security alternative. Each function returns the reason, or undefined
 * where the case makes sense.
 */

export function needsScopes({ scopes }: Operation): string | undefined {
  return scopes.length > 0 ? undefined : 'the contract names no scope for the operation';
}

export function needsSiblingScope(operation: Operation, contract: Contract): string | undefined {
  const hasSibling = siblingScopes(operation, contract).length > 0;
  return hasSibling ? undefined : 'the contract names no other scope for the resource';
}

export function needsSameVerbScope(operation: Operation, contract: Contract): string | undefined {
  const isThere = sameVerbScopes(operation, contract).length > 0;
  return (
    needsScopes(operation) ??
    (isThere ? undefined : 'the contract names no scope of the same verb for another resource')
  );
}

export function needsOtherEnvironment(_: Operation, { keyKinds }: Contract): string | undefined {
  return keyKinds.length > 1 ? undefined : 'the contract names one environment';
}

export function needsPathParameter({ parameters }: Operation): string | undefined {
  return parameters.some((parameter) => parameter.in === 'path') ? undefined : 'the path has no parameter';
}

export function needsBody({ body }: Operation): string | undefined {
  return body ? undefined : 'the operation takes no body';
}

export function needsGet({ method }: Operation): string | undefined {
  return method === 'GET' ? undefined : 'the operation is no GET';
}

/**
 * Of a case about the server rather than the operation: it is sent to one operation that reads and to one that writes. The
 * first is a list where there is one, since an id may be unknown to the target; the second has an id where there is one,
 * since nothing has a made-up id.
 */
export function needsRepresentative(operation: Operation, contract: Contract): string | undefined {
  const { reading, writing } = representativesOf(contract);
  return operation === reading || operation === writing ? undefined : SHOWN_ELSEWHERE;
}

/** The same for one operation that reads, where even one that writes would show nothing more. */
export function needsReadingRepresentative(operation: Operation, contract: Contract): string | undefined {
  return operation === representativesOf(contract).reading ? undefined : SHOWN_ELSEWHERE;
}

const SHOWN_ELSEWHERE = 'it concerns the whole server, and is asked on another operation';

interface Representatives {
  readonly reading?: Operation;
  readonly writing?: Operation;
}

const representativesOf = remembered(({ operations }: Contract): Representatives => {
  const guarded = operations.filter((one) => !allowsAnonymous(one));
  const hasId = (one: Operation): boolean => needsPathParameter(one) === undefined;
  const first = (some: readonly Operation[], isPreferred: (one: Operation) => boolean): Operation | undefined =>
    some.find(isPreferred) ?? some[0];
  const reading = first(
    guarded.filter((one) => needsGet(one) === undefined),
    (one) => !hasId(one),
  );
  const writing = first(
    guarded.filter((one) => !one.isSafe),
    hasId,
  );
  return { ...(reading && { reading }), ...(writing && { writing }) };
});

/** A header that presents some credential of the alternative. */
export function needsHeader({ id, schemes }: SecurityAlternative): string | undefined {
  const isInHeader = schemes.some((scheme) => scheme.in === 'header' || scheme.type !== 'apiKey');
  return isInHeader ? undefined : `${id} is presented in no header`;
}

/** A header that presents the key itself, whatever stands beside it. */
export function needsKeyInHeader({ id, varied }: SecurityAlternative): string | undefined {
  return varied?.in === 'header' || varied?.type !== 'apiKey' ? undefined : `the key of ${id} is in no header`;
}

/** A word of RFC 9110 §11.1 in front of the credential, such as Bearer. */
export function needsAuthenticationScheme({ id, schemes }: SecurityAlternative): string | undefined {
  const hasScheme = schemes.some(
    (scheme) => scheme.type !== 'apiKey' || (isInAuthorization(scheme) && scheme.word !== undefined),
  );
  return hasScheme ? undefined : `${id} is presented without an authentication scheme`;
}

export function needsSeveralCredentials({ id, schemes }: SecurityAlternative): string | undefined {
  return schemes.length > 1 ? undefined : `${id} is a credential by itself`;
}

/** Scopes of the same resource that the operation does not ask for: `contacts:write` beside `contacts:read`. */
export function siblingScopes(operation: Operation, contract: Contract): readonly string[] {
  const enough = acceptedScopes(operation);
  const resources = new Set(operation.scopes.map((scope) => partsOf(scope).resource));
  return contract.scopes.filter((scope) => resources.has(partsOf(scope).resource) && !enough.includes(scope));
}

/** Scopes of other resources with the verb of the operation's: `conversations:read` beside `contacts:read`. */
export function sameVerbScopes(operation: Operation, contract: Contract): readonly string[] {
  const verbs = new Set(operation.scopes.flatMap((scope) => partsOf(scope).verb ?? []));
  const near = [...acceptedScopes(operation), ...siblingScopes(operation, contract)];
  return contract.scopes.filter((scope) => verbs.has(partsOf(scope).verb ?? '') && !near.includes(scope));
}
