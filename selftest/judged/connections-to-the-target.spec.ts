import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, test } from '@playwright/test';
import { generate } from 'selfsigned';
import { authority } from '../../mock/server/certificates.ts';
import { startMock } from '../../mock/start.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { Client, type WrittenRequest } from '../../src/http/client.ts';
import { faultOf } from '../../src/http/fault.ts';
import { Http2Client } from '../../src/http/http2-client.ts';
import { offersHttp2 } from '../../src/http/offers-http2.ts';
import { RawClient } from '../../src/http/raw-client.ts';
import type { Connection } from '../../src/http/connection.ts';
import { Engine } from '../../src/run/engine.ts';
import { preflight } from '../../src/run/preflight.ts';
import { Secret } from '../../src/secret.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { connectProxy } from '../support/connect-proxy.ts';
import {
  BY_CERTIFICATE,
  BY_CERTIFICATE_OR_KEY,
  huechatByCertificate,
  huechatWithCertificate,
} from '../support/contracts.ts';
import { huechat, judgeMock, mockOf } from '../support/harness.ts';

/** Through a proxy, and with a certificate of the client: whichever of the clients makes the connection. */

/** As short as they come: it is sent to the proxy alone, and takes no letter out of a report. */
const PASSWORD = 'p@:';
const AUTHORIZATION = `Basic ${Buffer.from(`suite:${PASSWORD}`).toString('base64')}`;

/** A port that nothing listens on: a connection that goes round the proxy fails. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}

/** The mock behind a proxy, at an address that leads nowhere without it. */
async function behindProxy(userInfo: string) {
  const contract = await huechat();
  const mock = await startMock({ ...mockOf(contract), variant: 'speaks-http2' });
  const settings = mock.settings('sandbox');
  const proxy = await connectProxy(Number(new URL(settings['HUECHAT_BASE_URL'] ?? '').port), AUTHORIZATION);
  const host = `127.0.0.1:${await closedPort()}`;
  const target = readTarget(contract, {
    ...settings,
    HUECHAT_BASE_URL: `https://${host}/v2`,
    HUECHAT_LIVE_KEY_HOSTS: host,
    HUECHAT_PROXY: `http://${userInfo}127.0.0.1:${proxy.port}`,
  });
  const close = async (): Promise<void> => {
    await proxy.close();
    await mock.close();
  };
  return { contract, target, proxy, host, close };
}

test('a whole operation is judged through a proxy, over HTTP/1.1, HTTP/2 and bytes of our own', async () => {
  const { contract, target, proxy, host, close } = await behindProxy(`suite:${encodeURIComponent(PASSWORD)}@`);
  const engine = new Engine(contract, target, catalogue, { tries: 2, backoff: 1 });
  try {
    const [operation] = contract.operations;
    if (!operation) throw new Error('the contract has no operation');
    const { cells } = await engine.run(operation);
    const failed = cells.filter(({ outcome }) => !['conforms', 'not applicable'].includes(outcome));
    // What goes over plain HTTP a proxy would write anew.
    expect(failed.map(({ rule, outcome, reason }) => ({ rule, outcome, reason }))).toEqual(
      ['plain-http', 'plain-http-redirect'].map((rule) => ({
        ...{ rule, outcome: 'not proven' },
        reason: 'a proxy rewrites what goes over plain HTTP, so nothing is shown of it while HUECHAT_PROXY is set',
      })),
    );
    const overHttp2 = cells.flatMap(({ cases }) => cases).filter((one) => one.case.includes('http2') && one.exchange);
    expect(overHttp2.length).toBeGreaterThan(5);
    expect([...new Set(proxy.asked)]).toEqual([`CONNECT ${host}`]);
    const curl = cells.flatMap(({ cases }) => cases).find(({ exchange }) => exchange)?.exchange?.request.curl;
    expect(curl).toContain(' --proxytunnel -x "$HUECHAT_PROXY" ');
    expect(JSON.stringify(cells)).not.toMatch(/p@:|proxy-authorization/i);
  } finally {
    await engine.close();
    await close();
  }
});

test('a proxy that refuses is said to, and the password is not', async () => {
  for (const userInfo of ['', `suite:${encodeURIComponent(`${PASSWORD}!`)}@`]) {
    const { contract, target, close } = await behindProxy(userInfo);
    try {
      const { problems } = await preflight(contract, target, { tries: 1 });
      expect(problems).toEqual([
        `${target.baseUrl} cannot be judged (PROXY_REFUSED: the proxy answers CONNECT with status 407): correct HUECHAT_PROXY, with user and password if it asks for them, or allow the target in the proxy.`,
      ]);
    } finally {
      await close();
    }
  }
});

test('a proxy that is not there is no fault of the target', async () => {
  const { contract, target, proxy, close } = await behindProxy('');
  await proxy.close();
  const { problems } = await preflight(contract, target, { tries: 1 });
  expect(problems[0]).toContain(
    '(PROXY_UNREACHABLE: the proxy cannot be reached (ECONNREFUSED)): correct HUECHAT_PROXY',
  );
  await close().catch(() => undefined);
});

const REQUEST: WrittenRequest = { method: 'GET', target: '/', headers: [], body: undefined };

