import { presentableAlternatives, isBasic, reasonNotPresentable } from '../openapi/security.ts';
import type { Contract, Operation, SecurityScheme } from '../model/contract.ts';
import { joined, Secret, type Text } from '../secret.ts';
import type { HeaderLine } from '../model/request.ts';

/** One documented way to present a credential: an alternative of the operation's `security`. */
export interface SecurityAlternative {
  /** Name of its scheme in the contract, or of all its schemes joined by `+`. */
  readonly id: string;
  /** What is presented, all of it together. */
  readonly schemes: readonly SecurityScheme[];
  /** The scheme whose credential a case changes while the other credentials stay right; absent: nothing is presented. */
  readonly varied?: SecurityScheme;
  /** The alternative that this one was made from by taking one credential away or by varying another one. */
  readonly original?: SecurityAlternative;
}

/** What an alternative adds to a request. */
export interface Credentials {
  readonly headers: readonly HeaderLine[];
  /** `name=value` pairs of the query, not yet joined. */
  readonly query: readonly Text[];
  /** `name=value` pairs of the one Cookie header, not yet joined. */
  readonly cookies: readonly Text[];
}

export const NO_CREDENTIALS: Credentials = { headers: [], query: [], cookies: [] };

/** For an operation that the contract opens to everyone. */
export const ANONYMOUS: SecurityAlternative = { id: 'nobody', schemes: [] };

/** For an operation that a certificate of the client opens by itself: the connection presents it. */
export const CERTIFICATE: SecurityAlternative = { id: 'certificate', schemes: [] };

const known = new WeakMap<Contract, WeakMap<Operation, readonly SecurityAlternative[]>>();

/** The alternatives of an operation, the contract's primary one first; none where no credential can be presented to it. */
export function securityAlternativesOf(contract: Contract, operation: Operation): readonly SecurityAlternative[] {
  const byOperation = known.get(contract) ?? new WeakMap<Operation, readonly SecurityAlternative[]>();
  known.set(contract, byOperation);
  const alternatives = byOperation.get(operation) ?? readAlternatives(contract, operation);
  byOperation.set(operation, alternatives);
  return alternatives;
}

function readAlternatives(contract: Contract, operation: Operation): readonly SecurityAlternative[] {
  const names = contract.equivalentSchemes;
  const rank = ({ varied }: SecurityAlternative): number =>
    (names.indexOf(varied?.name ?? '') + names.length + 1) % (names.length + 1);
  return presentableAlternatives(contract, operation)
    .map((schemes) => alternativeOf(schemes, schemes.find(({ name }) => names.includes(name)) ?? schemes[0]))
    .toSorted((one, other) => rank(one) - rank(other));
}

function alternativeOf(schemes: readonly SecurityScheme[], varied: SecurityScheme | undefined): SecurityAlternative {
  return { id: schemes.map(({ name }) => name).join('+'), schemes, ...(varied && { varied }) };
}

/** Why an operation has no alternative that can be presented: `the contract declares the operation public`. */
export function reasonWithoutAlternative(contract: Contract, operation: Operation): string | undefined {
  return reasonNotPresentable(contract, operation);
}

/** Of an alternative that asks for several credentials at once: the alternative without each of them. */
export function withoutEach(alternative: SecurityAlternative): readonly SecurityAlternative[] {
  const { id, schemes, varied } = alternative;
  if (schemes.length < 2) return [];
  return schemes.map((missing): SecurityAlternative => {
    const rest = schemes.filter((scheme) => scheme !== missing);
    const nowVaried = varied === missing ? rest[0] : varied;
    return {
      id: `${id}-without-${missing.name}`,
      schemes: rest,
      ...(nowVaried && { varied: nowVaried }),
      original: alternative,
    };
  });
}

/** The alternative once for each credential beside the varied one, so that a case changes that credential instead. */
export function varyingEachCompanion(alternative: SecurityAlternative): readonly SecurityAlternative[] {
  const { id, schemes } = alternative;
  return schemes
    .filter((scheme) => scheme !== alternative.varied)
    .map((scheme): SecurityAlternative => ({
      id: `${id}-by-${scheme.name}`,
      schemes,
      varied: scheme,
      original: alternative,
    }));
}

/** Writes one credential where its scheme has its place. */
export function placeCredential(scheme: SecurityScheme, credential: Text): Credentials {
  const { type, in: where, parameter = '', word } = scheme;
  if (type !== 'apiKey')
    return { ...NO_CREDENTIALS, headers: [['Authorization', inAuthorization(scheme, credential)]] };
  if (where === 'query')
    return { ...NO_CREDENTIALS, query: [[`${encodeURIComponent(parameter)}=`, ...inQuery(credential)]] };
  if (where === 'cookie') return { ...NO_CREDENTIALS, cookies: [[`${parameter}=`, ...credential]] };
  return { ...NO_CREDENTIALS, headers: [[parameter, word === undefined ? credential : behind(word, credential)]] };
}

/** Several credentials in one request. */
export function combinedCredentials(all: readonly Credentials[]): Credentials {
  return {
    headers: all.flatMap(({ headers }) => headers),
    query: all.flatMap(({ query }) => query),
    cookies: all.flatMap(({ cookies }) => cookies),
  };
}

function inAuthorization(scheme: SecurityScheme, credential: Text): Text {
  if (!isBasic(scheme)) return behind('Bearer', credential);
  return behind('Basic', credential.join('') === '' ? [] : inBase64(credential));
}

/** A field value has no trailing blanks (RFC 9110 §5.5), so an empty credential is the bare word. */
function behind(word: string, credential: Text): Text {
  return credential.join('') === '' ? [word] : [`${word} `, ...credential];
}

/** RFC 7617 §2: user and password as one piece. */
function inBase64(credential: Text): Text {
  const whole = joined(credential);
  if (typeof whole === 'string') return [base64(whole)];
  return [whole.spelt(base64, (word) => `$(printf %s "${word}" | base64 -w0)`)];
}

/** As the value of a pair in a query or a form: a key may have characters that part pairs there. */
export function inQuery(credential: Text): Text {
  return credential.map((part) =>
    part instanceof Secret
      ? part.spelt(percentEncoded, (word) => `$(printf %s "${word}" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g')`)
      : percentEncoded(part),
  );
}

/** Of the bytes that a key is kept as: each character of it is one. */
function base64(value: string): string {
  return Buffer.from(value, 'latin1').toString('base64');
}

function percentEncoded(value: string): string {
  return value.replace(
    /[^\w.~-]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
