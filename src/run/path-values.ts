import type { Contract, Operation } from '../model/contract.ts';
import type { PathValues, Target } from '../model/target.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { ContractError } from '../openapi/contract-error.ts';
import type { HttpSender } from '../http/sender.ts';
import { isSuccess } from '../judging/expectations.ts';
import { shownId, unknownValues } from '../requests/list-operations.ts';
import { NotSent } from '../requests/not-sent.ts';
import { OperationSamples } from '../requests/operation-samples.ts';
import { RequestBuilder } from '../requests/request-builder.ts';
import { securityAlternativesOf } from '../requests/security-alternative.ts';

/** The most requests that `readPathValues` sends, for the plan of a run. */
export function requestsForPathValues(contract: Contract, target: Target): number {
  if (!target.readsIds) return 0;
  return new Set(unknownValues(contract, target.pathValues).map(({ list }) => list.id)).size;
}

/**
 * The path values of a target, with the ids that its own lists show where neither the setting nor an example gives one.
 * Each list is asked once, with the full-access key and by GET alone, so that production can be asked as well.
 *
 * @param probe goes out in `User-Agent`
 */
export async function readPathValues(
  contract: Contract,
  target: Target,
  wire: HttpSender,
  validators: SchemaValidators,
  probe = 'path-values',
): Promise<PathValues> {
  const { given, beside } = target.pathValues;
  const known = { given, ...(beside && { beside }) };
  const read: Record<string, string> = { ...target.pathValues.read };
  if (!target.readsIds) return target.pathValues;
  const bodies = new Map<string, unknown>();
  for (const unknown of unknownValues(contract, target.pathValues)) {
    const { list, prefix } = unknown;
    if (!bodies.has(list.id)) {
      const asking = { ...target, pathValues: { ...known, read } };
      bodies.set(list.id, await bodyOf(list, { contract, target: asking, wire, validators, probe }));
    }
    const value = unlessUnusable(() => shownId(bodies.get(list.id), unknown, validators));
    if (value !== undefined) read[prefix] = value;
  }
  return { ...known, read };
}

interface Tools {
  readonly contract: Contract;
  readonly target: Target;
  readonly wire: HttpSender;
  readonly validators: SchemaValidators;
  readonly probe: string;
}

/** The JSON of the list's response to the full-access key; undefined: it got none. */
async function bodyOf(list: Operation, { contract, target, wire, validators, probe }: Tools): Promise<unknown> {
  const [alternative] = securityAlternativesOf(contract, list);
  try {
    const builder = new RequestBuilder(
      contract,
      list,
      target,
      alternative ?? { id: 'nobody', schemes: [] },
      validators,
      new OperationSamples(target),
    );
    const request = builder.build(alternative ? { key: builder.fullKey() } : {});
    const { response } = await wire.send(request, probe);
    return response && isSuccess(response) ? response.body.json : undefined;
  } catch (error) {
    if (error instanceof NotSent) return undefined;
    throw error;
  }
}

/** A schema that cannot be used says of no value that it is right. */
function unlessUnusable<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof ContractError) return undefined;
    throw error;
  }
}
