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

const NO_SECOND =
  'the first response on the connection does not end, or not where HTTP says, so no second request could follow it: nothing is to be done where the operation is a stream; elsewhere let its responses end (RFC 9112 §6.3)';

function unsendable({ message }: Fault): string {
  return `the HTTP client of the suite cannot write this request (${message}), so the target did not get it: report this as a mistake of the suite`;
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
  if (fault.kind === 'no-second') return { outcome: 'not proven', reason: NO_SECOND };
  if (fault.kind === 'unsendable') return { outcome: 'not proven', reason: unsendable(fault) };
  return { outcome: 'error', reason: `${fault.kind}: ${fault.message}` };
}

function described({ kind, message }: Fault, attempts: number): string {
  return `${kind}: ${message}${attempts === 1 || kind === 'unavailable' ? '' : ` in ${attempts} tries`}`;
}
