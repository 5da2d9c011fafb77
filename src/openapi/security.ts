import { isToken } from '../fields/field-parser.ts';
import { remembered } from '../fields/remembered.ts';
import type { Contract, Operation, SecurityRequirement, SecurityScheme } from '../model/contract.ts';

type SecuritySchemes = Pick<Contract, 'schemes' | 'presentsCertificate'>;

/** Where a request carries the credential of a scheme, such as `header x-key`; it carries one credential in each location. */
function locationOf({ type, in: location, parameter = '' }: SecurityScheme): string {
  if (type !== 'apiKey') return 'header authorization';
  return `${location} ${location === 'header' ? parameter.toLowerCase() : parameter}`;
}

/** OAuth and OpenID Connect say how a client obtains a token; a request carries it as a bearer token (RFC 6750 §2.1). */
export function isBearer({ type, scheme }: SecurityScheme): boolean {
  return type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && scheme === 'bearer');
}

export function isBasic({ type, scheme }: SecurityScheme): boolean {
  return type === 'http' && scheme === 'basic';
}

/** A key that is all of the header Authorization, but for a word that the contract may name. */
export function isInAuthorization({ type, in: place, parameter }: SecurityScheme): boolean {
  return type === 'apiKey' && place === 'header' && parameter?.toLowerCase() === 'authorization';
}

/** Why no request of this suite can carry a credential of the scheme; undefined: one can. */
export function reasonNotSupported(scheme: SecurityScheme): string | undefined {
  const { name, type, scheme: httpScheme } = scheme;
  if (type === 'mutualTLS') return `${name} is a certificate of the client (mutualTLS), and the settings name none`;
  if (type === 'apiKey' && scheme.in === 'header' && !isToken(scheme.parameter ?? ''))
    return `${name} is a key in the header "${scheme.parameter}", which is no field name: ${nameRepair(scheme)}`;
  if (type === 'apiKey' && scheme.in === 'cookie' && !isToken(scheme.parameter ?? ''))
    return `${name} is a key in the cookie "${scheme.parameter}", which is no name of a cookie: give the name alone`;
  if (type === 'apiKey' || isBearer(scheme) || isBasic(scheme)) return undefined;
  return `${name} is the HTTP scheme ${httpScheme}, and this suite presents bearer and basic only`;
}

/** What the author of a header name with more than a name in it has meant (RFC 9110 §5.1). */
function nameRepair({ parameter = '' }: SecurityScheme): string {
  const [, field = '', word = ''] = /^([^\s:]*)\s*:?\s*(\S*)/.exec(parameter) ?? [];
  const scheme = word.toLowerCase();
  if (field.toLowerCase() === 'authorization' && (scheme === 'bearer' || scheme === 'basic')) {
    // Swagger 2.0 has no type http.
    const inSwagger = scheme === 'bearer' ? 'as a key in the header Authorization' : 'with type basic';
    return `describe it with type http and scheme ${scheme}, in Swagger 2.0 ${inSwagger}`;
  }
  return `give the name alone${isToken(field) ? `, ${field}` : ''}`;
}

/** A certificate is presented by the connection, whatever stands in the request. */
function isCertificate({ type }: SecurityScheme): boolean {
  return type === 'mutualTLS';
}

/** Whether the operation asks for a certificate of the client, whichever of its security requirements a request satisfies. */
export function needsCertificate({ schemes }: SecuritySchemes, { security }: Operation): boolean {
  const asksForOne = (requirement: SecurityRequirement): boolean =>
    requirement.schemes.some(({ name }) => schemes[name] && isCertificate(schemes[name]));
  return security.length > 0 && security.every(asksForOne);
}

/** Whether a certificate of the client opens the operation by itself. */
function opensWithCertificate({ schemes }: SecuritySchemes, { security }: Operation): boolean {
  return security.some(
    (requirement) =>
      requirement.schemes.length > 0 &&
      requirement.schemes.every(({ name }) => schemes[name] && isCertificate(schemes[name])),
  );
}

/** Whether the certificate that the run presents opens the operation by itself, so that the certificate is judged there. */
export function isOpenedByCertificate(contract: SecuritySchemes, operation: Operation): boolean {
  return (
    contract.presentsCertificate === true &&
    operation.ownServer === undefined &&
    opensWithCertificate(contract, operation)
  );
}

/** Whether a credential opens the operation without the certificate of the client too. */
export function opensWithoutCertificate({ schemes }: SecuritySchemes, operation: Operation): boolean {
  return presentableAlternatives({ schemes }, operation).length > 0;
}

const CERTIFICATE_ENOUGH =
  'a certificate of the client is enough there, and this run presents one, so the certificate is judged and no key';

