import { remembered, rememberedBy } from '../fields/remembered.ts';
import type { Contract, Level, Operation } from '../model/contract.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { isOpenedByCertificate } from '../openapi/security.ts';
import { CERTIFICATE_CASE, FULL_ACCESS_CASE } from '../requests/case.ts';
import { reasonWithoutAlternative, securityAlternativesOf } from '../requests/security-alternative.ts';
import type { NotSent } from '../requests/not-sent.ts';
import { controlIds, type Probe, probeId, type SentProbe } from '../requests/plan-operation.ts';
import type { Target } from '../model/target.ts';
import { lastResponse } from '../http/last-response.ts';
import { recordedCell, withReceived } from './received-exchanges.ts';
import { redactorOf } from '../http/received.ts';
import type { CompletedExchange, Exchange, HttpResponse, Landmarks, Respondent } from '../model/exchange.ts';
import type { CaseVerdict, Cell } from '../model/cell.ts';
import type { Finding } from '../model/finding.ts';
import { isAccepted, isBlockPage, isRefusal, isSuccess, isUnmet } from './expectations.ts';
import { isInputFirst } from './access.ts';
import { findingOfFault, outcomeOfFault } from './faults.ts';
import { outcomeOfCell, outcomeOfUnmet } from './level.ts';
import { type NotReached, whyNotReached, whyOnlyNotice } from './not-reached.ts';
import { whereabouts } from './respondent.ts';
import { casesGiven, type JudgedExchange, type Rule } from './rule.ts';
import {
  respondentAmong,
  responsesAlone,
  surroundingsOf,
  unsteadyHeadersAmong,
  volatileAmong,
} from './surroundings.ts';

/** What was sent to one operation and what came of it. */
export interface OperationExchanges {
  readonly contract: Contract;
  readonly target: Target;
  readonly operation: Operation;
  readonly schemas: SchemaValidators;
  readonly probes: readonly Probe[];
  /** By the id of the probe. */
  readonly exchanges: ReadonlyMap<string, Exchange>;
  /** Why cases were not sent in any security alternative, by the id of the case. */
  readonly reasonsNotSent?: ReadonlyMap<string, string>;
  /** The full-access key was accepted somewhere on the target: it stands in for a control that policy leaves out. */
  readonly isKeyAcceptedElsewhere: boolean;
  /** After requests that got no response the target answered again, so that they failed for what they are. */
  readonly isTargetAnswering: boolean;
  /** What the target says where no operation is; absent: it was not asked. */
  readonly landmarks?: Landmarks;
  /**
   * The same cases with valid requests, where writes are allowed and the requests without effect showed nothing about keys.
   * Only those that showed nothing are there, with their controls.
   */
  readonly withValidRequests?: OperationExchanges;
  /** These are such requests themselves: each may change what the next one meets. */
  readonly isRepeat?: true;
}

/**
 * One rule on one operation. Pure: exchanges in, a cell out. A rule that throws is an error of this cell and of no other.
 * What was received is judged; no text of the cell has a part of a key.
 */
export function judge(rule: Rule, sent: OperationExchanges): Cell {
  const { withValidRequests: valid } = sent;
  const received = { ...withReceived(sent), ...(valid && { withValidRequests: withReceived(valid) }) };
  return recordedCell(judgeReceived(rule, received), redactorOf(exchangesIn(sent)));
}

function* exchangesIn({ exchanges, withValidRequests }: OperationExchanges): Generator<Exchange> {
  yield* exchanges.values();
  if (withValidRequests) yield* exchangesIn(withValidRequests);
}

function judgeReceived(rule: Rule, sent: OperationExchanges): Cell {
  const cell = { rule: rule.id, level: rule.level, operation: sent.operation.id };
  try {
    return { ...cell, ...judgeOperation(rule, sent) };
  } catch (error) {
    return { ...cell, outcome: 'error', reason: thrownBy(rule, error), cases: [] };
  }
}

