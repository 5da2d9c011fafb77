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
  /** The scheme whose credential a case changes, the others being as they are to be; absent: nothing is presented. */
  readonly varied?: SecurityScheme;
  /** The form that this one is made from by taking one credential away or making it up. */
  readonly original?: SecurityAlternative;
}

/** What a form adds to a request. */
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

const known = new WeakMap<Contract, WeakMap<Operation, readonly SecurityAlternative[]>>();

/** The forms that an operation takes, the contract's primary one first; none where it cannot be asked with a credential. */
export function securityAlternativesOf(contract: Contract, operation: Operation): readonly SecurityAlternative[] {
  const byOperation = known.get(contract) ?? new WeakMap<Operation, readonly SecurityAlternative[]>();
  known.set(contract, byOperation);
  const forms = byOperation.get(operation) ?? readForms(contract, operation);
  byOperation.set(operation, forms);
  return forms;
}

function readForms(contract: Contract, operation: Operation): readonly SecurityAlternative[] {
  const names = contract.equivalentSchemes;
  const rank = ({ varied }: SecurityAlternative): number =>
    (names.indexOf(varied?.name ?? '') + names.length + 1) % (names.length + 1);
  return presentableAlternatives(contract, operation)
    .map((schemes) => formOf(schemes, schemes.find(({ name }) => names.includes(name)) ?? schemes[0]))
    .toSorted((one, other) => rank(one) - rank(other));
}

function formOf(schemes: readonly SecurityScheme[], varied: SecurityScheme | undefined): SecurityAlternative {
  return { id: schemes.map(({ name }) => name).join('+'), schemes, ...(varied && { varied }) };
}

/** Why an operation takes no form that can be presented. */
export function whyNoForm(contract: Contract, operation: Operation): string | undefined {
  return reasonNotPresentable(contract, operation);
}

/** Of a form that asks for several credentials at once: the form without each of them. */
export function withoutEach(form: SecurityAlternative): readonly SecurityAlternative[] {
  if (form.schemes.length < 2) return [];
  return form.schemes.map((missing) => {
    const rest = form.schemes.filter((scheme) => scheme !== missing);
    const lead = form.varied !== missing ? form.varied : rest[0];
    return { id: `${form.id}-without-${missing.name}`, schemes: rest, ...(lead && { lead }), whole: form };
  });
}

/** The form with each credential beside the lead one in the lead's place, so that a case changes that one. */
export function varyingEachCompanion(form: SecurityAlternative): readonly SecurityAlternative[] {
  return form.schemes
    .filter((scheme) => scheme !== form.varied)
    .map((scheme) => ({ id: `${form.id}-by-${scheme.name}`, schemes: form.schemes, lead: scheme, whole: form }));
}

/** Writes one credential where its scheme has its place. */
export function placeCredential(scheme: SecurityScheme, credential: Text): Credentials {
  const { type, in: where, parameter = '' } = scheme;
  if (type !== 'apiKey')
    return { ...NO_CREDENTIALS, headers: [['Authorization', inAuthorization(scheme, credential)]] };
  if (where === 'query')
    return { ...NO_CREDENTIALS, query: [[`${encodeURIComponent(parameter)}=`, ...inQuery(credential)]] };
  if (where === 'cookie') return { ...NO_CREDENTIALS, cookies: [[`${parameter}=`, ...credential]] };
  return { ...NO_CREDENTIALS, headers: [[parameter, credential]] };
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
  const word = isBasic(scheme) ? 'Basic' : 'Bearer';
  // A field value has no trailing blanks (RFC 9110 §5.5), so an empty credential is the bare scheme.
  if (credential.join('') === '') return [word];
  return [`${word} `, ...(isBasic(scheme) ? inBase64(credential) : credential)];
}

/** RFC 7617 §2: user and password as one piece. */
function inBase64(credential: Text): Text {
  const whole = joined(credential);
  if (typeof whole === 'string') return [base64(whole)];
  return [whole.spelt(base64, (word) => `$(printf %s "${word}" | base64 -w0)`)];
}

function inQuery(credential: Text): Text {
  return credential.map((part) =>
    part instanceof Secret
      ? part.spelt(percentEncoded, (word) => `$(printf %s "${word}" | jq -sRr @uri)`)
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
