import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface HostileAnswer {
  readonly answer: (socket: Socket) => void;
  /** What becomes of a refusal that is answered so, and why. */
  readonly outcome: 'violates' | 'not proven';
  readonly because: RegExp;
  /** The suite waits for it as long as it waits for anything. */
  readonly isSlow?: true;
}

const MIB = 1024 * 1024;
const MISSING = '{"code":401,"status":"Unauthorized","reason":"Invalid API Key"';

/** Answers that a broken or malicious server gives to a request without a key. */
export const hostileAnswers: Readonly<Record<string, HostileAnswer>> = {
  'a body without end': {
    answer: (socket) => pour(socket, head(), Buffer.alloc(65_536, ' ')),
    outcome: 'violates',
    because: /the body goes on beyond 1048576 bytes/,
  },
  '5 MB of body': {
    answer: (socket) => {
      const body = `${MISSING},"more":"${'x'.repeat(5 * MIB)}"}`;
      socket.write(head(`Content-Length: ${body.length}`) + body);
    },
    outcome: 'violates',
    because: /the body goes on beyond 1048576 bytes/,
  },
  '50 MB of headers': {
    answer: (socket) => pour(socket, 'HTTP/1.1 401 Unauthorized\r\n', `X-More: ${'x'.repeat(8000)}\r\n`, 50 * MIB),
    outcome: 'violates',
    because: /^none: too-large: /,
  },
  'headers without end': {
    answer: (socket) => pour(socket, 'HTTP/1.1 401 Unauthorized\r\nX-More: ', 'x'.repeat(65_536)),
    outcome: 'violates',
    because: /^none: too-large: /,
  },
  'a gzip bomb': {
    answer: (socket) => {
      socket.write(head('Content-Encoding: gzip', `Content-Length: ${bomb().length}`));
      socket.write(bomb());
    },
    outcome: 'violates',
    because: /the gzip body expands beyond 1048576 bytes/,
  },
  'a coding that is a lie': {
    answer: (socket) => socket.write(`${head('Content-Encoding: br', 'Content-Length: 4')}nope`),
    outcome: 'violates',
    because: /the body is not br/,
  },
  'a head that comes byte by byte': {
    answer: (socket) => drip(socket, head('Content-Length: 2')),
    outcome: 'violates',
    because: /^none: timeout: /,
    isSlow: true,
  },
  'a body that comes byte by byte': {
    answer: (socket) => drip(socket, ' '.repeat(1000), head('Content-Length: 1000')),
    outcome: 'violates',
    because: /^none: timeout: /,
    isSlow: true,
  },
  'interim answers without end': {
    answer: (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000)),
    outcome: 'violates',
    because: /^none: timeout: /,
    isSlow: true,
  },
  'invalid UTF-8': {
    answer: (socket) =>
      whole(
        socket,
        Buffer.concat([Buffer.from(`${MISSING},"more":"`), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]),
      ),
    outcome: 'violates',
    because: /the body is not UTF-8/,
  },
  'broken chunking': {
    answer: (socket) => socket.write(`${head('Transfer-Encoding: chunked')}zz\r\n${MISSING}}\r\n0\r\n\r\n`),
    outcome: 'violates',
    because: /^none: protocol: /,
  },
  'a chunk that is never finished': {
    answer: (socket) => socket.end(`${head('Transfer-Encoding: chunked')}ff\r\n${MISSING}`),
    outcome: 'not proven',
    because: /^reset: /,
  },
  'less body than was announced': {
    answer: (socket) => socket.end(`${head('Content-Length: 1000')}${MISSING}}`),
    outcome: 'not proven',
    because: /^reset: /,
  },
  'two lengths of one body': {
    answer: (socket) => socket.write(`${head('Content-Length: 2', 'Content-Length: 5')}{}{}{`),
    outcome: 'violates',
    because: /^none: protocol: /,
  },
  'duplicate JSON members': {
    answer: (socket) => whole(socket, `{"code":200,${MISSING.slice(1)},"c\\u006fde":200}`),
    outcome: 'violates',
    because: /the body has the member "code" twice, and readers differ in which they take/,
  },
  'JSON 10,000 levels deep': {
    answer: (socket) => whole(socket, `${MISSING},"more":${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
    outcome: 'violates',
    because: /the body is nested deeper than 64 levels/,
  },
  'JSON that opens 500,000 levels': {
    answer: (socket) => whole(socket, '{"a":'.repeat(200_000)),
    outcome: 'violates',
    because: /the body is nested deeper than 64 levels/,
  },
  'NUL bytes': {
    answer: (socket) => whole(socket, `${MISSING},"more":"\0\0"}\0`),
    outcome: 'violates',
    because: /the body is not JSON/,
  },
  'NUL bytes in a header': {
    answer: (socket) => whole(socket, `${MISSING}}`, 'X-More: a\0b'),
    outcome: 'violates',
    because: /^none: protocol: /,
  },
  'commands to the terminal': {
    answer: (socket) => whole(socket, '\u001b]0;owned\u0007\u001b[2J\u009b31m'),
    outcome: 'violates',
    because: /the body is not JSON/,
  },
  'no HTTP at all': {
    answer: (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
    outcome: 'violates',
    because: /^none: protocol: /,
  },
};

function head(...fields: readonly string[]): string {
  return ['HTTP/1.1 401 Unauthorized', 'Content-Type: application/json', ...fields, '', ''].join('\r\n');
}

function whole(socket: Socket, body: string | Buffer, ...fields: readonly string[]): void {
  socket.write(head(...fields, `Content-Length: ${Buffer.byteLength(body)}`));
  socket.write(body);
}

/** As fast as it is read, and no more than a little ahead of it. */
function pour(socket: Socket, first: string, again: string | Buffer, limit = Infinity): void {
  const more = (): void => {
    while (!socket.destroyed && socket.bytesWritten < limit)
      if (!socket.write(again)) return void socket.once('drain', more);
    socket.end();
  };
  socket.write(first);
  more();
}

/** For ever, as far as the suite's patience goes: a byte now and then. */
function drip(socket: Socket, text: string, first = ''): void {
  socket.write(first);
  let at = 0;
  const timer = setInterval(() => socket.write(text.charAt(at++)), 25);
  socket.on('close', () => clearInterval(timer));
}

let packed: Buffer | undefined;

/** 200 MB of nothing. */
function bomb(): Buffer {
  return (packed ??= gzipSync(Buffer.alloc(200 * MIB)));
}
