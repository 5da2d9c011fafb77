import { isIP } from 'node:net';
import { connect } from 'node:tls';

/**
 * Whether the server chooses HTTP/2 in the TLS handshake (ALPN, RFC 7301). Nothing is sent but the handshake, so any
 * certificate is good enough.
 *
 * @param timeout in milliseconds
 */
export function offersHttp2({ hostname, port }: URL, timeout: number): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      ...{ host, port: Number(port || 443), rejectUnauthorized: false, timeout, ALPNProtocols: ['h2', 'http/1.1'] },
      ...(isIP(host) === 0 && { servername: host }),
    });
    const end = (offers: () => boolean) => (): void => {
      resolve(offers());
      socket.destroy();
    };
    const never = end(() => false);
    socket.on(
      'secureConnect',
      end(() => socket.alpnProtocol === 'h2'),
    );
    socket.on('error', never).on('close', never).on('timeout', never);
  });
}
