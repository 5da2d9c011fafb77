import type { Contract, Level, Operation } from '../model/contract.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { FULL_ACCESS_CASE } from '../requests/case.ts';
import { reasonWithoutAlternative, securityAlternativesOf } from '../requests/security-alternative.ts';
import { controlIds, type Probe, probeId } from '../requests/plan-operation.ts';
import type { Target } from '../model/target.ts';
import { lastResponse } from '../http/last-response.ts';
import { recordedCell, withReceived } from './received-exchanges.ts';
import type { CompletedExchange, Exchange, FailedExchange, HttpResponse } from '../model/exchange.ts';
import type { CaseVerdict, Cell, Outcome } from '../model/cell.ts';
import type { Finding } from '../model/finding.ts';
import { isAccepted, isBlockPage, isRefusal, isSuccess, isUnmet } from './expectations.ts';
import { outcomeOfCell, outcomeOfUnmet } from './level.ts';
import { casesGiven, type JudgedExchange, type Rule } from './rule.ts';

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
}

/**
 * One rule on one operation. Pure: exchanges in, a cell out. A rule that throws is an error of this cell and of no other.
 * What was received is judged; no text of the cell has a part of a key.
 */
export function judge(rule: Rule, sent: OperationExchanges): Cell {
  return recordedCell(judgeReceived(rule, withReceived(sent)), sent.exchanges);
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
    (rule.forAnonymous ? undefined : reasonWithoutAlternative(sent.contract, sent.operation)) ??
    rule.reasonNotApplicable?.(sent.operation, sent.contract) ??
    (probes.length === 0 ? reasonWithoutProbe(rule, sent) : undefined);
  if (reason !== undefined) return { level, outcome: 'not applicable', reason, cases: [] };
  const cases = probes.map((probe) => judgeCase(rule, level, probe, sent));
  return { level, ...outcomeOfCell(level, cases), cases, ...('every' in rule.given && { broad: true }) };
}

function probesGiven(rule: Rule, { probes, exchanges }: OperationExchanges): Probe[] {
  const { given } = rule;
  if ('cases' in given) {
    const wanted = new Set(given.cases.map(({ id }) => id));
    return probes.filter(
      (probe) => wanted.has(probe.case.id) && (rule.alternatives === undefined || probe.id !== probe.case.id),
    );
  }
  return probes.filter((probe) => {
    const exchange = exchanges.get(probe.id);
    // The last response of a fault counts here too: then the rule is in error, and does not leave the case out.
    const response = exchange && lastResponse(exchange);
    if (!response || probe.request?.via === 'plain-http') return false;
    return given.every === 'response' || isRefusal(response);
  });
}

function reasonWithoutProbe(rule: Rule, { reasonsNotSent }: OperationExchanges): string {
  const reasons = casesGiven(rule).flatMap(({ id }) => reasonsNotSent?.get(id) ?? []);
  return [...new Set(reasons)].join('; ') || 'no case of the rule applies to the operation';
}

function judgeCase(rule: Rule, level: Level, probe: Probe, sent: OperationExchanges): CaseVerdict {
  const verdict = { case: probe.id, unmet: [] };
  if (probe.notSent) {
    const { isNotApplicable, message, variable } = probe.notSent;
    return {
      ...verdict,
      outcome: isNotApplicable ? 'not applicable' : 'not proven',
      reason: message,
      ...(variable !== undefined && { variable }),
    };
  }
  const exchange = sent.exchanges.get(probe.id);
  if (!exchange) return { ...verdict, outcome: 'error', reason: 'the case was not sent' };
  const control = controlOf(probe, exchange, sent);
  const shown = { ...verdict, exchange, ...(control.exchange && { control: control.exchange }) };
  try {
    if (exchange.fault) {
      const findings = rule.verifyFault?.(exchange);
      // What keeps the control from getting a response as well says nothing about the case.
      if (findings && control.doubt === undefined) return conclude(shown, rule, level, findings);
      return { ...shown, ...outcomeOfFault(exchange) };
    }
    const { response } = exchange;
    const needsControl = rule.requiresControl !== false && !isSuccess(response);
    const doubt = doubtIn(exchange, response) ?? (needsControl ? control.doubt : undefined);
    if (doubt !== undefined) return { ...shown, outcome: 'not proven', reason: doubt };
    const judged = judgedExchange(probe, exchange, control.exchange?.response, sent);
    return conclude(shown, rule, level, rule.verify(judged));
  } catch (error) {
    return { ...shown, outcome: 'error', reason: thrownBy(rule, error) };
  }
}

function judgedExchange(
  probe: Probe,
  exchange: CompletedExchange,
  control: HttpResponse | undefined,
  { contract, target, operation, schemas, exchanges }: OperationExchanges,
): JudgedExchange {
  const [primary] = securityAlternativesOf(contract, operation);
  const responseOf: JudgedExchange['responseOf'] = ({ id }, alternative = primary) =>
    exchanges.get(alternative ? probeId(id, alternative, primary) : id)?.response;
  const fullAccess = responseOf({ id: FULL_ACCESS_CASE });
  const scopedKey = probe.credential?.scopedKey;
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
    ...(control && { control }),
    ...(fullAccess && { fullAccess }),
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

function outcomeOfFault({ fault }: FailedExchange): { outcome: Outcome; reason: string } {
  if (fault.kind === 'rate-limited')
    return { outcome: 'not proven', reason: `the target kept answering ${fault.message}` };
  if (fault.kind === 'not-asked') return { outcome: 'not proven', reason: fault.message };
  if (fault.kind === 'unsendable') return { outcome: 'not proven', reason: 'the request could not be put on the wire' };
  return { outcome: 'error', reason: `${fault.kind}: ${fault.message}` };
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
    .map((candidate) => sent.probes.find((other) => other.id === candidate))
    .find((found) => found !== undefined);
  if (!control) return { doubt: `the control ${id} is no case of the operation` };
  if (control.notSent?.cause === 'policy')
    return sent.isKeyAcceptedElsewhere ? {} : { doubt: 'no operation of the target accepted the full-access key' };
  const exchange = sent.exchanges.get(control.id);
  const name = id === FULL_ACCESS_CASE ? 'the full-access key' : `the key of ${id}`;
  const alternative = control.id === id ? '' : ` presented by ${control.alternative.id}`;
  if (!exchange?.response) {
    const why = control.notSent?.message ?? exchange?.fault.message ?? 'it was not sent';
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
