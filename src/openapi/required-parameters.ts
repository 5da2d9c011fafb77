import type { Contract, Operation, Parameter } from '../model/contract.ts';
import type { PathValues } from '../model/target.ts';
import { follow, isObject, nodeAt } from './json-pointer.ts';
import { schemesInUse } from './security.ts';

/** A key is put in by whoever sends the request. OpenAPI says to ignore the other two names as parameters. */
export function isCredential(contract: Contract, { name, in: where }: Pick<Parameter, 'name' | 'in'>): boolean {
  const isHeader = where === 'header';
  if (isHeader && /^(?:authorization|accept|content-type)$/i.test(name)) return true;
  // Where operations ask for credentials, the header of a scheme that none of them names is a parameter like any other.
  const inUse = schemesInUse(contract);
  return (inUse.length > 0 ? inUse : Object.values(contract.schemes)).some(
    (scheme) =>
      scheme.in === where &&
      (isHeader ? scheme.parameter?.toLowerCase() === name.toLowerCase() : scheme.parameter === name),
  );
}

/** Where a parameter stands and its name, by which the setting's values are kept: `header x-tenant`, `query region`. */
export function placeOfParameter({ name, in: where }: Pick<Parameter, 'name' | 'in'>): string {
  return `${where} ${where === 'header' ? name.toLowerCase() : name}`;
}

/** The parameters in a header, the query or a cookie that some operation requires and that are no credential. */
export function parametersBesidePath(contract: Contract): readonly Parameter[] {
  const all = contract.operations.flatMap(({ parameters }) =>
    parameters.filter((one) => one.in !== 'path' && one.required && !isCredential(contract, one)),
  );
  return [...new Map(all.map((one) => [placeOfParameter(one), one])).values()];
}

/** A required parameter for which a value is made up, and the operations that ask for it. */
export interface MissingValue {
  readonly parameter: Parameter;
  readonly operations: readonly Operation[];
}

/** The required parameters beside the path that neither the setting nor the document gives a value. */
export function missingValues(contract: Contract, { beside = {} }: Pick<PathValues, 'beside'> = {}): MissingValue[] {
  const found = new Map<string, { parameter: Parameter; operations: Operation[] }>();
  for (const operation of contract.operations) {
    if (operation.ownServer !== undefined) continue;
    for (const parameter of operation.parameters) {
      const { in: where, required, example } = parameter;
      const place = placeOfParameter(parameter);
      if (where === 'path' || !required || example !== undefined || Object.hasOwn(beside, place)) continue;
      if (isCredential(contract, parameter) || isDeclared(contract, parameter)) continue;
      const known = found.get(place) ?? { parameter, operations: [] };
      known.operations.push(operation);
      found.set(place, known);
    }
  }
  return [...found.values()];
}

/** What a user writes to give these values: `X-Tenant=…;region=…`, each name once, in the form of the setting. */
export function formOfParameterValues(missing: readonly MissingValue[]): string {
  return [...new Set(missing.map(({ parameter }) => parameter.name))].map((name) => `${name}=…`).join(';');
}

/** The schema names a value, or there are two that are as good as each other. */
function isDeclared({ document }: Contract, { schema }: Parameter): boolean {
  const node = schema === undefined ? undefined : nodeAt(document, schema);
  const value = node && follow(document, node)?.value;
  if (!isObject(value)) return false;
  return (
    ['const', 'enum', 'default', 'example', 'examples'].some((name) => name in value) || value['type'] === 'boolean'
  );
}
