import type { Exchange, HttpResponse } from '../model/exchange.ts';

/** Whatever was received, also where it was only the last response of a fault. For reports and counts, not for proofs. */
export function lastResponse({ response, fault }: Exchange): HttpResponse | undefined {
  return response ?? fault.lastResponse;
}
