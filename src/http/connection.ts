import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as connectEncrypted, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Proxy, Target } from '../model/target.ts';
import { reveal } from '../secret.ts';
import { secureContextFor } from './tls.ts';

/** How a connection to the target is made, whichever client makes it. */
export interface Connection {
  /** A certificate authority beside those of Node, in PEM. */
  readonly ca?: Target['ca'] | undefined;
  /** Presented in every TLS handshake with the target. */
  readonly certificate?: Target['certificate'] | undefined;
  /** Opens every connection, through CONNECT (RFC 9110 §9.3.6). */
  readonly proxy?: Target['proxy'] | undefined;
}

export function connectionTo({ ca, certificate, proxy }: Target): Connection {
  return { ca, certificate, proxy };
}

/** Host and port of a URL, as a socket takes them. */
export function placeOf({ hostname, port, protocol }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/**
 * Opens a connection to the place through the proxy.
 *
 * @param timeout in milliseconds
 * @throws with the code `PROXY_UNREACHABLE` or `PROXY_REFUSED`: no fault of the target
 */
export function tunnelTo(origin: URL, proxy: Proxy, { ca }: Pick<Connection, 'ca'>, timeout: number): Promise<Socket> {
  const { host, port } = placeOf(origin);
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const address = new URL(proxy.url);
  const isEncrypted = address.protocol === 'https:';
  const secureContext = isEncrypted ? secureContextFor({ ca }) : undefined;
  const options: RequestOptions & ConnectionOptions = {
    ...placeOf(address),
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority, ...authorizationOf(proxy) },
    agent: false,
    timeout,
    ...(secureContext && { secureContext }),
  };
  return new Promise((resolve, reject) => {
    const request = isEncrypted ? httpsRequest(options) : httpRequest(options);
    const fail = (code: string, message: string): void => reject(Object.assign(new Error(message), { code }));
    request.on('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      socket.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      fail('PROXY_REFUSED', `the proxy answers CONNECT with status ${statusCode}`);
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    request.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) =>
      fail('PROXY_UNREACHABLE', `the proxy cannot be reached (${code})`),
    );
    request.end();
  });
}

/** RFC 7617 §2. */
function authorizationOf({ user, password }: Proxy): Record<string, string> {
  if (user === undefined) return {};
  const pair = `${user}:${password === undefined ? '' : reveal(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

/**
 * A TLS connection, before its handshake has ended.
 *
 * @param options win over what follows from the settings
 */
export async function encrypted(
  origin: URL,
  connection: Connection,
  timeout: number,
  options: ConnectionOptions,
): Promise<TLSSocket> {
  const { host, port } = placeOf(origin);
  const socket = connection.proxy && (await tunnelTo(origin, connection.proxy, connection, timeout));
  const secureContext = secureContextFor(connection);
  return connectEncrypted({
    ...(socket ? { socket } : { host, port }),
    // Of a socket that is given Node does not know whose certificate to expect.
    ...(socket && { host }),
    ...(isIP(host) === 0 && { servername: host }),
    ...(secureContext && { secureContext }),
    ...options,
  });
}
