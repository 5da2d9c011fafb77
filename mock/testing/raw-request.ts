import { connect as connectPlain } from 'node:net';
import { connect as connectEncrypted } from 'node:tls';

export interface RawAddress {
  readonly url: URL;
  readonly ca: string;
  /** Asked for in the TLS handshake; the certificate is then not held against it. */
  readonly serverName?: string | undefined;
}

/** Status line, its code, header lines and body of an answer, each byte one Latin-1 character. */
export interface RawAnswer {
  readonly start: string;
  readonly status: number;
  readonly lines: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Writes bytes that no client library agrees to write, and reads to the end of the connection. */
export async function sendRaw({ url, ca, serverName }: RawAddress, bytes: string): Promise<RawAnswer> {
  const host = url.hostname;
  const port = Number(url.port);
  const named = serverName !== undefined && { servername: serverName, checkServerIdentity: () => undefined };
  const socket = url.protocol === 'https:' ? connectEncrypted({ host, port, ca, ...named }) : connectPlain(port, host);
  const text = await new Promise<string>((resolve, reject) => {
    let received = '';
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    // A server that refuses a head in the middle closes before it has read it all.
    socket.on('error', (error: Error) => {
      if (received === '') reject(error);
    });
    socket.on('close', () => resolve(received));
  });
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  return {
    start,
    status: Number(start.split(' ')[1]),
    lines: lines.map((line) => [line.replace(/:.*$/s, ''), line.replace(/^[^:]*:\s*/, '')] as const),
    body: body.join('\r\n\r\n'),
  };
}
