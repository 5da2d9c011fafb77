import { encrypted, type Connection } from './connection.ts';

/**
 * Whether the server chooses HTTP/2 in the TLS handshake (ALPN, RFC 7301). Nothing is sent but the handshake, so any
 * certificate is good enough.
 *
 * @param timeout in milliseconds
 */
export async function offersHttp2(origin: URL, timeout: number, connection: Connection = {}): Promise<boolean> {
  try {
    const socket = await encrypted(origin, connection, timeout, {
      ...{ rejectUnauthorized: false, timeout, ALPNProtocols: ['h2', 'http/1.1'] },
    });
    return await new Promise((resolve) => {
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
  } catch {
    return false;
  }
}