function judgeOperation(rule: Rule, sent: OperationExchanges): Omit<Cell, 'rule' | 'operation'> {
  const level = rule.levelOn?.(sent.operation) ?? rule.level;
  const probes = probesGiven(rule, sent);
  const reason =
    (rule.forAnonymous ? undefined : reasonWithoutCredential(rule, sent)) ??
    rule.reasonNotApplicable?.(sent.operation, sent.contract) ??
    (probes.length === 0 ? reasonWithoutProbe(rule, sent) : undefined);
  if (reason !== undefined) return { level, outcome: 'not applicable', reason, cases: [] };
  // A case that is a valid request by itself is the repetition of another one where that one was repeated.
  const repeated = new Set([...(sent.withValidRequests?.exchanges.keys() ?? [])].map(withValidRequest));
  const judged = probes.filter(({ id }) => !repeated.has(id));
  const cases = settled(judged.map((probe) => judgedOnce(rule, level, probe, sent)));
  return { level, ...outcomeOfCell(level, cases), cases, ...('every' in rule.given && { broad: true }) };
}

/** Why nothing that the rule is about opens the operation; undefined: a credential does, or the certificate of the client. */
function reasonWithoutCredential(rule: Rule, { contract, operation }: OperationExchanges): string | undefined {
  if (rule.alsoByCertificate && isOpenedByCertificate(contract, operation)) return undefined;
  return reasonWithoutAlternative(contract, operation);
}

/** By the request without effect, and where that shows nothing about keys by the same with a valid request. */
function judgedOnce(rule: Rule, level: Level, probe: Probe, sent: OperationExchanges): CaseVerdict {
  const nowhere = rule.forAnonymous ? undefined : reasonNotReached(sent);
  const verdict = nowhere === undefined ? judgeCase(rule, level, probe, sent) : unproven(probe, nowhere, sent);
  const { withValidRequests: valid } = sent;
  const repeat = valid && probeOf(valid, probe.id);
  if (verdict.outcome !== 'not proven' || !valid || !repeat || !valid.exchanges.has(repeat.id)) return verdict;
  return { ...judgedOnce(rule, level, repeat, valid), case: withValidRequest(probe.id) };
}

function probesGiven(rule: Rule, sent: OperationExchanges): Probe[] {
  const { probes, exchanges } = sent;
  const { given } = rule;
  if ('cases' in given) {
    const wanted = new Set(given.cases.map(({ id }) => id));
    return probes.filter(
      (probe) => wanted.has(probe.case.id) && (rule.alternatives === undefined || probe.id !== probe.case.id),
    );
  }
  const malformed = malformedAmong(probes);
  return probes.filter((probe) => {
    const exchange = exchanges.get(probe.id);
    // The last response of a fault counts here too: then the rule is in error, and does not leave the case out.
    const response = exchange && lastResponse(exchange);
    if (!response || probe.request?.via === 'plain-http') return false;
    const { respondents } = rule;
    if (
      respondents &&
      (malformed.has(probe.case.id) ||
        asksToUpgrade(probe) ||
        !respondents.includes(respondentAmong({ response, request: exchange.request }, sent)))
    )
      return false;
    if (given.every === 'error') return response.status >= 400;
    return given.every === 'response' || isRefusal(response);
  });
}

/** Ids of the cases that are no well-formed HTTP, and of those that send the same with the key or to another path. */
function malformedAmong(probes: readonly Probe[]): ReadonlySet<string | undefined> {
  const all = probes.map((probe) => probe.case).filter((one) => one.malformed);
  return new Set(all.flatMap((one) => [one.id, one.comparison?.id, one.elsewhere?.id]));
}

/** A listener of its own may answer a handshake, in words of which a contract says nothing. */
function asksToUpgrade({ request }: Probe): boolean {
  return request?.headers.some(([name]) => name.toLowerCase() === 'upgrade') === true;
}

function reasonWithoutProbe(rule: Rule, { reasonsNotSent }: OperationExchanges): string {
  const reasons = casesGiven(rule).flatMap(({ id }) => reasonsNotSent?.get(id) ?? []);
  return [...new Set(reasons)].join('; ') || 'no case of the rule applies to the operation';
}

const probesById = remembered((probes: OperationExchanges['probes']) => new Map(probes.map((one) => [one.id, one])));

