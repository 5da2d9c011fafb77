import type { Contract, Operation } from '../model/contract.ts';
import {
  allowsAnonymous,
  isOpenedByCertificate,
  isPublic,
  presentableAlternatives,
  reasonNotPresentable,
} from '../openapi/security.ts';
import { formOfParameterValues, missingValues } from '../openapi/required-parameters.ts';
import { inLine } from '../visible-text.ts';
import type { Target } from '../model/target.ts';

type MissingValuesOf = Pick<Target, 'pathValues' | 'variables'>;

/**
 * How the security of the operations was read, so many of them with each reading: what a run sends follows from it.
 *
 *        12  secured by key, or token + id
 *         4  secured by a client certificate alone: the certificate is judged in the place of a key
 *         3  open: the contract declares the operation public
 */
export function securityText(contract: Contract): string {
  const readings = new Map<string, number>();
  for (const operation of contract.operations) {
    const reading = readingOf(contract, operation);
    readings.set(reading, (readings.get(reading) ?? 0) + 1);
  }
  const lines = [...readings]
    .toSorted(([, one], [, other]) => other - one)
    .map(([reading, count]) => `  ${String(count).padStart(6)}  ${inLine(reading)}\n`);
  return `how the security of operations was read (number of operations)\n${lines.join('')}`;
}

/**
 * The required parameters for which a value is made up, with the setting that takes another one; empty where there is none.
 *
 *        12  header X-Tenant
 */
export function missingValuesText(contract: Contract, { pathValues, variables }: MissingValuesOf): string {
  const missing = missingValues(contract, pathValues);
  if (missing.length === 0) return '';
  const lines = missing.map(
    ({ parameter, operations }) =>
      `  ${String(operations.length).padStart(6)}  ${inLine(`${parameter.in} ${parameter.name}`)}\n`,
  );
  return `required parameters without an example (number of operations): the run makes up a value unless ${variables.parameterValues} gives one (${inLine(formOfParameterValues(missing))})\n${lines.join('')}`;
}

function readingOf(contract: Contract, operation: Operation): string {
  if (isOpenedByCertificate(contract, operation))
    return `${allowsAnonymous(operation) ? 'optional:' : 'secured by'} a client certificate alone: the certificate is judged in the place of a key`;
  const alternatives = presentableAlternatives(contract, operation);
  if (alternatives.length > 0) {
    const names = alternatives.map((schemes) => schemes.map(({ name }) => name).join(' + ')).join(', or ');
    return allowsAnonymous(operation) ? `optional: ${names}` : `secured by ${names}`;
  }
  const reason = reasonNotPresentable(contract, operation) ?? 'the operation has no security alternative';
  const isOpen = isPublic(operation) && !operation.isSecurityUnstated && operation.ownServer === undefined;
  return `${isOpen ? 'open' : 'left out'}: ${reason}`;
}
