import { mediaTypeOf } from '../fields/response-fields.ts';
import type { HttpResponse } from '../model/exchange.ts';

/**
 * A stream of events goes on for as long as the client listens: it has been opened, which its head says, and the rest of it
 * is not waited for.
 */
export function isEndless(response: Pick<HttpResponse, 'status' | 'headers'>): boolean {
  return response.status >= 200 && response.status < 300 && mediaTypeOf(response)?.essence === 'text/event-stream';
}
