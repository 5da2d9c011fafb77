import type { EnvironmentName, Operation } from '../src/model/contract.ts';
import type { HeaderLine } from './behaviour.ts';
import type { Incoming } from './listener.ts';
import type { World } from './world.ts';

/** A request as the stages see it: what came over the wire, undecoded, and where it came in. */
export interface Call {
  readonly world: World;
  /** The environment whose listener took the request. */
  readonly listener: EnvironmentName;
  readonly isEncrypted: boolean;
  /** Address of the other end of the socket. */
  readonly peer: string;
  /** What all requests of one connection have in common. */
  readonly connection: object;
  /** The name that the client asked for in the TLS handshake. */
  readonly serverName: string | undefined;
  readonly method: string;
  /** The request-target as it was sent. */
  readonly target: string;
  /** Host and port of a target in the absolute form. */
  readonly authority: string | undefined;
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

/** In which proxies tell the servers behind them which path was asked for. */
export const PATH_HEADERS = [
  'X-Original-URL',
  'X-Rewrite-URL',
  'X-Forwarded-Uri',
  'X-Forwarded-Prefix',
  'X-Forwarded-Path',
] as const;

/** The request-target in its parts; only the absolute form (RFC 9112 §3.2.2) has an authority. */
export function splitTarget(target: string): { authority: string | undefined; path: string; query: string } {
  const [origin = '', authority] = /^https?:\/\/([^/?#]*)/i.exec(target) ?? [];
  const [path = '', ...query] = target.slice(origin.length).split('?');
  return { authority, path: path === '' ? '/' : path, query: query.join('?') };
}

/** Path of the base URL of the listener that took the request. */
export function basePathOf({ world, listener }: Call): string {
  return world.environments.find(({ name }) => name === listener)?.basePath ?? '';
}

/** What is meant by a strange path is guessed from it, or else from the headers that name another. */
export function callOf(world: World, listener: EnvironmentName, isEncrypted: boolean, incoming: Incoming): Call {
  const call = { ...incoming, ...splitTarget(incoming.target), world, listener, isEncrypted, operation: undefined };
  const basePath = basePathOf(call);
  const named = PATH_HEADERS.map((name) => splitTarget(header(call, name) ?? '').path);
  const operation = [call.path, ...named]
    .map((path) => world.routes.guess(call.method, path, basePath))
    .find((guessed) => guessed !== undefined);
  return { ...call, operation };
}