function probeOf({ probes }: OperationExchanges, id: string): Probe | undefined {
  return probesById(probes).get(id);
}

/** Why nothing can be said of an operation to which the full-access key does not lead; undefined: it leads there. */
function reasonNotReached(sent: OperationExchanges): string | undefined {
  return notReached(sent)?.reason;
}

type WhyNotReached = Pick<NotReached, 'reason'> & Partial<Pick<NotReached, 'variable'>>;

const notReached = rememberedBy(
  ({ exchanges }: OperationExchanges) => exchanges,
  (sent): WhyNotReached | undefined => {
    const { operation, target, isRepeat } = sent;
    const surroundings = surroundingsOf(sent);
    const leadsTo = whereabouts(operation, surroundings);
    if (leadsTo === 'operation') return undefined;
    if (leadsTo === 'notice') return { reason: whyOnlyNotice(surroundings.fullAccess) };
    const who = sent.exchanges.has(CERTIFICATE_CASE) ? THE_CERTIFICATE : THE_KEY;
    return whyNotReached(operation, target, who, surroundings.fullAccess?.status, isRepeat);
  },
);

const THE_KEY = 'the full-access key';
const THE_CERTIFICATE = 'the certificate without a key';

/** A case of an operation that is not reached. */
function unproven(probe: Probe, reason: string, sent: OperationExchanges): CaseVerdict {
  const { exchanges } = sent;
  if (probe.notSent) return verdictNotSent(probe.id, probe.notSent);
  const exchange = exchanges.get(probe.id);
  const control = exchanges.get(FULL_ACCESS_CASE) ?? exchanges.get(CERTIFICATE_CASE);
  const variable = notReached(sent)?.variable;
  return {
    ...{ case: probe.id, outcome: 'not proven', reason, unmet: [] },
    ...(variable !== undefined && { variable }),
    ...(exchange && { exchange }),
    ...(control && { control }),
  };
}

function verdictNotSent(id: string, { isNotApplicable, message, variable }: NotSent): CaseVerdict {
  return {
    case: id,
    unmet: [],
    outcome: isNotApplicable ? 'not applicable' : 'not proven',
    reason: message,
    ...(variable !== undefined && { variable }),
  };
}

/** The end of the id of a case that repeats another one with a valid request. */
const WITH_VALID_REQUEST = '-valid-request';

/** `no-key@bearer` becomes `no-key-valid-request@bearer`. */
export function withValidRequest(probe: string): string {
  const [id = '', ...form] = probe.split(/(?=@)/);
  return `${id}${WITH_VALID_REQUEST}${form.join('')}`;
}

/** Where a request without effect proves nothing, the same with a valid request settles the question. */
function settled(cases: readonly CaseVerdict[]): CaseVerdict[] {
  const proven = new Set(cases.flatMap(({ case: id, outcome }) => (outcome === 'conforms' ? [id] : [])));
  return cases.map((verdict) => {
    if (verdict.outcome !== 'not proven' || !proven.has(withValidRequest(verdict.case))) return verdict;
    const { variable: _, ...rest } = verdict;
    return { ...rest, outcome: 'not applicable', reason: 'the same case was judged with a valid request' };
  });
}

function judgeCase(rule: Rule, level: Level, probe: Probe, sent: OperationExchanges): CaseVerdict {
  if (probe.notSent) return verdictNotSent(probe.id, probe.notSent);
  const exchange = sent.exchanges.get(probe.id);
  if (!exchange) return { case: probe.id, unmet: [], outcome: 'error', reason: 'the case was not sent' };
  const { shown, doubtOfControl, judged } = seenOf(probe, exchange, sent);
  try {
    if (exchange.fault) {
      // What keeps the control from getting a response as well says nothing about the case.
      const isJudged = doubtOfControl === undefined && (probe.request.via !== 'base' || sent.isTargetAnswering);
      const findings = isJudged
        ? (rule.verifyFault?.(exchange) ?? findingOfFault(rule, probe.case, exchange, surroundingsOf(sent).fullAccess))
        : undefined;
      if (findings) return conclude(shown, rule, level, findings);
      return { ...shown, ...outcomeOfFault(exchange, sent.isTargetAnswering) };
    }
    const { response } = exchange;
    const needsControl = rule.requiresControl !== false && !isSuccess(response);
    const doubt = doubtIn(exchange, response) ?? (needsControl ? doubtOfControl : undefined);
    if (doubt !== undefined) return { ...shown, outcome: 'not proven', reason: doubt };
    if (!judged) throw new Error('it has a response and was not looked at');
    if (needsControl && probe.case.control && !rule.judgesOrder && isInputFirst(judged))
      return { ...shown, outcome: 'not proven', ...inputFirst(response, sent) };
    return conclude(shown, rule, level, rule.verify(judged));
  } catch (error) {
    return { ...shown, outcome: 'error', reason: thrownBy(rule, error) };
  }
}

