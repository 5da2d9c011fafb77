import type {
  Api,
  DocumentedRefusal,
  DocumentedRefusalName,
  Environment,
  KeyKind,
  Operation,
  RateLimitHeaders,
} from '../types/api.ts';
import type { JsonObject } from '../types/json.ts';
import { isObject, listOf, objectOf, textsOf } from './json.ts';
import { lifecycleOf } from './lifecycle.ts';
import { operationsOf } from './operations.ts';
import { resolvedObject, withPlainReferences } from './references.ts';
import {
  alternativesOf,
  mostUsedScheme,
  needsCertificate,
  schemesInUse,
  schemesOf,
  scopesOf,
  unique,
} from './security.ts';

/**
 * Reads an OpenAPI document of version 3 with its extension `x-authentication`, as the specification and
 * schemas/authentication-extension.schema.json describe them.
 *
 * @param source a document whose references all point into itself
 * @param name what the variables of the mock begin with
 */
export function readApi(source: object, name: string): Api {
  const document = withPlainReferences(source as JsonObject);
  const extension = objectOf(document['x-authentication']);
  const schemes = schemesOf(document);
  const bare = operationsOf(document).map((operation) => ({
    ...operation,
    alternatives: alternativesOf(schemes, operation.security),
    needsCertificate: needsCertificate(schemes, operation.security),
  }));
  const mostUsed = mostUsedScheme(schemes, bare);
  const named = extension['equivalentSchemes'];
  const primarySchemes = named === undefined ? (mostUsed ? [mostUsed.name] : []) : textsOf(named);
  const operations = bare.map((operation) => ({ ...operation, scopes: scopesOf(operation.security, primarySchemes) }));
  const inUse = schemesInUse(schemes, operations).map((scheme) => scheme.name);
  const keyKinds = listOf(extension['keyKinds']) as readonly KeyKind[];
  const rateLimitHeaders = readRateLimitHeaders(extension['rateLimitHeaders']);
  const lifecycle = lifecycleOf(extension['lifecycle'], operations);
  return {
    name,
    title: titleOf(document),
    document,
    environments: environmentsOf(document, keyKinds),
    schemes,
    primarySchemes,
    acceptedSchemes: unique([...primarySchemes, ...inUse]).flatMap((one) => schemes[one] ?? []),
    scopes: extension['scopes'] === undefined ? allScopes(operations) : textsOf(extension['scopes']),
    keyKinds,
    refusals: refusalsOf(document, objectOf(extension['answers']), operations),
    ...(rateLimitHeaders && { rateLimitHeaders }),
    ...(lifecycle && { lifecycle }),
    operations,
  };
}

/** Some documents have none. */
function titleOf(document: JsonObject): string {
  const { title } = objectOf(document['info']);
  return typeof title === 'string' ? title : 'Untitled';
}

/** Three names of fields (RFC 9110 §5.1), or none. */
function readRateLimitHeaders(value: unknown): RateLimitHeaders | undefined {
  const { limit, remaining, reset } = objectOf(value);
  const areNames = [limit, remaining, reset].every(
    (name) => typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name),
  );
  return areNames ? (value as RateLimitHeaders) : undefined;
}

/** The environments that kinds of key are for. Without kinds there is one, the sandbox, at the first server. */
function environmentsOf(document: JsonObject, keyKinds: readonly KeyKind[]): readonly Environment[] {
  if (keyKinds.length === 0) return [environmentAt('sandbox', firstServer(document), '')];
  const first = new Map<string, KeyKind>();
  for (const kind of keyKinds) if (!first.has(kind.environment)) first.set(kind.environment, kind);
  return [...first.values()].map(({ environment, server, prefix }) => environmentAt(environment, server, prefix));
}

function environmentAt(name: string, server: string, keyPrefix: string): Environment {
  // A server's URL may be relative to where the document is (OpenAPI 3.1 §4.8.5).
  const url = URL.canParse(server, 'https://localhost')
    ? new URL(server, 'https://localhost')
    : new URL('https://localhost');
  return { name, keyPrefix, basePath: url.pathname.replace(/\/+$/, ''), host: url.host };
}

/** Variables have their defaults. A document without servers has one at `/` (OpenAPI 3.1 §4.8.1). */
function firstServer(document: JsonObject): string {
  const [server] = listOf(document['servers']);
  if (!isObject(server)) return '/';
  const variables = objectOf(server['variables']);
  return String(server['url']).replace(/\{([^}]+)\}/g, (whole, variable: string) => {
    const { default: value } = objectOf(variables[variable]);
    return typeof value === 'string' ? value : whole;
  });
}

function allScopes(operations: readonly Operation[]): readonly string[] {
  return unique(operations.flatMap(({ security }) => security.flatMap(({ scopes }) => Object.values(scopes).flat())));
}

/**
 * What the extension says of refusals. Where it says nothing of a bad key, the status is 401, or 403 in a document that
 * shows 403 and never 401; and 403 for a missing scope.
 */
function refusalsOf(document: JsonObject, described: JsonObject, operations: readonly Operation[]): Api['refusals'] {
  const isShown = (status: string): boolean => operations.some(({ responses }) => Object.hasOwn(responses, status));
  const badKey: DocumentedRefusal = { statuses: [!isShown('401') && isShown('403') ? 403 : 401] };
  const read = Object.entries(described).map(([name, value]): [string, DocumentedRefusal] => {
    const refusal = resolvedObject(document, value);
    const schema = refusal['schema'];
    return [name, { statuses: listOf(refusal['status']).map(Number), ...(isObject(schema) && { schema }) }];
  });
  const given: Partial<Record<DocumentedRefusalName, DocumentedRefusal>> = Object.fromEntries(read);
  return { missingKey: badKey, invalidKey: badKey, forbidden: { statuses: [403] }, ...given };
}
