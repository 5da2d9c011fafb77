import type { Contract, Operation } from '../model/contract.ts';
import { allowsAnonymous } from '../openapi/security.ts';
import { SchemaValidators } from '../openapi/schema-validators.ts';
import { RequestBuilder } from '../requests/request-builder.ts';
import { prefixOf } from '../requests/example-requests.ts';
import { OperationSamples } from '../requests/operation-samples.ts';
import { NotSent } from '../requests/not-sent.ts';
import { securityAlternativesOf } from '../requests/security-alternative.ts';
import type { PlannedRequest } from '../model/request.ts';
import type { Secret } from '../secret.ts';
import type { Target } from '../model/target.ts';
import { isAccepted, isSuccess } from '../judging/expectations.ts';
import { isReached } from '../judging/respondent.ts';
import { landmarkRequests } from './landmarks.ts';
import { readPathValues } from './path-values.ts';
import type { Fault, FaultKind } from '../model/exchange.ts';
import { HttpSender, type SenderOptions } from '../http/sender.ts';

export interface Preflight {
  readonly requests: number;
  /** Why there is nothing to judge, each in one sentence that says what to do. Empty: the run can begin. */
  readonly problems: readonly string[];
}

/**
 * Finds out before the first cell whether the target responds, whether its certificate verifies and whether it accepts the
 * keys that it must accept. Whether it denies the others is for the rules to judge.
 */
export async function preflight(
  contract: Contract,
  target: Target,
  options: Partial<SenderOptions> = {},
): Promise<Preflight> {
  const isAsked = contract.operations.some((operation) => securityAlternativesOf(contract, operation).length > 0);
  if (!isAsked) return { requests: 0, problems: [] };
  const wire = new HttpSender(contract, target, { tries: 3, timeout: target.run.timeout, ...options });
  try {
    const tools = { contract, target, wire, schemas: new SchemaValidators(contract) };
    const secured = contract.operations.filter((operation) => !allowsAnonymous(operation));
    const safe = secured.filter(({ isSafe }) => isSafe);
    // An API without a safe operation gets requests that have no effect.
    const full = await tryKey(undefined, safe.length > 0 ? safe : secured, tools);
    if (full.fault) return { requests: wire.requests, problems: [faultSentence(full.fault, target)] };
    if (!full.accepted) return { requests: wire.requests, problems: [keySentence(full.statuses, target)] };
    const nowhere = await reachProblemWithIds(safe, tools);
    const problems = [...(nowhere === undefined ? [] : [nowhere]), ...(await scopedKeyProblems(tools))];
    return { requests: wire.requests, problems };
  } finally {
    await wire.close();
  }
}

interface Tools {
  readonly contract: Contract;
  readonly target: Target;
  readonly wire: HttpSender;
  readonly schemas: SchemaValidators;
}

interface Tried {
  readonly accepted: boolean;
  readonly statuses: readonly number[];
  readonly fault?: Fault;
}

/**
 * Tries the key until one operation accepts it in any security alternative: what a single one gets wrong is for the rules.
 *
 * @param key absent: the full-access key, or in an alternative that takes another credential that one
 */
async function tryKey(key: Secret | undefined, operations: readonly Operation[], tools: Tools): Promise<Tried> {
  const statuses = new Set<number>();
  for (const request of requestsWith(key, operations, tools)) {
    const exchange = await tools.wire.send(request, 'preflight');
    if (exchange.fault) return { accepted: false, statuses: [...statuses], fault: exchange.fault };
    if (isAccepted(exchange.response)) return { accepted: true, statuses: [...statuses] };
    statuses.add(exchange.response.status);
  }
  return { accepted: false, statuses: [...statuses] };
}

/** Each request is made when it is its turn, because mostly the first one is enough. */
function* requestsWith(
  key: Secret | undefined,
  operations: readonly Operation[],
  { contract, target, schemas }: Tools,
): Generator<PlannedRequest> {
  for (const operation of operations) {
    for (const alternative of securityAlternativesOf(contract, operation)) {
      if (key && !contract.equivalentSchemes.includes(alternative.varied?.name ?? '')) continue;
      const builder = new RequestBuilder(
        contract,
        operation,
        target,
        alternative,
        schemas,
        new OperationSamples(target),
      );
      try {
        yield builder.build({ key: key ?? builder.fullKey() });
      } catch (error) {
        if (!(error instanceof NotSent)) throw error;
      }
    }
  }
}

/** A scoped key that its own operations call invalid (401) is a wrong key; one that they forbid (403) may be a bug. */
async function scopedKeyProblems(tools: Tools): Promise<string[]> {
  const { contract, target } = tools;
  const problems: string[] = [];
  for (const { scopes, secret } of target.keys.scoped) {
    const own = contract.operations.filter(
      (operation) =>
        operation.isSafe && operation.scopes.length > 0 && operation.scopes.every((scope) => scopes.has(scope)),
    );
    const { accepted, statuses } = await tryKey(secret, own, tools);
    if (!accepted && statuses.length > 0 && statuses.every((status) => status === 401)) {
      problems.push(
        `${target.variables.scopedKeys}: the key for ${[...scopes].join('+')} is refused as invalid by ${own.map(({ id }) => id).join(', ')}: give a key that is in use and has that scope.`,
      );
    }
  }
  return problems;
}

