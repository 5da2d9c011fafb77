import type { EnvironmentName } from '../types/api.ts';
import type { IncomingRequest } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import type { ServerState } from '../types/state.ts';

/** Repeated lines are one value joined by commas (RFC 9110 §5.3), so a repeated key is no key that was ever issued. */
export function header({ headers }: Pick<MockRequest, 'headers'>, name: string): string | undefined {
  const lines = headers.filter(([candidate]) => candidate.toLowerCase() === name.toLowerCase());
  return lines.length === 0 ? undefined : lines.map(([, value]) => value).join(', ');
}

/** Headers in which proxies tell the servers behind them which path was asked for. */
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
export function basePathOf({ state, environment }: Pick<MockRequest, 'state' | 'environment'>): string {
  return state.api.environments.find(({ name }) => name === environment)?.basePath ?? '';
}

/** The operation that is meant by a strange path is guessed from it, or else from the headers that name another path. */
export function requestOf(
  state: ServerState,
  environment: EnvironmentName,
  isEncrypted: boolean,
  incoming: IncomingRequest,
): MockRequest {
  const request = { ...incoming, ...splitTarget(incoming.target), state, environment, isEncrypted };
  const basePath = basePathOf(request);
  const named = PATH_HEADERS.map((name) => splitTarget(header(request, name) ?? '').path);
  const operation = [request.path, ...named]
    .map((path) => state.router.guess(request.method, path, basePath))
    .find((guessed) => guessed !== undefined);
  return { ...request, operation };
}

/** Neither the host of the document nor that of the listener. */
export function isForAnotherHost({ state, environment, authority, headers }: MockRequest): boolean {
  const own = state.api.environments.find(({ name }) => name === environment)?.host;
  const named = authority ?? header({ headers }, 'host') ?? '';
  return named !== own && named !== state.authorities.get(environment);
}
