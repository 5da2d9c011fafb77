import { isOfTheTarget } from '../http/fault.ts';
import type { Outcome } from '../model/cell.ts';
import type { FailedExchange, Fault, FaultKind, HttpResponse } from '../model/exchange.ts';
import type { Finding } from '../model/finding.ts';
import type { Case } from '../requests/case.ts';
import { finding, isAccepted } from './expectations.ts';
import type { Rule } from './rule.ts';

/** Faults that say that the target broke over a request, where it answers the full-access key. */
const BREAKS: ReadonlySet<FaultKind> = new Set(['timeout', 'unavailable', 'protocol', 'too-large']);

/**
 * A server that answers the full-access key, and another request never or with nonsense, owes the response. Undefined: the
 * fault says nothing of the target.
 *
 * @param fullAccess the response to the full-access key
 */
export function findingOfFault(
  { expectations: [expectation] }: Rule,
  one: Case,
  { fault, attempts }: FailedExchange,
  fullAccess: HttpResponse | undefined,
): Finding[] | undefined {
  if (expectation === undefined || !BREAKS.has(fault.kind) || !fullAccess || !isAccepted(fullAccess)) return undefined;
  // Who is sent no HTTP may answer with none.
  if (one.malformed && fault.kind === 'protocol') return undefined;
  return [finding(expectation, false, 'a response', `none: ${described(fault, attempts)}`)];
}

/** What becomes of a case whose fault no rule judges. */
export function outcomeOfFault(
  { fault, attempts }: FailedExchange,
  isTargetAnswering: boolean,
): { outcome: Outcome; reason: string } {
  if (isTargetAnswering && isOfTheTarget(fault)) {
    const reason = `${described(fault, attempts)}, while the target answers other requests`;
    return { outcome: 'not proven', reason };
  }
  if (fault.kind === 'rate-limited')
    return { outcome: 'not proven', reason: `the target kept answering ${fault.message}` };
  if (fault.kind === 'not-asked') return { outcome: 'not proven', reason: fault.message };
  if (fault.kind === 'unsendable') return { outcome: 'not proven', reason: 'the request could not be put on the wire' };
  return { outcome: 'error', reason: `${fault.kind}: ${fault.message}` };
}

function described({ kind, message }: Fault, attempts: number): string {
  return `${kind}: ${message}${attempts === 1 || kind === 'unavailable' ? '' : ` in ${attempts} tries`}`;
}
