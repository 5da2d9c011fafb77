import type { Carrier, Operation, SecurityRequirement, SecurityScheme } from '../types/api.ts';
import type { JsonObject } from '../types/json.ts';
import { objectOf } from './json.ts';
import { resolvedObject } from './references.ts';

type Schemes = Readonly<Record<string, SecurityScheme>>;

/** `components.securitySchemes` by name, in the order of the document. */
export function schemesOf(document: JsonObject): Schemes {
  const described = objectOf(objectOf(document['x-authentication'])['schemes']);
  const components = resolvedObject(document, document['components']);
  return Object.fromEntries(
    Object.entries(resolvedObject(document, components['securitySchemes'])).map(([name, value]) => [
      name,
      schemeOf(name, resolvedObject(document, value), objectOf(described[name])['word']),
    ]),
  );
}

function schemeOf(name: string, value: JsonObject, word: unknown): SecurityScheme {
  const type = String(value['type']) as SecurityScheme['type'];
  if (type === 'apiKey') {
    const place = String(value['in']) as 'header' | 'query' | 'cookie';
    const behind = place === 'header' && typeof word === 'string' ? { word } : {};
    return { name, type, carrier: { in: place, name: String(value['name']), ...behind } };
  }
  if (type === 'http') {
    // A registered name without regard to case (OpenAPI 3.1 §4.8.27, RFC 9110 §11.1).
    const httpScheme = String(value['scheme']).toLowerCase();
    const isRead = httpScheme === 'basic' || httpScheme === 'bearer';
    return { name, type, httpScheme, ...(isRead && { carrier: { in: 'authorization', scheme: httpScheme } }) };
  }
  // Both end in an access token, which is sent as a bearer token (RFC 6750 §2.1).
  const isToken = type === 'oauth2' || type === 'openIdConnect';
  return { name, type, ...(isToken && { carrier: { in: 'authorization', scheme: 'bearer' } }) };
}

export function isBearer({ carrier }: SecurityScheme): boolean {
  return carrier?.in === 'authorization' && carrier.scheme === 'bearer';
}

export function isBasic({ carrier }: SecurityScheme): boolean {
  return carrier?.in === 'authorization' && carrier.scheme === 'basic';
}

/** Name of the header with the credential; undefined where it is in no header of its own. */
export function headerOf({ carrier }: SecurityScheme): string | undefined {
  if (carrier?.in === 'authorization') return 'Authorization';
  return carrier?.in === 'header' ? carrier.name : undefined;
}

/**
 * The alternatives of an operation that a request can satisfy, each a list of the schemes that have to be presented.
 * Schemes of bearer tokens share one token, so the first of them stands for all. An alternative is left out where its
 * schemes contradict each other, where the mock cannot read one, and where another alternative needs less.
 */
export function alternativesOf(
  schemes: Schemes,
  security: readonly SecurityRequirement[],
): readonly (readonly string[])[] {
  // Where each alternative asks for a certificate the connection has it; elsewhere none is asked for beside a key.
  const isAsked = needsCertificate(schemes, security);
  if (isAsked && opensByCertificate(schemes, security)) return [];
  const asked = (name: string): boolean => !isAsked || schemes[name]?.type !== 'mutualTLS';
  const all = security
    .map(({ scopes }) =>
      presentedTogether(
        Object.keys(scopes)
          .filter(asked)
          .map((name) => schemes[name]),
      ),
    )
    .filter((names) => names !== undefined);
  return all.filter((names, index) => {
    const needsMore = (other: readonly string[]): boolean => other.every((name) => names.includes(name));
    return !all.some((other, rank) => needsMore(other) && (other.length < names.length || rank < index));
  });
}

function presentedTogether(schemes: readonly (SecurityScheme | undefined)[]): readonly string[] | undefined {
  const byPlace = new Map<string, SecurityScheme>();
  for (const scheme of schemes) {
    if (!scheme?.carrier) return undefined;
    const place = placeOf(scheme.carrier);
    const rival = byPlace.get(place);
    if (!rival) byPlace.set(place, scheme);
    else if (!isBearer(rival) || !isBearer(scheme)) return undefined;
  }
  return byPlace.size === 0 ? undefined : [...byPlace.values()].map(({ name }) => name);
}

export function needsCertificate(schemes: Schemes, security: readonly SecurityRequirement[]): boolean {
  const asksForOne = ({ scopes }: SecurityRequirement): boolean =>
    Object.keys(scopes).some((name) => schemes[name]?.type === 'mutualTLS');
  return security.length > 0 && security.every(asksForOne);
}

export function opensByCertificate(schemes: Schemes, security: readonly SecurityRequirement[]): boolean {
  return security.some(({ scopes }) => {
    const names = Object.keys(scopes);
    return names.length > 0 && names.every((name) => schemes[name]?.type === 'mutualTLS');
  });
}

/** A request has one value in each place. Names of headers have no case. */
function placeOf(carrier: Carrier): string {
  if (carrier.in === 'authorization') return 'header authorization';
  return `${carrier.in} ${carrier.in === 'header' ? carrier.name.toLowerCase() : carrier.name}`;
}

/** The schemes that operations ask for, in the order of the document. */
export function schemesInUse(
  schemes: Schemes,
  operations: readonly Pick<Operation, 'alternatives'>[],
): readonly SecurityScheme[] {
  const asked = new Set(operations.flatMap(({ alternatives }) => alternatives.flat()));
  return Object.values(schemes).filter(({ name }) => asked.has(name));
}

/**
 * The scheme of the primary credential where the document does not name it: the one that most operations ask for. Of
 * several the first in the document, but one of basic authentication only where there is no other.
 */
export function mostUsedScheme(
  schemes: Schemes,
  operations: readonly Pick<Operation, 'alternatives'>[],
): SecurityScheme | undefined {
  const usesOf = ({ name }: SecurityScheme): number =>
    operations.filter(({ alternatives }) => alternatives.some((names) => names.includes(name))).length;
  const readable = Object.values(schemes).filter(({ carrier }) => carrier);
  const most = Math.max(...readable.map(usesOf));
  const used = readable.filter((scheme) => usesOf(scheme) === most);
  const plain = used.filter((scheme) => !isBasic(scheme));
  return plain.find(({ carrier }) => !isNamedId(carrier)) ?? plain[0] ?? used[0];
}

/** `X-App-Id` says whose the key is that stands beside it. */
function isNamedId(carrier: Carrier | undefined): boolean {
  const name = carrier && carrier.in !== 'authorization' ? carrier.name : '';
  return /(?:^|[-_])id$|[a-z]Id$/i.test(name);
}

/**
 * The scopes with which the primary credential opens an operation: of the alternatives that take it the shortest list.
 * Where no alternative takes it, the scopes of the first one.
 */
export function scopesOf(
  security: readonly SecurityRequirement[],
  primarySchemes: readonly string[],
): readonly string[] {
  const lists = security
    .filter(({ scopes }) => Object.keys(scopes).some((name) => primarySchemes.includes(name)))
    .map(({ scopes }) => unique(Object.values(scopes).flat()))
    .sort((one, other) => one.length - other.length);
  const [first] = security.filter(({ scopes }) => Object.keys(scopes).length > 0);
  return lists[0] ?? unique(Object.values(first?.scopes ?? {}).flat());
}

export function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
