import { isIP } from 'node:net';
import { connect } from 'node:tls';

/**
 * Whether the port of a plain-HTTP address speaks TLS. Nothing is sent but a handshake, so any certificate is good enough.
 *
 * @param timeout in milliseconds
 */
export function speaksTls({ hostname, port }: URL, timeout: number): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port: Number(port || 80), rejectUnauthorized: false, timeout },
      ...(isIP(host) === 0 && { servername: host }),
    });
    const end = (speaks: boolean) => (): void => {
      socket.destroy();
      resolve(speaks);
    };
    socket.on('secureConnect', end(true)).on('error', end(false)).on('close', end(false)).on('timeout', end(false));
  });
}
