import { isIP } from 'node:net';
import { isToken } from '../fields/field-parser.ts';
import type { PlannedRequest } from '../model/request.ts';
import { Secret, type Text } from '../secret.ts';
import { http2Fields, isOddOverHttp2 } from './http2-fields.ts';
import { openText } from './request-text.ts';

/** A certificate of the client, as a shell finds it. */
export interface ShownCertificate {
  /** The words for the files of the certificate and of its key: `"$EXAMPLE_CLIENT_CERTIFICATE"`. */
  readonly files: readonly [certificate: string, key: string];
  /** A command that makes these files before; absent: they are there. */
  readonly madeBy?: string;
}

/** What a line needs to know beside the request. */
export interface Sending {
  /** Scheme, host and port that the connection was made to. */
  readonly origin: URL;
  /** Value of the `User-Agent` line that the client added. */
  readonly userAgent: string;
  /** Name of the shell variable that names a file with the target's certificate authority. */
  readonly caVariable?: string | undefined;
  /** What the connection presents; absent: nothing. */
  readonly certificate?: ShownCertificate | undefined;
  /** Name of the shell variable that has the proxy. */
  readonly proxyVariable?: string | undefined;
}

/** Seconds that a connection is read for that a server may keep open: it says nothing more. */
const READ_FOR = 3;

/**
 * A line for bash that repeats a request, and the one before it where the case consists of two: the same bytes, and each
 * key as the shell words that produce it. With curl where curl writes the request as it was sent, else as bytes to a
 * connection.
 */
export function repeatCommand(request: PlannedRequest, sending: Sending): string {
  const { earlier } = request;
  const { certificate } = sending;
  if (certificate?.madeBy !== undefined)
    return `${certificate.madeBy} && ${repeatCommand(request, { ...sending, certificate: { files: certificate.files } })}`;
  if (!earlier) return single(request, sending);
  if (request.resumesSession) return resumingCommand(earlier.request, request, sending);
  if (!earlier.sameConnection) return `${repeatCommand(earlier.request, sending)}; ${single(request, sending)}`;
  const both = [earlier.request, request];
  // curl uses a connection again for what stands behind --next.
  return both.every(isForCurl)
    ? `curl ${both.map((one) => curlWords(one, sending).join(' ')).join(' --next ')}`
    : rawCommand(both, sending);
}

/** Two connections, of which the second one resumes the TLS session that the first one left in a file. */
function resumingCommand(earlier: PlannedRequest, request: PlannedRequest, sending: Sending): string {
  const [first, second] = [
    rawCommand([earlier], sending, ['-sess_out', '"$session"']),
    rawCommand([request], sending, ['-sess_in', '"$session"']),
  ];
  return `session=$(mktemp); ${first}; ${second}; rm "$session"`;
}

function single(request: PlannedRequest, sending: Sending): string {
  if (request.http2 && !isForCurlOverHttp2(request)) return http2Command(request, sending);
  return isForCurl(request) ? `curl ${curlWords(request, sending).join(' ')}` : rawCommand([request], sending);
}

/** Whether curl writes the request line and the field lines as they were sent. */
function isForCurl({ method, target, headers, body, serverName }: PlannedRequest): boolean {
  const hosts = headers.filter(([name]) => name.toLowerCase() === 'host');
  return (
    serverName === undefined &&
    isToken(method) &&
    !(method === 'HEAD' && body !== undefined) &&
    /^[\x21-\x7e]+$/.test(openText(target)) &&
    hosts.length <= 1 &&
    hosts.every(([, value]) => openText(value) !== '') &&
    headers.every(([name, value]) => isToken(name) && isPlainValue(openText(value)))
  );
}

/** Whether curl writes the pseudo-header fields as they were sent: it makes `:authority` of the address, or of Host. */
function isForCurlOverHttp2(request: PlannedRequest): boolean {
  return !isOddOverHttp2(request) && isForCurl(request);
}

