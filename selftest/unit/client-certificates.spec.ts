import { generate } from 'selfsigned';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { reasonNotToSend } from '../../src/http/safety-guard.ts';
import type { JudgedExchange } from '../../src/judging/rule.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { CERTIFICATE_CASE } from '../../src/requests/case.ts';
import { planOperation } from '../../src/requests/plan-operation.ts';
import { Secret } from '../../src/secret.ts';
import { expect, test } from '../support/unit-test.ts';
import { RunConfiguration } from '../../src/config/run-configuration.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import type { Fault, FailedExchange } from '../../src/model/exchange.ts';
import {
  isOpenedByCertificate,
  needsCertificate,
  opensWithoutCertificate,
  presentableAlternatives,
  reasonNotPresentable,
} from '../../src/openapi/security.ts';
import { cases, rules } from '../../tests/catalogue/index.ts';
import { BY_CERTIFICATE, huechat, huechatByCertificate, huechatWithCertificate, mockOf } from '../support/contracts.ts';

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

test('where the certificate is enough it is judged, and no key, since every request presents it', async () => {
  for (const security of [[['certificate']], [['certificate'], ['key']]]) {
    const operation = await operationWith(...security);
    expect(isOpenedByCertificate({ schemes, presentsCertificate: true }, operation)).toBe(true);
    expect(isOpenedByCertificate({ schemes }, operation)).toBe(false);
    expect(opensWithoutCertificate({ schemes }, operation)).toBe(security.length > 1);
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

test('on production no request that could write is sent with a certificate that opens the operation', async () => {
  const contract = await huechatByCertificate();
  const made = await generate([{ name: 'commonName', value: 'a client' }], { keyType: 'ec', algorithm: 'sha256' });
  const key = new Secret('HUECHAT_CLIENT_KEY', made.private, { origin: 'issued', shell: '$HUECHAT_CLIENT_KEY' });
  const { HUECHAT_CA: _, ...settings } = dryRunSettings(mockOf(contract));
  const sound = readTarget(contract, settings);
  const target = { ...sound, certificate: { cert: made.cert, key }, policy: { production: true, allowWrites: false } };
  const schemas = new SchemaValidators(contract);
  const planned = (id: string) => {
    const operation = contract.operations.find((one) => one.id === id);
    if (!operation) throw new Error(`the contract of the tests has no ${id} any more`);
    return planOperation(contract, target, operation, cases, schemas);
  };
  const [read = '', write = ''] = BY_CERTIFICATE;
  const control = planned(read).find(({ id }) => id === CERTIFICATE_CASE)?.request;
  const unsent = planned(write).filter(({ notSent }) => notSent);
  expect(control?.method).toBe('GET');
  expect(unsent.map(({ id, notSent }) => `${id}: ${notSent?.message}`)).toContain(
    'certificate-alone: on production no request that could write is sent with the certificate that opens the operation',
  );
  expect(planned(write).find(({ id }) => id === 'no-certificate-and-no-key')?.request?.certificate).toBe('none');
  // Whatever made the request: the guard refuses it too.
  const guarded = (more: object) =>
    control && reasonNotToSend({ ...control, method: 'PUT', ...more }, new URL(target.baseUrl), target, contract);
  expect(guarded({})).toBe(
    'on production no PUT leaves with a certificate that opens what it is sent to (HUECHAT_CLIENT_CERTIFICATE)',
  );
  expect(guarded({ certificate: 'none' })).not.toContain('certificate');
});

test('what is judged of a certificate is refused as such: any words will do, an error of the server will not', async () => {
  const rule = rules.find(({ id }) => id === 'certificate-needed');
  const contract = await huechatByCertificate();
  const operation = contract.operations.find(({ id }) => id === BY_CERTIFICATE[0]);
  const verify = (status: number, json: unknown, type = 'application/json') => {
    const body = { text: json === undefined ? 'a page' : JSON.stringify(json), bytes: 6, truncated: false, json };
    const response = { status, headers: [['Content-Type', type] as const], body };
    const fullAccess = {
      status: 200,
      headers: [['Content-Type', 'application/json']],
      body: { json: { id: '1' }, bytes: 6 },
    };
    const judged = { response, operation, contract, landmarks: {}, alone: new Map(), fullAccess, case: {} };
    return rule?.verify(judged as unknown as JudgedExchange).map(({ state }) => state);
  };
  expect([verify(401, {}), verify(400, undefined, 'text/html'), verify(200, { id: '1' })]).toEqual([
    ['met'],
    ['met'],
    ['unmet'],
  ]);
  expect([verify(502, undefined, 'text/html'), verify(200, undefined, 'text/html')]).toEqual([
    ['undecided'],
    ['undecided'],
  ]);
});
