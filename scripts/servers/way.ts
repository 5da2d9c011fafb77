import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request that opens the hole of a pair. It goes by no code of the suite, so that it shows what the suite may not see. */
export interface Way {
  /** GET unless it says otherwise */
  readonly method?: string;
  /** The request-target as it is written, from the origin on: `/%762/contacts` */
  readonly target: string;
  /** `{full}` and `{locked}` stand for keys. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether this response came through the hole: a success, unless it says otherwise. */
  readonly isOpen?: (response: Pick<IncomingMessage, 'statusCode' | 'headers'>) => boolean;
}

export interface Keys {
  /** Opens everything. */
  readonly full: string;
  /** Opens everything for one address that is not this machine's. */
  readonly locked: string;
}

/**
 * Says whether the way leads into the server at this address.
 *
 * @param baseUrl of which the origin alone counts
 */
export async function isOpen(way: Way, baseUrl: string, keys: Keys): Promise<boolean> {
  const { hostname, port } = new URL(baseUrl);
  const headers = Object.fromEntries(
    Object.entries(way.headers ?? {}).map(([name, value]) => [
      name,
      value.replace('{full}', keys.full).replace('{locked}', keys.locked),
    ]),
  );
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ hostname, port, path: way.target, method: way.method ?? 'GET', headers, agent: false }, resolve)
      .on('error', reject)
      .end(way.body);
  });
  await text(response);
  const { statusCode = 0 } = response;
  return way.isOpen ? way.isOpen(response) : statusCode >= 200 && statusCode < 300;
}

/** The request in one line, as docs/servers.md shows it. */
export function requestOf({ method = 'GET', target, headers = {}, body }: Way): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${target}`, ...lines, ...(body === undefined ? [] : [body])].join(' · ');
}