/** What of a case is the same for every rule. */
interface Seen {
  readonly shown: Omit<CaseVerdict, 'outcome'>;
  /** Why the control proves nothing. */
  readonly doubtOfControl?: string | undefined;
  /** Absent: there is no response. */
  readonly judged?: JudgedExchange;
}

const seenAmong = remembered<OperationExchanges['exchanges'], Map<string, Seen>>(() => new Map());

/** Worked out once for all rules. */
function seenOf(probe: SentProbe, exchange: Exchange, sent: OperationExchanges): Seen {
  const seen = seenAmong(sent.exchanges);
  const known = seen.get(probe.id) ?? lookAt(probe, exchange, sent);
  seen.set(probe.id, known);
  return known;
}

function lookAt(probe: SentProbe, exchange: Exchange, sent: OperationExchanges): Seen {
  const control = controlOf(probe, exchange, sent);
  const respondent = respondentAmong(exchange, sent);
  const scopes = probe.case.access?.key === 'scopes' ? probe.credential.scopedKey?.scopes : undefined;
  const shown = {
    ...{ case: probe.id, unmet: [], exchange, respondent },
    ...(scopes && { scopes: [...scopes] }),
    ...(control.exchange && { control: control.exchange }),
  };
  return {
    shown,
    doubtOfControl: control.doubt,
    ...(exchange.response && {
      judged: judgedExchange(probe, exchange, control.exchange?.response, sent, respondent),
    }),
  };
}

function judgedExchange(
  probe: SentProbe,
  exchange: CompletedExchange,
  control: HttpResponse | undefined,
  sent: OperationExchanges,
  respondent: Respondent,
): JudgedExchange {
  const { contract, target, operation, schemas, exchanges, landmarks = {}, isRepeat } = sent;
  const [primary] = securityAlternativesOf(contract, operation);
  const responseOf: JudgedExchange['responseOf'] = ({ id }, alternative = primary) =>
    exchanges.get(alternative ? probeId(id, alternative, primary) : id)?.response;
  const { fullAccess, noKey } = surroundingsOf(sent);
  const { scopedKey } = probe.credential;
  return {
    exchange,
    response: exchange.response,
    case: probe.case,
    alternative: probe.alternative,
    operation,
    contract,
    target,
    schemas,
    responseOf,
    landmarks,
    respondent,
    alone: responsesAlone(probe.id, exchanges),
    unsteadyHeaders: () => unsteadyHeadersAmong(sent),
    volatile: () => volatileAmong(sent),
    ...(control && { control }),
    ...(isRepeat === true && { isRepeat }),
    ...(fullAccess && { fullAccess }),
    ...(noKey && { noKey }),
    ...(scopedKey && { scopedKey }),
  };
}

function conclude(
  shown: Omit<CaseVerdict, 'outcome'>,
  rule: Rule,
  level: Level,
  findings: readonly Finding[],
): CaseVerdict {
  const undeclared = findings.find(({ expectation }) => !rule.expectations.includes(expectation));
  if (undeclared)
    throw new Error(`it does not declare the expectation ${undeclared.expectation}: add it to its \`expectations\``);
  const unmet = findings.filter(isUnmet);
  if (unmet.length > 0) return { ...shown, ...outcomeOfUnmet(level), unmet };
  const open = findings.find((found) => found.state === 'undecided');
  if (open) return { ...shown, outcome: 'not proven', reason: open.reason };
  return { ...shown, outcome: 'conforms' };
}

