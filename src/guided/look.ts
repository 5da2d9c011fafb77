import { ConfigurationError } from '../config/configuration-error.ts';
import { readTarget } from '../config/read-target.ts';
import { type Variables, variableNames } from '../config/variables.ts';
import { HttpSender, type SenderOptions } from '../http/sender.ts';
import type { Contract, Operation } from '../model/contract.ts';
import type { PlannedRequest } from '../model/request.ts';
import type { Target } from '../model/target.ts';
import { type SchemaValidators, validatorsOf } from '../openapi/schema-validators.ts';
import { reasonNotAnonymous } from '../openapi/security.ts';
import { unknownValues } from '../requests/list-operations.ts';
import { NotSent } from '../requests/not-sent.ts';
import { OperationSamples } from '../requests/operation-samples.ts';
import { pathParameterNames } from '../requests/path-parameters.ts';
import { RequestBuilder } from '../requests/request-builder.ts';
import { ANONYMOUS, securityAlternativesOf } from '../requests/security-alternative.ts';
import { readPathValues } from '../run/path-values.ts';

/** The id of something that the target has, and the operation that showed it. */
export interface ShownId {
  readonly value: string;
  /** `GET /things` */
  readonly list: string;
}

/** What a first look at the target shows. */
export interface Looked {
  /** Why nothing of the document is under the base URL, as it follows `nothing of the document is found:`. */
  readonly nowhere?: string;
  /** By the name of the path parameter; of a name that stands for several things none, since a setting gives it one value. */
  readonly ids: Readonly<Record<string, ShownId>>;
}

/** More of them would not tell more: those that are found at all are found at once. */
const MOST_ASKED = 8;

/**
 * Looks whether anything of the document is under the base URL, and on a sandbox for ids that its lists show. It sends reads
 * alone, with the full-access key of the variables.
 *
 * @returns undefined where the variables make no target, or the target does not respond: the plan and the run say so
 */
export async function look(
  read: Contract,
  variables: Variables,
  options: Partial<SenderOptions> = {},
): Promise<Looked | undefined> {
  const isPresented = variables[variableNames(read.id).clientCertificate] !== undefined;
  const contract: Contract = isPresented ? { ...read, presentsCertificate: true } : read;
  const target = targetOf(contract, variables);
  if (!target) return undefined;
  const schemas = validatorsOf(contract);
  const wire = new HttpSender(contract, target, { tries: 1, timeout: target.run.timeout, ...options });
  try {
    const nowhere = await reasonNowhere(contract, target, wire, schemas);
    if (nowhere === 'silent') return undefined;
    if (nowhere !== undefined || target.policy.production)
      return { ids: {}, ...(nowhere !== undefined && { nowhere }) };
    const { read: shown } = await readPathValues(contract, target, wire, schemas, 'new');
    return { ids: idsByName(contract, target, shown) };
  } finally {
    await wire.close();
  }
}

function targetOf(contract: Contract, variables: Variables): Target | undefined {
  try {
    return readTarget(contract, variables);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** Undefined: something is there. What has an id in its path is not asked: a 404 may be about the id. */
async function reasonNowhere(
  contract: Contract,
  target: Target,
  wire: HttpSender,
  schemas: SchemaValidators,
): Promise<string | undefined> {
  const reads = contract.operations.filter(
    (one) => one.method === 'GET' && one.ownServer === undefined && pathParameterNames(one).length === 0,
  );
  const asked: string[] = [];
  for (const operation of reads) {
    if (asked.length === MOST_ASKED) break;
    const request = requestOf(contract, target, operation, schemas);
    if (!request) continue;
    const { response } = await wire.send(request, 'new');
    if (!response) return 'silent';
    if (response.status !== 404) return undefined;
    asked.push(operation.id);
  }
  const [first, ...others] = asked;
  if (first === undefined) return undefined;
  return others.length === 0 ? `${first} gets 404` : `${first} and ${others.length} more get 404`;
}

function requestOf(
  contract: Contract,
  target: Target,
  operation: Operation,
  schemas: SchemaValidators,
): PlannedRequest | undefined {
  const [alternative] = securityAlternativesOf(contract, operation);
  if (!alternative && reasonNotAnonymous(operation) !== undefined) return undefined;
  const samples = new OperationSamples(target);
  const builder = new RequestBuilder(contract, operation, target, alternative ?? ANONYMOUS, schemas, samples);
  try {
    return builder.build(alternative ? { key: builder.fullKey() } : {});
  } catch (error) {
    if (error instanceof NotSent) return undefined;
    throw error;
  }
}

function idsByName(
  contract: Contract,
  { pathValues }: Target,
  shown: Readonly<Record<string, string>>,
): Record<string, ShownId> {
  const prefixes = new Map<string, Set<string>>();
  for (const { path, parameters } of contract.operations)
    for (const { name } of parameters.filter((one) => one.in === 'path')) {
      const prefix = path.slice(0, path.indexOf(`{${name}}`));
      prefixes.set(name, (prefixes.get(name) ?? new Set()).add(prefix));
    }
  const found = unknownValues(contract, pathValues).flatMap(({ parameter: { name }, prefix, list }) => {
    const value = shown[prefix];
    // What parts entries in the setting cannot stand in one.
    if (value === undefined || prefixes.get(name)?.size !== 1 || /[;=\s]/.test(value)) return [];
    return [[name, { value, list: list.id }] as const];
  });
  return Object.fromEntries(found);
}