/** The frames with Node's own client, which prints the status and the body. */
function http2Command(request: PlannedRequest, { origin, userAgent, caVariable }: Sending): string {
  const fields = http2Fields(request, origin);
  const all: typeof fields = fields.some(([name]) => name === 'user-agent')
    ? fields
    : [...fields, ['user-agent', [userAgent]]];
  const json = all.flatMap(([name, value], index): Text => [
    `${index === 0 ? '' : ','}[${JSON.stringify(name)},"`,
    ...value.map((part) => (typeof part === 'string' ? JSON.stringify(part).slice(1, -1) : part)),
    '"]',
  ]);
  const words = [
    ...(caVariable === undefined ? [] : [`NODE_EXTRA_CA_CERTS="$${caVariable}"`]),
    `node -e '${HTTP2_SCRIPT}'`,
    quoted([origin.origin]),
    quoted(['[', ...json, ']'], 'utf8'),
    ...(request.body === undefined ? [] : [quoted(request.body, 'utf8')]),
  ];
  return words.join(' ');
}

/** Arguments: the origin, the fields as pairs in JSON, and the body. */
const HTTP2_SCRIPT = [
  'const [o,f,b]=process.argv.slice(1),h={};',
  'for(const [n,v] of JSON.parse(f))h[n]=n in h?[h[n],v].flat():v;',
  'const c=require("http2").connect(o),r=c.request(h,{endStream:b===undefined});',
  'r.on("response",a=>console.log(a)).on("error",e=>console.log(e.message)).on("close",()=>c.close());',
  'r.pipe(process.stdout);if(b!==undefined)r.end(b)',
].join('');

/** What is opened by such a request goes on for as long as the client listens. */
function mayStayOpen({ headers }: PlannedRequest): boolean {
  return headers.some(
    ([name, value]) =>
      name.toLowerCase() === 'upgrade' ||
      (name.toLowerCase() === 'accept' && openText(value).includes('text/event-stream')),
  );
}

/** A value without control characters, and without the white space around it that curl takes away. */
function isPlainValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) && value === value.trim();
}

