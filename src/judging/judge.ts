import type { Contract, Operation } from '../model/contract.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { whyNoForm } from '../requests/security-alternative.ts';
import { controlIds, type Probe } from '../requests/plan-operation.ts';
import { secretsOf } from '../model/request.ts';
import type { ScopedKey, Target } from '../model/target.ts';
import { type Exchange, type FailedExchange, type HttpResponse, lastResponse } from '../model/exchange.ts';
import { isAccepted, isBlockPage, isSuccess } from './expectations.ts';
import { type CaseVerdict, type Cell, type Outcome, worst } from '../model/cell.ts';
import type { Finding } from '../model/finding.ts';
import type { JudgedExchange, Rule } from './rule.ts';

/** What was asked of one operation and what came of it. */
export interface OperationExchanges {
  readonly contract: Contract;
  readonly target: Target;
  readonly operation: Operation;
  readonly schemas: SchemaValidators;
  readonly probes: readonly Probe[];
  readonly exchanges: ReadonlyMap<string, Exchange>;
  /** Why cases were not asked in any form, by case. */
  readonly reasonsNotSent?: ReadonlyMap<string, string>;
  /** The full-access key was accepted somewhere on the target: arms what policy leaves without a control of its own. */
  readonly isKeyAcceptedElsewhere: boolean;
}

/** One rule on one operation. Pure: exchanges in, a cell out. */
export function judge(rule: Rule, asked: OperationExchanges): Cell {
  const level = rule.levelOn?.(asked.operation) ?? rule.level;
  const cell = { rule: rule.id, level, operation: asked.operation.id };
  const unasked = rule.forAnonymous ? undefined : whyNoForm(asked.contract, asked.operation);
  if (unasked !== undefined) return { ...cell, outcome: 'not applicable', reason: unasked, cases: [] };
  const applicable = rule.appliesTo?.(asked.operation, asked.contract) ?? true;
  if (applicable !== true) return { ...cell, outcome: 'not applicable', reason: applicable, cases: [] };
  const probes = probesOf(rule, asked);
  if (probes.length === 0) return { ...cell, outcome: 'not applicable', reason: whyNoProbe(rule, asked), cases: [] };
  const cases = probes.map((probe) => judgeCase(rule, level === 'MUST' ? 'violates' : 'deviates', probe, asked));
  const outcome = worst(cases.map((verdict) => verdict.outcome));
  const reason = cases.find((verdict) => verdict.outcome === outcome)?.reason;
  return {
    ...cell,
    outcome,
    ...(reason !== undefined && { reason }),
    cases,
    ...(typeof rule.given === 'string' && { broad: true }),
  };
}

function probesOf(rule: Rule, { probes, exchanges }: OperationExchanges): Probe[] {
  if (typeof rule.given !== 'string') {
    const wanted = new Set(rule.given);
    return probes.filter(
      (probe) => wanted.has(probe.case.id) && (rule.alternatives === undefined || probe.id !== probe.case.id),
    );
  }
  const refusalsOnly = rule.given === 'refusals';
  return probes.filter((probe) => {
    const exchange = exchanges.get(probe.id);
    // With the last response of a fault too: the rule is then in error, and does not leave the case out.
    const status = exchange && lastResponse(exchange)?.status;
    if (status === undefined || probe.request?.via === 'plain-http') return false;
    return !refusalsOnly || status === 401 || status === 403;
  });
}

function whyNoProbe({ given }: Rule, { reasonsNotSent }: OperationExchanges): string {
  const reasons = typeof given === 'string' ? [] : given.flatMap((id) => reasonsNotSent?.get(id) ?? []);
  return [...new Set(reasons)].join('; ') || 'no case of the rule applies to the operation';
}