/** Why no request of this suite can satisfy the security requirement; undefined: one can. */
function reasonNotSatisfiable(
  { schemes, presentsCertificate }: SecuritySchemes,
  { schemes: required }: SecurityRequirement,
): string | undefined {
  const unknown = required.find(({ name }) => !Object.hasOwn(schemes, name));
  if (unknown) return `${unknown.name} is no scheme that the document describes`;
  const found = required
    .flatMap(({ name }) => schemes[name] ?? [])
    .filter((scheme) => !presentsCertificate || !isCertificate(scheme));
  const reason = found.map(reasonNotSupported).find((one) => one !== undefined);
  if (reason !== undefined) return reason;
  const [one, other] = found.flatMap((scheme) => {
    const excludes = found.some((another) => another !== scheme && excludeEachOther(scheme, another));
    return excludes ? [scheme] : [];
  });
  if (!one || !other) return undefined;
  return `${one.name} and ${other.name} are asked for together and both belong in ${locationOf(one)}, which a request has once`;
}

/** Both in one location; but one token satisfies two schemes that are only two ways to obtain it. */
function excludeEachOther(one: SecurityScheme, other: SecurityScheme): boolean {
  return locationOf(one) === locationOf(other) && !(isBearer(one) && isBearer(other));
}

/**
 * The schemes of each security requirement that a request can satisfy, one for each location. None is there twice. One that
 * requires all that another requires and more is left out, because the other accepts a request without the rest.
 */
export function presentableAlternatives(
  contract: SecuritySchemes,
  operation: Operation,
): readonly (readonly SecurityScheme[])[] {
  if (operation.ownServer !== undefined) return [];
  const found = new Map<string, readonly SecurityScheme[]>();
  // Where the certificate is enough, nothing is refused for its key.
  if (isOpenedByCertificate(contract, operation)) return [];
  for (const requirement of operation.security) {
    if (requirement.schemes.length === 0 || reasonNotSatisfiable(contract, requirement) !== undefined) continue;
    const all = requirement.schemes
      .flatMap(({ name }) => contract.schemes[name] ?? [])
      .filter((scheme) => !isCertificate(scheme));
    const schemes = all.filter(
      (scheme, index) => all.findIndex((one) => locationOf(one) === locationOf(scheme)) === index,
    );
    const id = schemes
      .map(({ name }) => name)
      .toSorted()
      .join('+');
    if (!found.has(id)) found.set(id, schemes);
  }
  const all = [...found.values()];
  return all.filter(
    (schemes) => !all.some((other) => other !== schemes && other.every((one) => schemes.includes(one))),
  );
}

/** No security requirement of the operation has a scheme: it never asks for a credential. */
export function isPublic({ security }: Operation): boolean {
  return security.every(({ schemes }) => schemes.length === 0);
}

/** OpenAPI: anonymous access is allowed by `security: []` or by an empty requirement `{}`. To say nothing promises nothing. */
export function allowsAnonymous({ security, isSecurityUnstated }: Operation): boolean {
  return !isSecurityUnstated && (security.length === 0 || security.some(({ schemes }) => schemes.length === 0));
}

function reasonElsewhere(server: string): string {
  return `the operation is on a server of its own, ${server}, and a run has one base URL`;
}

const UNSTATED = 'the contract does not say whether the operation asks for a credential';

/** Why the contract does not allow anonymous access to the operation; undefined: it does. */
export function reasonNotAnonymous(operation: Operation): string | undefined {
  if (operation.ownServer !== undefined) return reasonElsewhere(operation.ownServer);
  if (allowsAnonymous(operation)) return undefined;
  return operation.isSecurityUnstated ? UNSTATED : 'the contract asks for a credential';
}

/** Why no request can present a credential to the operation, in a sentence without its end; undefined: one can. */
export function reasonNotPresentable(contract: SecuritySchemes, operation: Operation): string | undefined {
  if (operation.ownServer !== undefined) return reasonElsewhere(operation.ownServer);
  if (operation.isSecurityUnstated) return UNSTATED;
  if (isPublic(operation)) return 'the contract declares the operation public';
  if (presentableAlternatives(contract, operation).length > 0) return undefined;
  if (isOpenedByCertificate(contract, operation)) return CERTIFICATE_ENOUGH;
  return [
    ...new Set(operation.security.flatMap((requirement) => reasonNotSatisfiable(contract, requirement) ?? [])),
  ].join('; ');
}

/** Every scope that some security requirement of the operation lists: a key with one of them may be enough. */
export function acceptedScopes({ security }: Operation): readonly string[] {
  return [...new Set(security.flatMap(({ schemes }) => schemes.flatMap(({ scopes }) => scopes)))];
}

/** The schemes that operations require and that a request can present, in the order of the document. */
export const schemesInUse = remembered(
  (contract: SecuritySchemes & Pick<Contract, 'operations'>): readonly SecurityScheme[] => {
    const required = new Set(
      contract.operations.flatMap((operation) =>
        presentableAlternatives(contract, operation).flatMap((schemes) => schemes),
      ),
    );
    return Object.values(contract.schemes).filter((scheme) => required.has(scheme));
  },
);
