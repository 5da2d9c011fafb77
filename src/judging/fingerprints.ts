import { FULL_ACCESS_CASE, NO_KEY_CASE } from '../requests/case.ts';
import { securityAlternativesOf } from '../requests/security-alternative.ts';
import { accessOf } from './access.ts';
import { isRefusal, isSuccess } from './expectations.ts';
import type { OperationExchanges } from './judge.ts';
import { type CrossOperationRule, fingerprint, fingerprintName, type Fingerprints } from './operation-comparison.ts';
import { redactedTexts, withReceived } from './received-exchanges.ts';
import type { Exchange } from '../model/exchange.ts';
import { whereabouts } from './respondent.ts';
import { hasSameBody, type Volatile } from './same-response.ts';
import { volatileAmong } from './surroundings.ts';

/** What the rules that compare operations look at, short enough to be kept for all of them. */
export function fingerprintsOf(rules: readonly CrossOperationRule[], sent: OperationExchanges): Fingerprints {
  const received = withReceived(sent);
  const { exchanges, contract, operation, landmarks = {} } = received;
  const volatile = (): Volatile => volatileAmong(received);
  const fullAccess = exchanges.get(FULL_ACCESS_CASE)?.response;
  const noKey = exchanges.get(NO_KEY_CASE)?.response;
  if (whereabouts(operation, { landmarks, fullAccess, noKey }) !== 'operation') return {};
  const [primary] = securityAlternativesOf(contract, operation);
  // Within a budget too little is sent to know which header fields come and go by themselves.
  const hasHeaders = !sent.probes.some(({ notSent }) => notSent?.cause === 'budget');
  const fingerprints = Object.fromEntries(
    rules.flatMap((rule) =>
      rule.given.cases.flatMap(({ id }) => {
        const response = exchanges.get(id)?.response;
        if (!response) return [];
        const name = fingerprintName(rule, id, primary?.id);
        if (rule.compare === 'access') {
          // What everyone gets, with a key and without one, says nothing of which key counts.
          if (fullAccess && noKey && !isSuccess(fullAccess) && hasSameBody(fullAccess, noKey, volatile())) return [];
          const compared = {
            response,
            landmarks,
            volatile,
            ...(fullAccess && { fullAccess }),
            ...(noKey && { noKey }),
          };
          const access = accessOf(compared);
          if (access === 'neither' && isSuccess(response)) return [];
          return [[name, access === 'accepted' ? 'accepted' : 'denied']];
        }
        // RFC 9110 §9.3.2: a response to HEAD has no content, so its shape is like no other's. What is no refusal is another
        // failure, or none.
        return operation.method === 'HEAD' || !isRefusal(response) ? [] : [[name, fingerprint(response, hasHeaders)]];
      }),
    ),
  );
  return redactedTexts(fingerprints, sent.exchanges);
}

/** The exchanges that have a fingerprint, by case: the evidence of a cell that only the report can judge. */
export function comparedExchanges(
  rules: readonly CrossOperationRule[],
  { exchanges }: OperationExchanges,
): Readonly<Record<string, Exchange>> {
  const cases = new Set(rules.flatMap(({ given }) => given.cases.map(({ id }) => id)));
  return Object.fromEntries([...exchanges].filter(([id]) => cases.has(id)));
}