/** More of them would not tell more, and a contract may have a thousand. */
const MOST_ASKED = 40;

/** A part of the operations that are not reached from which on a run would find almost nothing to judge. */
const ALMOST_ALL = 0.9;

/** As `reachProblem`; where there is one, the ids that the lists of the target show are tried first, as the run will use them. */
async function reachProblemWithIds(operations: readonly Operation[], tools: Tools): Promise<string | undefined> {
  const problem = await reachProblem(operations, tools);
  if (problem === undefined) return undefined;
  const { contract, target, wire, schemas } = tools;
  const pathValues = await readPathValues(contract, target, wire, schemas, 'preflight');
  if (Object.keys(pathValues.read).length === Object.keys(target.pathValues.read).length) return problem;
  return reachProblem(operations, { ...tools, target: { ...target, pathValues } });
}

/** Whether the full-access key leads anywhere: to operations, and to a success on at least one of them. */
async function reachProblem(operations: readonly Operation[], tools: Tools): Promise<string | undefined> {
  const { contract, target, wire, schemas } = tools;
  const step = Math.max(1, Math.ceil(operations.length / MOST_ASKED));
  const asked = operations.filter((_, index) => index % step === 0);
  const requests = asked.flatMap((operation): PlannedRequest[] => {
    const first = requestsWith(undefined, [operation], tools).next();
    return first.done === true ? [] : [first.value];
  });
  const unknown = landmarkRequests(contract, target, schemas).get('unknownPathWithKey');
  const landmark = unknown && (await wire.send(unknown, 'preflight')).response;
  const exchanges = await Promise.all(requests.map((request) => wire.send(request, 'preflight')));
  const responses = exchanges.flatMap(({ response }) => response ?? []);
  if (responses.length === 0) return undefined;
  const nowhere = responses.filter((fullAccess) =>
    landmark ? !isReached(true, { fullAccess, landmarks: { unknownPathWithKey: landmark } }) : false,
  );
  const advice = adviceOnPaths(operations, target);
  if (nowhere.length >= ALMOST_ALL * responses.length)
    return `${nowhere.length} of ${responses.length} readable operations answer the full-access key like a path that does not exist (status ${landmark?.status}): ${advice}.`;
  if (responses.some(isSuccess)) return undefined;
  const statuses = [...new Set(responses.map(({ status }) => status))].join(', ');
  return `no readable operation of ${target.baseUrl} answers the full-access key with success (status ${statuses}), so nothing shows what a key opens: ${advice}.`;
}

/** Names in one sentence are read up to about this many. */
const MOST_NAMES = 6;

/** What to set or to correct, with the names of the path parameters that matter. */
function adviceOnPaths(operations: readonly Operation[], { pathValues: { given, read }, variables }: Target): string {
  const { pathValues, baseUrl } = variables;
  const missing = operations.flatMap((operation) =>
    operation.parameters.flatMap(({ name, in: where, example }) =>
      where !== 'path' || example !== undefined || Object.hasOwn(given, name) || prefixOf(operation, name) in read
        ? []
        : [name],
    ),
  );
  const all = operations.flatMap(({ parameters }) =>
    parameters.flatMap(({ name, in: where }) => (where === 'path' ? [name] : [])),
  );
  const names = [...new Set(missing.length > 0 ? missing : all)];
  if (names.length === 0) return `correct ${baseUrl}, or the paths of the contract`;
  const shown = names.slice(0, MOST_NAMES).map((name) => `${name}=VALUE`);
  const more = names.length > shown.length ? `, and ${names.length - shown.length} more` : '';
  return `set ${pathValues} to values that lead to something (${shown.join(';')}${more}), or correct ${baseUrl}`;
}

function keySentence(statuses: readonly number[], { variables, environment, baseUrl }: Target): string {
  if (statuses.length === 0)
    return 'the contract has no operation that the full-access key could be tried on without effect.';
  return `${variables.apiKey} is accepted by no operation of ${baseUrl} (status ${statuses.join(', ')}): give a full-access key of ${environment}.`;
}

const ADVICE: Partial<Record<FaultKind, (target: Target) => string>> = {
  refused: ({ variables }) => `nothing listens there: start the target, or correct ${variables.baseUrl}`,
  dns: ({ variables }) => `its name is not known: correct ${variables.baseUrl}`,
  timeout: ({ variables }) => `it does not answer in time: check the network, or correct ${variables.baseUrl}`,
  tls: ({ variables }) =>
    `its certificate does not verify: renew it, or name its certificate authority in ${variables.ca}`,
  unavailable: () => 'it says that it is unavailable: try again later',
  'rate-limited': () => 'its rate limit is used up: try again later',
};

function faultSentence(fault: Fault, target: Target): string {
  const advice = ADVICE[fault.kind]?.(target);
  return `${target.baseUrl} cannot be judged (${fault.message}): ${advice ?? 'it does not answer as an HTTP server'}.`;
}