function curlWords(request: PlannedRequest, sending: Sending): string[] {
  const { origin, userAgent, caVariable, certificate, proxyVariable } = sending;
  const { method, target, headers, body, newestTls, http2 } = request;
  const has = (name: string): boolean => headers.some(([candidate]) => candidate.toLowerCase() === name);
  const words = [
    '-sS',
    '-g',
    '-i',
    http2 ? '--http2' : '--http1.1',
    '--path-as-is',
    ...(mayStayOpen(request) ? ['-m', `${READ_FOR}`] : []),
  ];
  if (method === 'HEAD') words.push('--head');
  else if (method !== 'GET' || body !== undefined) words.push('-X', quoted([method]));
  if (proxyVariable !== undefined) words.push('--proxytunnel', '-x', `"$${proxyVariable}"`);
  if (caVariable !== undefined) words.push('--cacert', `"$${caVariable}"`);
  if (certificate) words.push('--cert', certificate.files[0], '--key', certificate.files[1]);
  // OpenSSL allows so old a version only at security level 0.
  if (newestTls !== undefined) words.push('--tlsv1.0', '--tls-max', '1.1', '--ciphers', "'DEFAULT:@SECLEVEL=0'");
  if (!has('user-agent')) words.push('-A', quoted([userAgent]));
  // Without a value curl leaves out the line that it would add by itself.
  if (!has('accept')) words.push('-H', "'Accept:'");
  // A word that begins with @ would name a file, but no field name does.
  for (const [name, value] of headers)
    words.push('-H', openText(value) === '' ? quoted([`${name};`]) : quoted([`${name}: `, ...value]));
  if (body !== undefined) {
    if (!has('content-type')) words.push('-H', "'Content-Type:'");
    words.push('--data-raw', quoted(body, 'utf8'));
  }
  const whole = openText(target);
  if (/^\/[^#\\]*$/.test(whole)) return [...words, quoted([origin.origin, ...target])];
  return [...words, '--request-target', quoted(target), quoted([`${origin.origin}/`])];
}

/**
 * Writes the bytes to a connection: through TLS with openssl, without it through a file of bash.
 *
 * @param more words for openssl
 */
function rawCommand(requests: readonly PlannedRequest[], sending: Sending, more: readonly string[] = []): string {
  const { origin, caVariable, certificate, proxyVariable } = sending;
  const [first] = requests;
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const port = origin.port || (origin.protocol === 'https:' ? '443' : '80');
  const printed = printfOf(requests.flatMap((request) => bytesOf(request, sending)));
  if (origin.protocol !== 'https:')
    return `{ ${printed} >&3; timeout ${READ_FOR} cat <&3; } 3<>/dev/tcp/${host}/${port}`;
  const name = first?.serverName ?? (isIP(host) === 0 ? host : undefined);
  const words = [
    ...[
      'timeout',
      String(READ_FOR),
      'openssl',
      's_client',
      '-quiet',
      '-connect',
      quoted([`${origin.hostname}:${port}`]),
    ],
    ...(name === undefined ? ['-noservername'] : ['-servername', quoted([name])]),
    ...(caVariable === undefined ? [] : ['-CAfile', `"$${caVariable}"`]),
    ...(certificate ? ['-cert', certificate.files[0], '-key', certificate.files[1]] : []),
    // Without scheme, user and password, which openssl takes elsewhere.
    ...(proxyVariable === undefined ? [] : ['-proxy', `"\${${proxyVariable}##*[/@]}"`]),
    ...(first?.newestTls === undefined ? [] : ['-tls1_1', '-cipher', "'DEFAULT:@SECLEVEL=0'"]),
    ...more,
  ];
  return `${printed} | ${words.join(' ')}`;
}

/** The request as the raw client writes it: see `headOf` there. */
function bytesOf({ method, target, headers, body }: PlannedRequest, { origin, userAgent }: Sending): Text {
  const has = (name: string): boolean => headers.some(([candidate]) => candidate.trim().toLowerCase() === name);
  const content = body === undefined ? [] : utf8(body);
  const length = content.reduce((sum, part) => sum + openText([part]).length, 0);
  return [
    `${method} `,
    ...target,
    ' HTTP/1.1\r\n',
    ...(has('host') ? [] : [`Host: ${origin.host}\r\n`]),
    ...headers.flatMap(([name, value]): Text => [`${name}: `, ...value, '\r\n']),
    ...(has('user-agent') ? [] : [`User-Agent: ${userAgent}\r\n`]),
    ...(body === undefined || has('content-length') ? [] : [`Content-Length: ${length}\r\n`]),
    '\r\n',
    ...content,
  ];
}

function utf8(text: Text): Text {
  return text.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8').toString('latin1') : part));
}

/** One `printf` for all of it: literals in its format, keys as its arguments. */
function printfOf(text: Text): string {
  const format = text.map((part) => (part instanceof Secret ? '%s' : formatted(part))).join('');
  const values = text.flatMap((part) => (part instanceof Secret ? [`"${part.shell}"`] : []));
  return ['printf', `'${format}'`, ...values].join(' ');
}

const ESCAPED: Readonly<Record<string, string>> = { '\r': '\\r', '\n': '\\n', '\\': '\\\\', '%': '%%', "'": "'\\''" };

/** Each character is a byte. */
function formatted(literal: string): string {
  return literal.replace(/[^\x20-\x7e]|[\\%']/g, (character) => ESCAPED[character] ?? octal(character));
}

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/**
 * A word of the shell.
 *
 * @param coding `latin1`: each character is a byte; `utf8`: the text is as it stands
 */
function quoted(text: Text, coding: 'latin1' | 'utf8' = 'latin1'): string {
  const isPlain = text.every((part) => typeof part !== 'string' || coding === 'utf8' || /^[\x20-\x7e]*$/.test(part));
  if (!text.some((part) => part instanceof Secret) && isPlain) return `'${text.join('').replaceAll("'", "'\\''")}'`;
  const parts = text.map((part) => {
    if (part instanceof Secret) return part.shell;
    const escaped = part.replace(/[\\"$`]/g, '\\$&');
    if (isPlain) return escaped;
    // The quotes end here and begin again: bytes are written in quotes of their own.
    return escaped.replace(/[^\x20-\x7e]+/g, (bytes) => `"$'${bytes.replace(/./gs, octal)}'"`);
  });
  return `"${parts.join('')}"`;
}
