import type { Contract, Operation } from '../model/contract.ts';
import { allowsAnonymous, isOpenedByCertificate } from '../openapi/security.ts';
import { type SchemaValidators, validatorsOf } from '../openapi/schema-validators.ts';
import { RequestBuilder } from '../requests/request-builder.ts';
import { OperationSamples } from '../requests/operation-samples.ts';
import { NotSent } from '../requests/not-sent.ts';
import { formOfPathValues, pathParameterNames } from '../requests/path-parameters.ts';
import { CERTIFICATE, type SecurityAlternative, securityAlternativesOf } from '../requests/security-alternative.ts';
import type { PlannedRequest } from '../model/request.ts';
import type { Secret } from '../secret.ts';
import type { PathValues, Target } from '../model/target.ts';
import { isAccepted, isSuccess } from '../judging/expectations.ts';
import { isReached } from '../judging/respondent.ts';
import { landmarkRequests } from './landmarks.ts';
import { readPathValues } from './path-values.ts';
import { adviceFor, type Answered, type Redirect, redirectOf, scopeProblem } from './preflight-advice.ts';
import { HttpSender, type SenderOptions } from '../http/sender.ts';

export interface Preflight {
  readonly requests: number;
  /** Why there is nothing to judge, each in one sentence that says what to do. Empty: the run can begin. */
  readonly problems: readonly string[];
  /** With the ids that the target's own lists show, so that they need not be read again; absent: it did not come to that. */
  readonly pathValues?: PathValues;
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
  const byCertificate = contract.operations.filter((operation) => isOpenedByCertificate(contract, operation));
  if (!isAsked && byCertificate.length === 0) return { requests: 0, problems: [] };
  const wire = new HttpSender(contract, target, { tries: 3, timeout: target.run.timeout, ...options });
  try {
    const tools = { contract, target, wire, schemas: validatorsOf(contract) };
    const refused = await certificateProblem(byCertificate, tools);
    if (!isAsked || refused !== undefined)
      return { requests: wire.requests, problems: refused === undefined ? [] : [refused] };
    const secured = contract.operations.filter((operation) => !allowsAnonymous(operation));
    const safe = secured.filter(({ isSafe }) => isSafe);
    // An API without a safe operation gets requests that have no effect.
    const full = await tryKey(undefined, safe.length > 0 ? safe : secured, tools);
    if (!full.accepted) return { requests: wire.requests, problems: [await adviceFor(full, target)] };
    const pathValues = await readPathValues(contract, target, wire, tools.schemas);
    const nowhere = await reachProblem(safe, { ...tools, target: { ...target, pathValues } });
    const problems = [
      ...(nowhere === undefined ? [] : [nowhere]),
      ...(await schemeProblems(secured, full.alternative, tools)),
      ...(await scopedKeyProblems(tools)),
      ...(await otherAccountProblems(safe, { ...tools, target: { ...target, pathValues } })),
    ];
    return { requests: wire.requests, problems, pathValues };
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

interface Tried extends Answered {
  readonly accepted: boolean;
  /** Id of the security alternative in which it was accepted. */
  readonly alternative?: string;
}

/**
 * Tries the key until one operation accepts it in any security alternative: what a single one gets wrong is for the rules.
 *
 * @param key absent: the full-access key, or in an alternative that takes another credential that one
 * @param only id of the one security alternative in which it is presented; absent: every one
 */
async function tryKey(
  key: Secret | undefined,
  operations: readonly Operation[],
  tools: Tools,
  only?: string,
): Promise<Tried> {
  const statuses = new Set<number>();
  let redirect: Redirect | undefined;
  for (const { request, alternative } of requestsWith(key, operations, tools, only)) {
    const exchange = await tools.wire.send(request, 'preflight');
    if (exchange.fault) return { accepted: false, statuses: [...statuses], fault: exchange.fault };
    if (isAccepted(exchange.response)) return { accepted: true, alternative, statuses: [...statuses] };
    redirect ??= redirectOf(exchange.request.url, exchange.response);
    statuses.add(exchange.response.status);
  }
  return { accepted: false, statuses: [...statuses], ...(redirect && { redirect }) };
}

/** Why the certificate of the client opens nothing that it is enough for; undefined: it opens something, or is not asked for. */
async function certificateProblem(
  operations: readonly Operation[],
  { contract, target, wire, schemas }: Tools,
): Promise<string | undefined> {
  const statuses = new Set<number>();
  const asked = operations.filter((operation) => !allowsAnonymous(operation) && operation.isSafe).slice(0, MOST_ASKED);
  for (const operation of asked) {
    const samples = new OperationSamples(target);
    const builder = new RequestBuilder(contract, operation, target, CERTIFICATE, schemas, samples);
    const { response, fault } = await wire.send(builder.build({}), 'preflight');
    if (fault) return adviceFor({ statuses: [], fault }, target);
    if (isAccepted(response)) return undefined;
    statuses.add(response.status);
  }
  if (statuses.size === 0) return undefined;
  return `no operation that asks only for a client certificate accepts the certificate of ${target.variables.clientCertificate} (status ${[...statuses].join(', ')}): give a certificate that the target accepts.`;
}

/** Each request is made when it is its turn, because mostly the first one is enough. */
function* requestsWith(
  key: Secret | undefined,
  operations: readonly Operation[],
  { contract, target, schemas }: Tools,
  only?: string,
): Generator<{ readonly request: PlannedRequest; readonly alternative: string }> {
  for (const operation of operations) {
    for (const alternative of securityAlternativesOf(contract, operation)) {
      if (only !== undefined && alternative.id !== only) continue;
      if (key && !contract.equivalentSchemes.includes(alternative.varied?.name ?? '')) continue;
      const builder = new RequestBuilder(
        contract,
        operation,
        target,
        alternative,
        schemas,
        new OperationSamples(target),
      );
      const made = (resource: 'usual' | 'example') =>
        unlessNotSent(() => builder.build({ key: key ?? builder.fullKey(), resource }));
      // An API that only changes things is tried by changing them, where that is allowed.
      const request = made('usual') ?? made('example');
      if (request) yield { request, alternative: alternative.id };
    }
  }
}

function unlessNotSent(make: () => PlannedRequest): PlannedRequest | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotSent) return undefined;
    throw error;
  }
}

