import type { Contract } from '../model/contract.ts';
import type { Keys, VariableNames } from '../model/target.ts';
import { parametersBesidePath, placeOfParameter } from '../openapi/required-parameters.ts';
import { holdsGiven } from './made-up-keys.ts';
import { list, type Variables } from './variables.ts';

/** Names of headers, cookies and query parameters in which credentials are sent, with or without a scheme for them. */
const NAME_OF_A_CREDENTIAL =
  /^(?:(?:proxy-)?authorization|cookie|token|password|secret|session(?:id)?|(?:x[-_])?(?:\w+[-_])?(?:api[-_]?(?:key|token|secret)|(?:auth|access|session)[-_]?(?:key|token|id)|secret|password))$/i;

/** RFC 9110 §11.4: an authentication scheme and a credential behind it. */
const CREDENTIALS = /^(?:basic|bearer|digest|token|apikey|api-key)\s+\S/i;

/**
 * Values of parameters in a header, the query or a cookie: `X-Tenant=acme;region=eu`, each by the name that the contract has.
 * A value may hold anything but a semicolon. They stand open in reports, so none may be a credential.
 *
 * @returns by place and name: `header x-tenant`
 */
export function readParameterValues(
  contract: Contract,
  variables: Variables,
  keys: Keys | undefined,
  names: Pick<VariableNames, 'parameterValues' | 'apiKey'>,
  problems: string[],
): Record<string, string> {
  const { parameterValues: name } = names;
  const known = parametersBesidePath(contract);
  const found = list(variables[name], ';').flatMap((entry, index) => {
    const refuse = (why: string): [] => {
      problems.push(`${name}, entry ${index + 1}, ${why}`);
      return [];
    };
    const [parameter = '', value = ''] = entry.split(/=(.*)/s).map((part) => part.trim());
    if (parameter === '' || value === '')
      return refuse('is not of the form name=value: write several joined by ;, such as X-Tenant=acme;region=eu.');
    const isNamed = (one: { readonly name: string; readonly in?: string | undefined }): boolean =>
      one.in === 'header' ? one.name.toLowerCase() === parameter.toLowerCase() : one.name === parameter;
    const scheme = Object.values(contract.schemes).find((one) => isNamed({ name: one.parameter ?? '', in: one.in }));
    if (scheme || NAME_OF_A_CREDENTIAL.test(parameter))
      return refuse(
        `names a place that holds a credential, but reports show these values: remove the entry and give the credential in ${names.apiKey} or in the variable of its scheme.`,
      );
    if (isCredential(value, contract, keys))
      return refuse(
        `has a credential as its value, but reports show these values: remove the entry and give the credential in ${names.apiKey} or in the variable of its scheme.`,
      );
    const places = known.filter(isNamed);
    if (places.length === 0) {
      const use =
        known.length > 0 ? `use ${[...new Set(known.map((one) => one.name))].join(', ')}` : 'no operation has one';
      return refuse(`names a header, query parameter or cookie that the contract does not have: ${use}.`);
    }
    if (!/^[\x20-\x7e]+$/.test(value)) return refuse('has a value that no header can hold: write printable ASCII.');
    return places.map((one) => [placeOfParameter(one), value] as const);
  });
  return Object.fromEntries(found);
}

function isCredential(value: string, { keyKinds }: Contract, keys: Keys | undefined): boolean {
  return (
    CREDENTIALS.test(value) ||
    keyKinds.some(({ prefix }) => value.startsWith(prefix)) ||
    (keys !== undefined && holdsGiven(value, keys))
  );
}
