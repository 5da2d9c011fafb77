import type { Contract, Operation } from '../../../src/model/contract.ts';
import { acceptedScopes } from '../../../src/openapi/security.ts';
import type { Applicability } from '../../../src/requests/case.ts';

export function hasScopes({ scopes }: Operation): Applicability {
  return scopes.length > 0 || 'the contract names no scope for the operation';
}

export function hasOtherEnvironment(_: Operation, { keyKinds }: Contract): Applicability {
  return keyKinds.length > 1 || 'the contract names one environment';
}

export function hasAddressLock(_: Operation, { refusals }: Contract): Applicability {
  return refusals.lockedOut !== undefined || 'the contract promises no key that is locked to addresses';
}

export function hasPathParameters({ parameters }: Operation): Applicability {
  return parameters.some((parameter) => parameter.in === 'path') || 'the path has no parameter';
}

export function hasBody({ body }: Operation): Applicability {
  return body !== undefined || 'the operation takes no body';
}

/** Scopes of the same resource that the operation does not ask for: `contacts:write` beside `contacts:read`. */
export function siblingScopes(operation: Operation, contract: Contract): readonly string[] {
  const enough = acceptedScopes(operation);
  const resources = new Set(operation.scopes.map((scope) => scope.split(':')[0]));
  return contract.scopes.filter((scope) => resources.has(scope.split(':')[0]) && !enough.includes(scope));
}

export function hasSiblingScope(operation: Operation, contract: Contract): Applicability {
  return siblingScopes(operation, contract).length > 0 || 'the contract names no other scope for the resource';
}

export function isRead({ method }: Operation): Applicability {
  return method === 'GET' || 'the operation is no GET';
}