function judgeCase(rule: Rule, complaint: Outcome, probe: Probe, asked: OperationExchanges): CaseVerdict {
  const verdict = { case: probe.id, complaints: [] };
  if (probe.notSent) {
    const { cause, message, variable } = probe.notSent;
    return {
      ...verdict,
      outcome: cause === 'policy' || cause === 'form' ? 'not applicable' : 'not proven',
      reason: message,
      ...(variable !== undefined && { variable }),
    };
  }
  const exchange = asked.exchanges.get(probe.id);
  if (!exchange) return { ...verdict, outcome: 'error', reason: 'the case was not sent' };
  const control = controlOf(probe, asked);
  const shown = { ...verdict, exchange, ...(control.exchange && { control: control.exchange }) };
  if (exchange.fault) {
    const findings = rule.verifyFault?.(exchange);
    // What keeps the control from being answered as well says nothing about the case.
    if (findings && control.doubt === undefined) return conclude(shown, complaint, findings);
    return { ...shown, ...outcomeOfFault(exchange) };
  }
  const { response } = exchange;
  const doubt =
    doubtIn(exchange, response) ?? (rule.requiresControl === false || isSuccess(response) ? undefined : control.doubt);
  if (doubt !== undefined) return { ...shown, outcome: 'not proven', reason: doubt };
  const { contract, target, operation, schemas, exchanges } = asked;
  const responseOf = (id: string): HttpResponse | undefined => exchanges.get(id)?.response;
  const judged: JudgedExchange = {
    ...{
      exchange,
      response,
      case: probe.case,
      alternative: probe.alternative,
      operation,
      contract,
      target,
      schemas,
      responseOf,
    },
    ...(control.exchange?.response && { control: control.exchange.response }),
    ...scopedKeyOf(probe, target),
  };
  return conclude(shown, complaint, rule.verify(judged));
}

function conclude(shown: Omit<CaseVerdict, 'outcome'>, complaint: Outcome, findings: readonly Finding[]): CaseVerdict {
  const complaints = findings
    .filter(({ holds, unproven }) => !holds && unproven === undefined)
    .map(({ expectation, expected, actual }) => ({ expectation, expected, actual }));
  const open = findings.find(({ unproven }) => unproven !== undefined);
  if (complaints.length > 0) return { ...shown, outcome: complaint, complaints };
  if (open?.unproven !== undefined) return { ...shown, outcome: 'not proven', reason: open.unproven };
  return { ...shown, outcome: 'conforms' };
}

function scopedKeyOf({ request }: Probe, { keys }: Target): { scopedKey?: ScopedKey } {
  const sent = request ? secretsOf(request) : [];
  const scopedKey = keys.scoped.find(({ secret }) => sent.includes(secret));
  return scopedKey ? { scopedKey } : {};
}

function outcomeOfFault({ fault }: FailedExchange): { outcome: Outcome; reason: string } {
  if (fault.kind === 'rate-limited')
    return { outcome: 'not proven', reason: `the target kept answering ${fault.message}` };
  if (fault.kind === 'unsendable') return { outcome: 'not proven', reason: 'the request could not be put on the wire' };
  return { outcome: 'error', reason: `${fault.kind}: ${fault.message}` };
}

/** Why an answer shows nothing about the API. */
function doubtIn({ rewritten }: Exchange, answer: HttpResponse): string | undefined {
  if (rewritten !== undefined) return rewritten;
  if (answer.status === 429) return 'the answer is the rate limit (429), not a refusal';
  if (isBlockPage(answer)) return 'a firewall answered in the place of the API';
  return undefined;
}

/** The control of a probe, and why it does not arm the probe if it does not. */
function controlOf(probe: Probe, asked: OperationExchanges): { exchange?: Exchange; doubt?: string } {
  const id = probe.case.control;
  if (id === undefined) return {};
  const control = controlIds(probe)
    .map((candidate) => asked.probes.find((other) => other.id === candidate))
    .find((found) => found !== undefined);
  if (control?.notSent?.cause === 'policy') {
    return asked.isKeyAcceptedElsewhere ? {} : { doubt: 'no operation of the target accepted the full-access key' };
  }
  if (!control) return { doubt: `the control ${id} is no case of the operation` };
  const exchange = asked.exchanges.get(control.id);
  if (!exchange?.response)
    return {
      ...(exchange && { exchange }),
      doubt: `the control ${id} was not answered: ${control.notSent?.message ?? exchange?.fault.message ?? 'it was not sent'}`,
    };
  if (isAccepted(exchange.response)) return { exchange };
  return {
    exchange,
    doubt: `the control ${control.id} was answered ${exchange.response.status}, so a refusal shows nothing`,
  };
}
