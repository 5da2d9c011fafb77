import { Secret, type Text } from '../target/secret.ts';

/** A header field line as it is to be written; order and repetition are kept. */
export type HeaderLine = readonly [name: string, value: Text];

/** One request, complete but for the bytes of the keys in it. */
export interface WireRequest {
  /** `base`: the target itself; `plain-http`: the address where plain HTTP is tried. */
  readonly via: 'base' | 'plain-http';
  readonly method: string;
  /** The request-target as it is to be written, base path and query included: never normalised. */
  readonly target: Text;
  readonly headers: readonly HeaderLine[];
  readonly body?: string;
  /** No effect is possible on a server that validates: the plan proved the body invalid or the resource absent. */
  readonly inert: boolean;
}

/** The keys that a request carries, wherever it carries them. */
export function secretsOf(request: WireRequest): Secret[] {
  const texts: Text[] = [request.target, ...request.headers.map(([, value]) => value)];
  return texts.flat().filter((part) => part instanceof Secret);
}
