import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { HeaderLine } from '../types/http.ts';

export interface HeadRequest {
  readonly url: URL;
  readonly target: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  /** Sent only when a 100 asks for it. */
  readonly body?: string | undefined;
  readonly ca: string;
}

/** The head of an answer; `continued`: a 100 came before it. */
export interface HeadAnswer {
  readonly status: number;
  readonly lines: readonly HeaderLine[];
  readonly continued: boolean;
}

/** Waits for the head of an answer only, since what follows may not end, or be no HTTP. */
export function sendForHead({ url, target, method, headers, body, ca }: HeadRequest): Promise<HeadAnswer> {
  return new Promise((resolve, reject) => {
    let continued = false;
    const sent = request({ host: url.hostname, port: url.port, ca, method, path: target, headers: headers.flat() });
    const end = ({ statusCode: status = 0, rawHeaders }: IncomingMessage): void => {
      const lines = rawHeaders.flatMap((name, index): HeaderLine[] =>
        index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
      );
      resolve({ status, lines, continued });
      sent.destroy();
    };
    sent
      .on('continue', () => {
        continued = true;
        sent.end(body);
      })
      .on('response', end)
      .on('upgrade', (response, socket) => {
        end(response);
        socket.destroy();
      })
      .on('error', reject);
    if (headers.some(([name]) => name === 'Expect')) sent.flushHeaders();
    else sent.end();
  });
}