/**
 * A credential that every operation refuses which takes nothing else: of these nothing could be judged. Where operations take
 * another credential as well, that it opens nothing is for the rules.
 *
 * @param known id of a security alternative that is accepted
 */
async function schemeProblems(
  secured: readonly Operation[],
  known: string | undefined,
  tools: Tools,
): Promise<string[]> {
  const { contract, target } = tools;
  const needed = new Map<string, SecurityAlternative>();
  for (const operation of secured) {
    const alternatives = new Map(securityAlternativesOf(contract, operation).map((each) => [each.id, each]));
    const [first, ...others] = alternatives.values();
    if (first && others.length === 0 && first.id !== known) needed.set(first.id, first);
  }
  const problems: string[] = [];
  for (const [id, { varied }] of needed) {
    const taking = secured.filter((one) => securityAlternativesOf(contract, one).some((each) => each.id === id));
    const asked = taking.toSorted((one, other) => Number(other.isSafe) - Number(one.isSafe)).slice(0, MOST_ASKED);
    const { accepted, statuses } = await tryKey(undefined, asked, tools, id);
    if (accepted || statuses.length === 0 || statuses.some((status) => status !== 401 && status !== 403)) continue;
    const variable = target.schemeVariables[varied?.name ?? ''] ?? target.variables.apiKey;
    problems.push(
      `the security scheme ${id} opens nothing: ${asked.length === 1 ? 'the only operation that takes it refuses' : `all ${asked.length} operations that take it refuse`} the credential of ${variable} (status ${statuses.join(', ')}), so operations that accept no other scheme cannot be judged: give a credential that is in use, or correct the scheme in the contract.`,
    );
  }
  return problems;
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

/** A key of another account that nothing accepts compares no accounts. Whether it opens too much is for the rules. */
async function otherAccountProblems(safe: readonly Operation[], tools: Tools): Promise<string[]> {
  const { keys, variables, environment } = tools.target;
  if (!keys.otherAccount) return [];
  const { accepted, statuses } = await tryKey(keys.otherAccount, safe.slice(0, MOST_ASKED), tools);
  if (accepted || statuses.length === 0 || statuses.some((status) => status !== 401 && status !== 403)) return [];
  return [
    `${variables.otherAccountKey} is accepted by no readable operation (status ${statuses.join(', ')}): give a full-access key of another account of ${environment} that is in use, or remove it.`,
  ];
}

/** More of them would not tell more, and a contract may have a thousand. */
const MOST_ASKED = 40;

/** A part of the operations that are not reached from which on a run would find almost nothing to judge. */
const ALMOST_ALL = 0.9;

/** Whether the full-access key leads anywhere: to operations, and to a success on at least one of them. */
async function reachProblem(operations: readonly Operation[], tools: Tools): Promise<string | undefined> {
  const { contract, target, wire, schemas } = tools;
  const step = Math.max(1, Math.ceil(operations.length / MOST_ASKED));
  const asked = operations.filter((_, index) => index % step === 0);
  const planned = asked.flatMap((operation) => {
    const first = requestsWith(undefined, [operation], tools).next();
    return first.done === true ? [] : [{ operation, request: first.value.request }];
  });
  const unknown = landmarkRequests(contract, target, schemas).get('unknownPathWithKey');
  const landmark = unknown && (await wire.send(unknown, 'preflight')).response;
  const exchanges = await Promise.all(
    planned.map(async ({ operation, request }) => ({ operation, ...(await wire.send(request, 'preflight')) })),
  );
  const answered = exchanges.flatMap(({ operation, response }) => (response ? [{ operation, response }] : []));
  if (answered.length === 0) return undefined;
  const nowhere = answered.filter(({ response: fullAccess }) =>
    landmark ? !isReached(true, { fullAccess, landmarks: { unknownPathWithKey: landmark } }) : false,
  );
  if (nowhere.length >= ALMOST_ALL * answered.length)
    return `${nowhere.length} of ${answered.length} readable operations give the full-access key the same response as a path that does not exist (status ${landmark?.status}): ${whatToGive(nowhere, target)}.`;
  if (answered.some(({ response }) => isSuccess(response))) return scopeProblem(answered, target);
  const statuses = [...new Set(answered.map(({ response }) => response.status))].join(', ');
  return `no readable operation of ${target.baseUrl} answers the full-access key with success (status ${statuses}), so nothing shows what a key opens: ${whatToGive(answered, target)}.`;
}

/** What leads somewhere, with all values that are to be given in the form of the setting. */
function whatToGive(asked: readonly { readonly operation: Operation }[], { variables }: Target): string {
  const names = asked.flatMap(({ operation }) => pathParameterNames(operation));
  const values = names.length > 0 ? [`set ${variables.pathValues} to ids that exist (${formOfPathValues(names)})`] : [];
  return [...values, `correct ${variables.baseUrl}`].join(', or ');
}
