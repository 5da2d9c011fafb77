import type { EnvironmentName, Operation } from '../src/contract/contract.ts';
import type { HeaderLine } from './behaviour.ts';
import type { World } from './world.ts';

/** A request as the stages see it: what came over the wire, undecoded, and where it came in. */
export interface Call {
  readonly world: World;
  /** The environment whose listener took the request. */
  readonly listener: EnvironmentName;
  readonly isEncrypted: boolean;
  /** Address of the other end of the socket. */
  readonly peer: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** In the order and spelling in which they were sent. */
  readonly headers: readonly HeaderLine[];
  /** The operation that is probably meant, however strange its path is spelt: where a confined defect applies. */
  readonly operation: Operation | undefined;
  /** Read at most once; undefined where it is larger than any body of an API call. */
  readonly body: () => Promise<Buffer | undefined>;
}

/** Repeated lines are one value joined by commas (RFC 9110 §5.3), so a repeated key is no key that was ever issued. */
export function header(call: Call, name: string): string | undefined {
  const lines = call.headers.filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase());
  return lines.length === 0 ? undefined : lines.map(([, value]) => value).join(', ');
}

/** The request-target in its parts; of the absolute form (RFC 9112 §3.2.2) the authority is dropped. */
export function splitTarget(target: string): { path: string; query: string } {
  const origin = /^https?:\/\/[^/?#]*/i.exec(target)?.[0] ?? '';
  const [path = '', ...query] = target.slice(origin.length).split('?');
  return { path: path === '' ? '/' : path, query: query.join('?') };
}
