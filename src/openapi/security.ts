import type { Contract, Operation, SecurityRequirement, SecurityScheme } from '../model/contract.ts';

type Known = Pick<Contract, 'schemes'>;

/** Where a scheme puts its credential: two schemes with the same place cannot both be in one request. */
function placeOf({ type, in: where, parameter = '' }: SecurityScheme): string {
  if (type !== 'apiKey') return 'header authorization';
  return `${where} ${where === 'header' ? parameter.toLowerCase() : parameter}`;
}

/** OAuth and OpenID Connect are about how a token is come by; in a request it is a bearer token (RFC 6750 §2.1). */
export function isBearer({ type, scheme }: SecurityScheme): boolean {
  return type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && scheme === 'bearer');
}

export function isBasic({ type, scheme }: SecurityScheme): boolean {
  return type === 'http' && scheme === 'basic';
}

/** Why no credential that a user can give presents the scheme; undefined: one does. */
export function reasonUnsupported(scheme: SecurityScheme): string | undefined {
  const { name, type, scheme: word } = scheme;
  if (type === 'mutualTLS')
    return `${name} is a certificate of the client (mutualTLS), which this suite does not present`;
  if (type === 'apiKey' || isBearer(scheme) || isBasic(scheme)) return undefined;
  return `${name} is the HTTP scheme ${word}, and this suite presents bearer and basic only`;
}

/** Why an alternative cannot be presented as a whole. */
function fault({ schemes }: Known, { schemes: asked }: SecurityRequirement): string | undefined {
  const found = asked.flatMap(({ name }) => schemes[name] ?? []);
  const reason = found.map(reasonUnsupported).find((why) => why !== undefined);
  if (reason !== undefined) return reason;
  const [one, other] = found.flatMap((scheme) => {
    const rival = found.find((candidate) => candidate !== scheme && isRival(scheme, candidate));
    return rival ? [scheme] : [];
  });
  if (!one || !other) return undefined;
  return `${one.name} and ${other.name} are asked for together and both belong in ${placeOf(one)}, which a request has once`;
}

/** One token answers two schemes that are only two ways to come by it. */
function isRival(one: SecurityScheme, other: SecurityScheme): boolean {
  return placeOf(one) === placeOf(other) && !(isBearer(one) && isBearer(other));
}

/**
 * The schemes of each alternative that can be presented, one for each place in a request. None is there twice, nor one
 * that asks for all that another asks for and more: who leaves the rest out is let in by the other.
 */
export function presentableAlternatives(
  contract: Known,
  { security }: Operation,
): readonly (readonly SecurityScheme[])[] {
  const found = new Map<string, readonly SecurityScheme[]>();
  for (const requirement of security) {
    if (requirement.schemes.length === 0 || fault(contract, requirement) !== undefined) continue;
    const all = requirement.schemes.flatMap(({ name }) => contract.schemes[name] ?? []);
    const schemes = all.filter((scheme, index) => all.findIndex((one) => placeOf(one) === placeOf(scheme)) === index);
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

/** The contract asks nobody for a credential there. */
export function isPublic({ security }: Operation): boolean {
  return security.every(({ schemes }) => schemes.length === 0);
}

/** The contract lets anyone in there, with or without a credential; one that says nothing promises nothing. */
export function allowsAnonymous({ security, isSecurityUnstated }: Operation): boolean {
  return !isSecurityUnstated && (security.length === 0 || security.some(({ schemes }) => schemes.length === 0));
}

const SILENT = 'the contract does not say whether the operation asks for a credential';

/** Why an operation is none that the contract opens. */
export function reasonNotAnonymous({ isSecurityUnstated }: Operation): string {
  return isSecurityUnstated ? SILENT : 'the contract asks for a credential';
}

/** Why an operation cannot be asked with a credential, in a sentence without its end; undefined: it can. */
export function reasonNotPresentable(contract: Known, operation: Operation): string | undefined {
  if (operation.isSecurityUnstated) return SILENT;
  if (isPublic(operation)) return 'the contract declares the operation public';
  if (presentableAlternatives(contract, operation).length > 0) return undefined;
  return [...new Set(operation.security.flatMap((requirement) => fault(contract, requirement) ?? []))].join('; ');
}

/** Every scope that some alternative of the operation asks for: a key with one of them may be enough. */
export function acceptedScopes({ security }: Operation): readonly string[] {
  return [...new Set(security.flatMap(({ schemes }) => schemes.flatMap(({ scopes }) => scopes)))];
}

/** The schemes that operations ask for and that can be presented, in the order of the document. */
export function schemesInUse(contract: Known & Pick<Contract, 'operations'>): readonly SecurityScheme[] {
  const asked = new Set(
    contract.operations.flatMap((operation) =>
      presentableAlternatives(contract, operation).flatMap((schemes) => schemes),
    ),
  );
  return Object.values(contract.schemes).filter((scheme) => asked.has(scheme));
}
