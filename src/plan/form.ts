import type { Contract, Operation, SecurityRequirement, SecurityScheme } from '../contract/contract.ts';
import type { Text } from '../target/secret.ts';
import type { HeaderLine } from './request.ts';

/** One documented way to present a credential: an alternative of the operation's `security`. */
export interface Form {
  /** Name of its scheme in the contract, or of all its schemes joined by `+`. */
  readonly id: string;
  readonly schemes: readonly SecurityScheme[];
}

/** What a form adds to a request. */
export interface Credentials {
  readonly headers: readonly HeaderLine[];
  /** `name=value` pairs of the query, not yet joined. */
  readonly query: readonly Text[];
}

/** The forms that an operation takes, the contract's primary one first. */
export function formsOf(contract: Contract, operation: Operation): readonly Form[] {
  const forms = operation.security
    .filter(({ schemes }) => schemes.length > 0)
    .map((requirement) => formOf(contract, requirement));
  const rank = ({ id }: Form): number =>
    (contract.equivalentSchemes.indexOf(id) + contract.equivalentSchemes.length + 1) %
    (contract.equivalentSchemes.length + 1);
  return forms.toSorted((a, b) => rank(a) - rank(b));
}

function formOf(contract: Contract, { schemes }: SecurityRequirement): Form {
  const found = schemes.map(({ name }) => contract.schemes[name]).filter((scheme) => scheme !== undefined);
  return { id: found.map(({ name }) => name).join('+'), schemes: found };
}

/** Puts one credential into every place that the form names. */
export function present(form: Form, credential: Text): Credentials {
  const headers: HeaderLine[] = [];
  const query: Text[] = [];
  for (const scheme of form.schemes) {
    if (scheme.type === 'apiKey' && scheme.in === 'query') query.push([`${scheme.parameter}=`, ...credential]);
    else if (scheme.type === 'apiKey' && scheme.in === 'cookie')
      headers.push(['Cookie', [`${scheme.parameter}=`, ...credential]]);
    else headers.push(headerOf(scheme, credential));
  }
  return { headers, query };
}

function headerOf(scheme: SecurityScheme, credential: Text): HeaderLine {
  if (scheme.type === 'apiKey') return [scheme.parameter ?? '', credential];
  const word = scheme.type === 'http' ? (scheme.scheme ?? 'bearer') : 'bearer';
  const name = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  // A field value has no trailing blanks (RFC 9110 §5.5), so an empty credential is the bare scheme.
  return ['Authorization', credential.join('') === '' ? [name] : [`${name} `, ...credential]];
}
