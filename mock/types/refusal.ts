import type { DocumentedRefusalName } from './api.ts';
import type { IssuedKey } from './keys.ts';

/** Why a request is refused: what documents describe, and what any HTTP server refuses. */
export type RefusalReason =
  | Exclude<DocumentedRefusalName, 'envelope'>
  | 'plainHttp'
  | 'conflictingKeys'
  | 'unknownPath'
  | 'wrongMethod'
  | 'invalidInput'
  | 'unknownId'
  | 'headTooLarge'
  | 'misdirected'
  | 'serverError'
  | 'unavailable';

export interface Refusal {
  readonly reason: RefusalReason;
  /** forbidden, lockedOut: the key that was used. */
  readonly key?: IssuedKey | undefined;
  /** forbidden: the scopes that the operation asks for. */
  readonly required?: readonly string[] | undefined;
  /** wrongMethod: the methods that the path has. */
  readonly allow?: readonly string[] | undefined;
  /** rateLimited: seconds. */
  readonly retryAfter?: number | undefined;
}