function thrownBy({ id }: Rule, error: unknown): string {
  return `the rule ${id} failed: ${error instanceof Error ? error.message : String(error)}`;
}

function inputFirst(
  { status }: HttpResponse,
  { operation, exchanges, target: { policy, variables } }: OperationExchanges,
): { readonly reason: string; readonly variable?: string } {
  const reason = exchanges.has(CERTIFICATE_CASE)
    ? `got ${status}, as with the certificate and as with nothing: the server checks the input before the certificate, so this shows nothing about it`
    : `got ${status}, as with the full-access key and as without a key: the server checks the input before the key, so this shows nothing about keys; the rule authentication-first judges the order`;
  // Production is never written to, so no setting helps there.
  return operation.isSafe || policy.allowWrites || policy.production
    ? { reason }
    : { reason, variable: variables.sandboxWrites };
}

/**
 * The probes of an operation that got the same as everyone, so that they show nothing about keys. A rule about the order of
 * checks has its answer by then.
 */
export function probesWithoutProof(sent: OperationExchanges): Probe[] {
  const received = withReceived(sent);
  const { probes, exchanges, landmarks = {} } = received;
  const { fullAccess, noKey } = surroundingsOf(received);
  const isNowhere = reasonNotReached(received) !== undefined;
  const explicit = new Set(probes.map(({ id }) => id));
  return probes.filter(({ id, case: one }) => {
    const response = exchanges.get(id)?.response;
    if (!response || one.kind !== 'controlled') return false;
    if (isNowhere) return !one.id.endsWith(WITH_VALID_REQUEST);
    if (explicit.has(withValidRequest(id))) return false;
    return isInputFirst({
      ...{ response, landmarks, volatile: () => volatileAmong(received) },
      ...(fullAccess && { fullAccess }),
      ...(noKey && { noKey }),
    });
  });
}

/** Why a response shows nothing about the API. */
function doubtIn({ rewritten }: Exchange, response: HttpResponse): string | undefined {
  if (rewritten !== undefined) return rewritten;
  if (response.status === 429) return 'the response is the rate limit (429), not a refusal';
  if (isBlockPage(response)) return 'a firewall answered in the place of the API';
  return undefined;
}

/** The exchange of a probe's control, and why it proves nothing if it does not. */
function controlOf(
  probe: Probe,
  { response: judged }: Exchange,
  sent: OperationExchanges,
): { exchange?: Exchange; doubt?: string } {
  const id = probe.case.control?.id;
  if (id === undefined) return {};
  const control = controlIds(probe)
    .map((candidate) => probeOf(sent, candidate))
    .find((found) => found !== undefined);
  if (!control) return { doubt: `the control ${id} is no case of the operation` };
  if (control.notSent?.cause === 'policy')
    return sent.isKeyAcceptedElsewhere
      ? {}
      : { doubt: `no operation of the target accepted ${id === CERTIFICATE_CASE ? THE_CERTIFICATE : THE_KEY}` };
  const exchange = sent.exchanges.get(control.id);
  const name = id === FULL_ACCESS_CASE ? THE_KEY : id === CERTIFICATE_CASE ? THE_CERTIFICATE : `the key of ${id}`;
  const alternative = control.id === id ? '' : ` presented by ${control.alternative.id}`;
  if (!exchange?.response) {
    const why = control.notSent?.message ?? exchange?.fault.message ?? 'it was not sent';
    if (exchange && lastResponse(exchange))
      return { exchange, doubt: `${name}${alternative} got ${why}, so this cannot be judged` };
    return {
      ...(exchange && { exchange }),
      doubt: `${name}${alternative} got no response, so this cannot be judged: ${why}`,
    };
  }
  if (isAccepted(exchange.response)) return { exchange };
  const { status } = exchange.response;
  const also = judged?.status === status ? ' too' : '';
  return { exchange, doubt: `${name}${alternative} got ${status}${also}, so this cannot be judged` };
}
