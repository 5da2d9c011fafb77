import { expect, test } from '../support/unit-test.ts';
import { RunConfiguration } from '../../src/config/run-configuration.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import type { Fault, FailedExchange } from '../../src/model/exchange.ts';
import { needsCertificate, presentableAlternatives, reasonNotPresentable } from '../../src/openapi/security.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { huechat, huechatWithCertificate } from '../support/contracts.ts';

/** What a contract that names `mutualTLS` comes to with a certificate of the client and without one. */

const CERTIFICATE = { name: 'certificate', type: 'mutualTLS' } as const;
const KEY = { name: 'key', type: 'apiKey', in: 'header', parameter: 'X-Key' } as const;
const schemes = { certificate: CERTIFICATE, key: KEY };

async function operationWith(...security: readonly (readonly string[])[]) {
  const [operation] = (await huechat()).operations;
  if (!operation) throw new Error('the contract has no operation');
  return {
    ...operation,
    security: security.map((names) => ({ schemes: names.map((name) => ({ name, scopes: [] })) })),
  };
}

test('a certificate beside a key is presented by the connection, and the request presents the key', async () => {
  const operation = await operationWith(['certificate', 'key']);
  expect(presentableAlternatives({ schemes, presentsCertificate: true }, operation)).toEqual([[KEY]]);
  expect(presentableAlternatives({ schemes }, operation)).toEqual([]);
  expect(reasonNotPresentable({ schemes }, operation)).toBe(
    'certificate is a certificate of the client (mutualTLS), and the settings name none',
  );
});

test('where the certificate is enough no key is judged, since every request presents it', async () => {
  for (const security of [[['certificate']], [['certificate'], ['key']]]) {
    const operation = await operationWith(...security);
    expect(presentableAlternatives({ schemes, presentsCertificate: true }, operation)).toEqual([]);
    expect(reasonNotPresentable({ schemes, presentsCertificate: true }, operation)).toMatch(
      /^a certificate of the client is enough there, /,
    );
  }
});

test('an operation needs a certificate where every way to open it asks for one', async () => {
  const needs = async (...security: readonly (readonly string[])[]): Promise<boolean> =>
    needsCertificate({ schemes }, await operationWith(...security));
  expect([await needs(['certificate', 'key']), await needs(['certificate'], ['key'])]).toEqual([true, false]);
  expect([await needs(['key']), await needs()]).toEqual([false, false]);
});

test('a run presents a certificate where the settings name one', async () => {
  const read = (variables: Readonly<Record<string, string>>) =>
    RunConfiguration.read(readRunEnvironment('specs/huechat', { variables, problems: [] }));
  expect((await read({ HUECHAT_CLIENT_CERTIFICATE: 'client.pem' })).contract.presentsCertificate).toBe(true);
  expect((await read({})).contract.presentsCertificate).toBeUndefined();
});

test('a server refuses in the handshake or by ending the connection; that it is silent is no refusal', async () => {
  const rule = rules.find(({ id }) => id === 'certificate-needed');
  const found = (kind: Fault['kind']) => rule?.verifyFault?.({ fault: { kind, message: kind } } as FailedExchange);
  expect([found('tls'), found('reset')]).toEqual([[], []]);
  expect([found('timeout'), found('refused'), found('unavailable')]).toEqual([undefined, undefined, undefined]);
  const [operation] = (await huechatWithCertificate()).operations;
  if (!operation) throw new Error('the contract has no operation');
  const { presentsCertificate: _, ...without } = await huechatWithCertificate();
  expect(rule?.reasonNotApplicable?.(operation, without)).toBe('the settings name no certificate of the client');
});