/** A server that asks for a certificate in the handshake, and answers with the name in it. */
async function certificateServer(trusted: string) {
  const { ca, certificateOf } = await authority();
  const { key, cert } = await certificateOf('trusted');
  const server = createSecureServer(
    { key, cert, ca: trusted, requestCert: true, rejectUnauthorized: true, allowHTTP1: true },
    (request, response) => {
      const socket = 'stream' in request ? request.stream.session?.socket : undefined;
      const { subject } = ((socket ?? request.socket) as TLSSocket).getPeerCertificate();
      response.end(String(subject.CN));
    },
  );
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const close = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin, ca, close };
}

async function bodies(origin: URL, connection: Connection): Promise<readonly string[]> {
  const options = { connection, timeout: 5_000, largestBody: 1_000, connections: 1 };
  const [client, raw, http2] = [new Client(options), new RawClient(options), new Http2Client(options)];
  const fields = [
    [':method', 'GET'],
    [':path', '/'],
    [':scheme', 'https'],
    [':authority', origin.host],
  ] as const;
  const body = async (sent: Promise<{ response: { body: Buffer } }>): Promise<string> =>
    sent.then(
      ({ response }) => response.body.toString(),
      (error: unknown) => faultOf(error).kind,
    );
  try {
    return [
      await body(client.send(origin, REQUEST, 'test', 'no key')),
      await body(raw.send(origin, [REQUEST], 'test')),
      await body(http2.send(origin, { fields, body: undefined, isOdd: false }, 'test', 'no key')),
    ];
  } finally {
    await Promise.all([client.close(), http2.close()]);
  }
}

test('every client presents the certificate, directly and through a proxy, and without it none gets in', async () => {
  const made = await generate([{ name: 'commonName', value: 'the suite' }], { keyType: 'ec', algorithm: 'sha256' });
  const key = new Secret('HUECHAT_CLIENT_KEY', made.private, { origin: 'issued', shell: '$HUECHAT_CLIENT_KEY' });
  const { origin, ca, close } = await certificateServer(made.cert);
  const proxy = await connectProxy(Number(origin.port));
  const certificate = { cert: made.cert, key };
  try {
    const three = (what: string): string[] => [what, what, what];
    expect(await bodies(origin, { ca, certificate })).toEqual(three('the suite'));
    const through = { url: `http://127.0.0.1:${proxy.port}` };
    expect(await bodies(origin, { ca, certificate, proxy: through })).toEqual(three('the suite'));
    expect(proxy.asked).toEqual(three(`CONNECT ${origin.host}`));
    for (const refused of await bodies(origin, { ca })) expect(['tls', 'reset']).toContain(refused);
    expect(await offersHttp2(origin, 5_000, { ca, certificate })).toBe(true);
  } finally {
    await proxy.close();
    await close();
  }
});

test('where a contract asks for a certificate beside the key, keys are judged with it, and the key without it', async () => {
  const contract = await huechatWithCertificate();
  const { cells } = await judgeMock({ contract, operations: (id) => id === 'GET /contacts' });
  expect(cells.filter(({ outcome }) => !['conforms', 'not applicable'].includes(outcome))).toEqual([]);
  const outcomes = new Map(cells.map(({ rule, outcome }) => [rule, outcome]));
  for (const rule of ['missing-key', 'revoked-key', 'certificate-needed'])
    expect(outcomes.get(rule), rule).toBe('conforms');
  const [shown] = cells.find(({ rule }) => rule === 'certificate-needed')?.cases ?? [];
  expect(shown?.exchange?.response?.status).toBe(401);
  expect(shown?.exchange?.request.curl).not.toContain('--cert');
  expect(shown?.control?.request.curl).toContain('--cert "$HUECHAT_CLIENT_CERTIFICATE" --key "$HUECHAT_CLIENT_KEY"');
});

const KEYED = 'GET /conversations';

test('where a certificate opens an operation by itself, the certificate is judged, and keys are judged elsewhere', async () => {
  const contract = await huechatByCertificate();
  const asked = [...BY_CERTIFICATE, BY_CERTIFICATE_OR_KEY, KEYED];
  const { cells } = await judgeMock({ contract, operations: (id) => asked.includes(id) });
  expect(cells.filter(({ outcome }) => !['conforms', 'not applicable'].includes(outcome))).toEqual([]);
  const judged = (operation: string): readonly string[] =>
    cells.filter((cell) => cell.operation === operation && cell.outcome === 'conforms').map(({ rule }) => rule);
  for (const operation of BY_CERTIFICATE)
    expect(judged(operation)).toEqual(['certificate-needed', 'certificate-verified', 'valid-certificate']);
  expect(judged(KEYED)).toContain('missing-key');
  const cases = (operation: string): readonly string[] =>
    cells
      .filter((cell) => cell.operation === operation && cell.rule === 'certificate-needed')
      .flatMap((cell) => cell.cases.map((one) => one.case));
  expect(cases(BY_CERTIFICATE[0] ?? '')).toEqual([
    'no-certificate-and-no-key',
    'nothing-in-resumed-session',
    'key-in-place-of-certificate',
    'certificate-claimed',
  ]);
  expect(cases(BY_CERTIFICATE_OR_KEY)).toEqual([
    'no-certificate-and-no-key',
    'nothing-in-resumed-session',
    'certificate-claimed',
  ]);
  const strange = cells.find(({ rule }) => rule === 'certificate-verified')?.cases[0]?.exchange?.request.curl;
  expect(strange).toMatch(
    /^openssl req -x509 .* -subj '\/CN=A client of the mock' .* && curl .* --cert self-made.pem --key /,
  );
});
