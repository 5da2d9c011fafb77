import { createHash } from 'node:crypto';
import type { MockResponse } from '../types/http.ts';
import type { MockRequest } from '../types/request.ts';
import { header } from './request.ts';

/** RFC 6455 §1.3: shows that the server has read the handshake. */
const HANDSHAKE = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The response that makes a WebSocket of the connection (RFC 6455 §4.2.2). */
export function opened(request: MockRequest): MockResponse {
  const nonce = header(request, 'sec-websocket-key') ?? '';
  return {
    status: 101,
    headers: [
      ['Upgrade', 'websocket'],
      ['Connection', 'Upgrade'],
      ['Sec-WebSocket-Accept', createHash('sha1').update(`${nonce}${HANDSHAKE}`).digest('base64')],
    ],
    body: '',
  };
}

/** A stream of events, of which the first is a comment (HTML, §9.2.6). */
export function eventStream(): MockResponse {
  return {
    status: 200,
    headers: [['Content-Type', 'text/event-stream']],
    body: ': open\n\n',
    delivery: { endless: true },
  };
}
