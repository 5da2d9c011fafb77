import type { Contract } from '../model/contract.ts';
import type { Landmarks } from '../model/exchange.ts';
import type { HeaderLine, PlannedRequest } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import { allowsAnonymous, isOpenedByCertificate } from '../openapi/security.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { NotSent } from '../requests/not-sent.ts';
import { OperationSamples } from '../requests/operation-samples.ts';
import { RequestBuilder } from '../requests/request-builder.ts';
import { type Credentials, NO_CREDENTIALS, securityAlternativesOf } from '../requests/security-alternative.ts';
import type { Text } from '../secret.ts';

export type Landmark = keyof Landmarks;

/** A last segment that no API has. */
const UNKNOWN = 'conformance-landmark';

const ACCEPT: HeaderLine = ['Accept', ['application/json']];

/** What is asked once a run, so that each response can be attributed to who wrote it. All of it is read-only. */
export function landmarkRequests(
  contract: Contract,
  target: Target,
  schemas: SchemaValidators,
): ReadonlyMap<Landmark, PlannedRequest> {
  const base = new URL(target.baseUrl).pathname.replace(/\/$/, '');
  const credentials = fullAccess(contract, target, schemas);
  const requests = new Map<Landmark, PlannedRequest>();
  // Without an operation that takes a key there is nothing that the landmarks would be held against.
  if (!credentials) return requests;
  const get = (path: string, { headers, query, cookies }: Credentials, more: readonly HeaderLine[] = []) => ({
    ...{ via: 'base' as const, method: 'GET', inert: true },
    target: query.reduce<Text>((target, pair, index) => [...target, index === 0 ? '?' : '&', ...pair], [path]),
    headers: [
      ACCEPT,
      ...headers,
      ...(cookies.length > 0 ? [cookieLine(cookies)] : []),
      ...more,
    ] satisfies readonly HeaderLine[],
  });
  requests.set('unknownPathWithKey', get(`${base}/${UNKNOWN}`, credentials));
  requests.set('unknownPath', get(`${base}/${UNKNOWN}`, NO_CREDENTIALS));
  if (base !== '') requests.set('unknownPathAtRoot', get(`/${UNKNOWN}`, NO_CREDENTIALS));
  // RFC 9112 §5.1: a server refuses a field line with white space before its colon.
  requests.set('malformed', get(`${base}/${UNKNOWN}`, NO_CREDENTIALS, [['X-Conformance-Landmark ', ['1']]]));
  return requests;
}

/** One line for all of them (RFC 6265 §5.4). */
function cookieLine(cookies: Credentials['cookies']): HeaderLine {
  return ['Cookie', cookies.flatMap((pair, index): Text => (index === 0 ? pair : ['; ', ...pair]))];
}

/** Everything that presents the full-access key, as the first operation takes it on which it may be sent. */
function fullAccess(contract: Contract, target: Target, schemas: SchemaValidators): Credentials | undefined {
  const secured = contract.operations.filter((operation) => !allowsAnonymous(operation));
  for (const operation of [...secured].sort((one, other) => Number(other.isSafe) - Number(one.isSafe))) {
    const [alternative] = securityAlternativesOf(contract, operation);
    if (!alternative) continue;
    const samples = new OperationSamples(target);
    const builder = new RequestBuilder(contract, operation, target, alternative, schemas, samples);
    try {
      return builder.credentialsFor(builder.fullKey());
    } catch (error) {
      if (!(error instanceof NotSent)) throw error;
    }
  }
  // What the certificate opens by itself is held against what the certificate gets.
  return secured.some((operation) => isOpenedByCertificate(contract, operation)) ? NO_CREDENTIALS : undefined;
}
