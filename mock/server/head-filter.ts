import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { PeerCertificate } from 'node:tls';
import type { HeaderLine, IncomingRequest } from '../types/http.ts';

/** In characters. A longer head is handed on as it is, and the parser refuses it. */
const LONGEST_HEAD = 64 * 1024;
const END_OF_HEAD = '\r\n\r\n';

/** A stream between a socket and the HTTP parser that replaces the head of each request. */
export class HeadFilter extends Duplex {
  readonly #socket: Socket;
  readonly #rewrite: (head: string) => string;
  #held = '';
  #bodyLeft = 0;

  constructor(socket: Socket, rewrite: (filter: HeadFilter, head: string) => string) {
    super();
    this.#socket = socket;
    this.#rewrite = (head) => rewrite(this, head);
    socket
      .on('data', (chunk: Buffer) => this.#take(chunk.toString('latin1')))
      .on('end', () => this.push(null))
      .on('error', (error) => this.destroy(error))
      .on('close', () => this.destroy());
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get certificate(): IncomingRequest['certificate'] {
    return certificateOf(this.#socket);
  }

  get isResumed(): boolean {
    return isResumed(this.#socket);
  }

  get servername(): string | undefined {
    return serverNameOf(this.#socket);
  }

  resetAndDestroy(): this {
    this.#socket.resetAndDestroy();
    return this.destroy();
  }

  override _read(): void {
    // Data is pushed when the socket has some.
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #take(text: string): void {
    this.#held += text;
    while (this.#held !== '') {
      const body = this.#held.slice(0, this.#bodyLeft);
      this.#bodyLeft -= body.length;
      this.#held = this.#held.slice(body.length);
      if (body !== '') this.push(body, 'latin1');
      const end = this.#held.indexOf(END_OF_HEAD);
      if (this.#bodyLeft > 0 || (end < 0 && this.#held.length < LONGEST_HEAD)) return;
      const head = end < 0 ? this.#held : this.#held.slice(0, end + END_OF_HEAD.length);
      this.#held = this.#held.slice(head.length);
      this.#bodyLeft = end < 0 ? Infinity : lengthOfBody(head);
      this.push(end < 0 ? head : this.#rewrite(head), 'latin1');
    }
  }
}

/** The end of a chunked body is not looked for: everything else on the connection belongs to it. */
function lengthOfBody(head: string): number {
  if (/^transfer-encoding:/im.test(head)) return Infinity;
  return Number(/^content-length:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
}

export function serverNameOf(socket: object): string | undefined {
  const name = 'servername' in socket ? socket.servername : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** Method, target and headers of a head, as far as a malformed one can be read. */
export function readHead(head: string): { method: string; target: string; headers: readonly HeaderLine[] } {
  const [start = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const [, method = '', target = ''] = /^(\S*) ?(.*?)(?: HTTP\/[\d.]+)?$/.exec(start) ?? [];
  const headers = lines.flatMap((line): HeaderLine[] => {
    const [, name = '', value = ''] = /^([^:]+?)[ \t]*:[ \t]*(.*)$/s.exec(line) ?? [];
    return name === '' ? [] : [[name, value]];
  });
  return { method, target, headers };
}

export function isResumed(socket: object): boolean {
  if (socket instanceof HeadFilter) return socket.isResumed;
  return 'isSessionReused' in socket && (socket.isSessionReused as () => boolean).call(socket);
}

const certificates = new WeakMap<object, IncomingRequest['certificate']>();

/** Of the other end; one that verifies is of the mock's authority. Read once for each connection, since Node decodes it each time. */
export function certificateOf(socket: object): IncomingRequest['certificate'] {
  if (socket instanceof HeadFilter) return socket.certificate;
  const known = certificates.get(socket) ?? certificateShown(socket);
  certificates.set(socket, known);
  return known;
}

function certificateShown(socket: object): IncomingRequest['certificate'] {
  if (!('getPeerCertificate' in socket) || typeof socket.getPeerCertificate !== 'function') return 'none';
  // Node gives an empty object, or none, where nothing was presented.
  const presented = (socket.getPeerCertificate as () => Partial<PeerCertificate> | null).call(socket);
  if (presented?.raw === undefined) return 'none';
  // Only now: Node before 24 calls a resumed session authorized that never presented a certificate.
  return 'authorized' in socket && socket.authorized === true ? 'issued' : 'strange';
}
