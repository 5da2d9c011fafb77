import { dryRunSettings } from '../../mock/dry-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { type OperationExchanges, judge } from '../../src/judging/judge.ts';
import { judgeTogether } from '../../src/judging/operation-comparison.ts';
import type { Cell } from '../../src/model/cell.ts';
import type { Contract, Level } from '../../src/model/contract.ts';
import type { Exchange, HttpResponse, Landmarks } from '../../src/model/exchange.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { planOperation } from '../../src/requests/plan-operation.ts';
import { fingerprintsOf } from '../../src/judging/fingerprints.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { huechat, mockOf } from '../support/contracts.ts';
import { expect, test } from '../support/unit-test.ts';

/** What rules of the catalogue say of responses that a server could send, judged as in a run. Nothing is sent. */

type Header = readonly [name: string, value: string];

const ERROR = { error: 'unauthorized', message: 'Invalid API key', code: 401 };

function response(status: number, ...headers: readonly Header[]): HttpResponse {
  const body = { text: JSON.stringify(ERROR), bytes: 60, truncated: false, json: ERROR };
  return { status, headers: [['Content-Type', 'application/json'], ...headers], body };
}

interface Situation {
  /** By case; every other one gets a plain 200 or 401. */
  readonly responses: Readonly<Record<string, HttpResponse>>;
  readonly operation?: string;
  readonly change?: (contract: Contract) => Contract;
  readonly landmarks?: Landmarks;
}

async function exchangesWith({
  responses,
  operation = 'GET /contacts',
  change,
  landmarks,
}: Situation): Promise<OperationExchanges> {
  const whole = await huechat();
  const contract = change?.(whole) ?? whole;
  const target = readTarget(contract, dryRunSettings(mockOf(whole)));
  const schemas = new SchemaValidators(contract);
  const judged = contract.operations.find(({ id }) => id === operation);
  if (!judged) throw new Error(`the contract of the tests has no ${operation} any more`);
  const probes = planOperation(contract, target, judged, catalogue.cases, schemas);
  const exchanges = new Map(
    probes.map(({ id, case: one }): [string, Exchange] => {
      const request = { method: 'GET', url: 'https://127.0.0.1/', headers: [], curl: 'curl' };
      const usual = response(one.kind === 'controlled' ? 401 : 200);
      return [id, { request, response: responses[one.id] ?? usual, echoes: [], attempts: 1, durationMs: 1 }];
    }),
  );
  const sent = { contract, target, operation: judged, schemas, probes, exchanges };
  return { ...sent, isKeyAcceptedElsewhere: true, isTargetAnswering: true, ...(landmarks && { landmarks }) };
}

async function cellOf(ruleId: string, situation: Situation): Promise<Cell> {
  const rule = catalogue.rules.find(({ id }) => id === ruleId);
  if (!rule) throw new Error(`the catalogue has no rule ${ruleId}`);
  return judge(rule, await exchangesWith(situation));
}

/** The expectations that are not met, of all cases. */
async function unmet(ruleId: string, responses: Situation['responses']): Promise<string[]> {
  const { cases } = await cellOf(ruleId, { responses });
  return [...new Set(cases.flatMap((verdict) => verdict.unmet.map(({ expectation }) => expectation)))];
}

test('a foreign origin that may read the response is told from one that may do so with credentials', async () => {
  const found = async (...headers: readonly Header[]): Promise<string[]> => {
    const { cases } = await cellOf('foreign-origin', { responses: { 'foreign-origin': response(200, ...headers) } });
    return cases.flatMap(({ unmet: its }) => its.map(({ actual }) => actual));
  };
  const any: Header = ['Access-Control-Allow-Origin', '*'];
  const alone = 'Access-Control-Allow-Origin: *';
  expect(await found(any)).toEqual([alone]);
  expect(await found(any, ['Access-Control-Allow-Credentials', 'false'])).toEqual([alone]);
  expect(await found(any, ['Access-Control-Allow-Credentials', 'true'])).toEqual([
    `${alone}, with Access-Control-Allow-Credentials: true`,
  ]);
});

test.describe('field values are read by their grammar', () => {
  const cacheable: readonly (readonly [Header, string[]])[] = [
    [['Cache-Control', 'No-Store'], []],
    [['Cache-Control', 'max-age=0, private'], []],
    [['Cache-Control', 'max-age=60, note="no-store, private"'], ['not-stored']],
    [['Cache-Control', 'no-storex'], ['not-stored']],
    [['Cache-Control', 'x-no-store'], ['not-stored']],
    // Only that header field is kept out of a shared cache (RFC 9111 §5.2.2.7).
    [['Cache-Control', 'private="set-cookie"'], ['not-stored']],
    [['Vary', 'Accept, X-Api-Key'], []],
    [['Vary', '"authorization, x-api-key"'], ['not-stored']],
  ];
  for (const [header, expected] of cacheable)
    test(`cache-control: ${header.join(': ')}`, async () => {
      const kept = response(200, ['Cache-Control', 'no-store']);
      const responses = { 'valid-key': response(200, header), 'valid-key-unknown-resource': kept };
      expect(await unmet('cache-control', responses)).toEqual(expected);
    });

  const challenges: readonly (readonly [string[], string[]])[] = [
    [['Bearer'], []],
    [['Bearer realm="keys, basic or not"'], []],
    [['Bearer realm="a \\" error=b"'], []],
    [['Bearer realm="api" , basic realm="x"'], ['no-basic']],
    [['Bearer', 'Basic realm="x"'], ['no-basic']],
    [['Bearer error = "invalid_token"'], ['no-error-code']],
    [['Bearer', 'ApiKey error="missing"'], ['no-error-code']],
    [[], ['challenge']],
    [['"Bearer"'], ['challenge']],
  ];
  for (const [values, expected] of challenges)
    test(`challenge: ${values.join(' and ') || 'none'}`, async () => {
      const headers = values.map((value): Header => ['WWW-Authenticate', value]);
      expect(await unmet('challenge', { 'no-key': response(401, ...headers) })).toEqual(expected);
    });

  const types: readonly (readonly [string, string[], string[]])[] = [
    ['application/json; charset="utf-8"', [], []],
    ['Application/Problem+JSON ; title="text/html"', [], []],
    ['text/plain; note="application/json"', ['media-type'], []],
    ['Text/HTML ;charset="utf-8"', ['media-type'], ['no-html']],
    ['application/json, text/html', ['media-type'], ['no-html']],
  ];
  for (const [value, ofRefusal, atEdge] of types)
    test(`media type: ${value}`, async () => {
      const typed = { ...response(401), headers: [['Content-Type', value]] as const };
      expect(await unmet('error-media-type', { 'no-key': typed })).toEqual(ofRefusal);
      expect(await unmet('json-at-the-edge', { 'unknown-path': typed })).toEqual(atEdge);
    });

  test('an API that refuses with pages itself has none at its edge', async () => {
    const page = { ...response(401), headers: [['Content-Type', 'text/html']] as const };
    expect(await unmet('json-at-the-edge', { 'unknown-path': page, 'no-key': page })).toEqual([]);
  });

  test('a refusal that is documented without content needs no media type, unless it has content', async () => {
    const withoutContent = (contract: Contract): Contract => ({
      ...contract,
      operations: contract.operations.map((one) => ({
        ...one,
        responses: { ...one.responses, 401: { mediaTypes: [], headers: [] } },
      })),
    });
    const outcomeOf = async (noKey: HttpResponse, change = withoutContent): Promise<string> =>
      (await cellOf('error-media-type', { responses: { 'no-key': noKey }, change })).outcome;
    const empty = { status: 401, headers: [], body: { text: '', bytes: 0, truncated: false } };
    expect(await outcomeOf(empty)).toBe('conforms');
    expect(await outcomeOf(empty, (contract) => contract)).toBe('deviates');
    expect(await outcomeOf({ ...response(401), headers: [['Content-Type', 'text/html']] })).toBe('deviates');
  });

  const transports: readonly (readonly [string, string[]])[] = [
    ['max-age=31536000; includeSubDomains', []],
    ['MAX-AGE="600"', []],
    ['max-age=0', ['header']],
    ['includeSubDomains; note="max-age=600"', ['header']],
    ['no-max-age=600', ['header']],
  ];
  for (const [value, expected] of transports)
    test(`strict-transport: ${value}`, async () => {
      const responses = { 'valid-key': response(200, ['Strict-Transport-Security', value]) };
      expect(await unmet('strict-transport', responses)).toEqual(expected);
    });
});

test.describe('headers that are compared', () => {
  const incidental: readonly (readonly Header[])[] = [
    [['Via', '1.1 proxy.example']],
    [['Age', '3']],
    [['Connection', 'close']],
    [['Keep-Alive', 'timeout=5']],
    [
      ['Connection', 'close, X-Hop'],
      ['X-Hop', '1'],
    ],
    [
      ['Date', 'Sat, 28 Nov 2026 12:00:00 GMT'],
      ['ETag', '"1"'],
    ],
    [
      ['X-Cache', 'MISS'],
      ['Cache-Status', 'edge; fwd=miss'],
    ],
  ];
  for (const headers of incidental)
    test(`${headers.map(([name]) => name).join(' and ')} make no difference`, async () => {
      const responses = { 'wrong-prefix': response(401, ...headers) };
      expect(await unmet('one-answer-to-bad-keys', responses)).toEqual([]);
      expect(await differing(headers)).toEqual([]);
    });

  test('any other header does', async () => {
    const other: readonly Header[] = [['X-Reason', 'malformed']];
    const responses = { 'wrong-prefix': response(401, ...other) };
    expect(await unmet('one-answer-to-bad-keys', responses)).toEqual(['same-headers']);
    expect(await differing(other)).toEqual(['GET /conversations']);
    const named: readonly Header[] = [['X-Hop', '1']];
    expect(await differing(named), 'a header that Connection does not name').toEqual(['GET /conversations']);
  });

  /** The operations that uniform-errors calls different, where one of three has these headers in its refusal. */
  async function differing(headers: readonly Header[]): Promise<string[]> {
    const prints = new Map();
    for (const operation of ['GET /contacts', 'GET /contact/{identifier}', 'GET /conversations']) {
      const its = operation === 'GET /conversations' ? headers : [];
      const sent = await exchangesWith({ operation, responses: { 'no-key': response(401, ...its) } });
      prints.set(operation, fingerprintsOf(catalogue.crossOperationRules, sent));
    }
    const cells = judgeTogether(catalogue.crossOperationRules, prints, await huechat());
    return cells.filter(({ outcome }) => outcome === 'deviates').map(({ operation }) => operation);
  }
});

test.describe('an operation whose scopes the contract only surveys', () => {
  const surveyed = (level: Level) => ({
    change: (contract: Contract): Contract => ({
      ...contract,
      operations: contract.operations.map((one) => ({ ...one, scopePromise: { ...one.scopePromise, level } })),
    }),
  });
  // Each key without permission gets what the full-access key gets, and the key with the scope is refused.
  const responses = {
    'scoped-out-key': response(200),
    'scoped-out-key-dry-run': response(200),
    'sibling-scope-key': response(200),
    'scoped-key': response(403),
  };
  const RULES = ['insufficient-scope', 'separate-scopes', 'sufficient-scope'];

  test('records what was found, and neither violates nor deviates', async () => {
    for (const rule of RULES)
      expect(await cellOf(rule, { responses, ...surveyed('SURVEY') }), rule).toMatchObject({
        level: 'SURVEY',
        outcome: 'not applicable',
        reason: 'level SURVEY: what was found is recorded only',
      });
  });

  test('deviates where the contract is surer', async () => {
    for (const rule of RULES)
      expect(await cellOf(rule, { responses, ...surveyed('SHOULD') }), rule).toMatchObject({ outcome: 'deviates' });
  });
});

test.describe('a 404 to a made-up id before the key is asked for', () => {
  const of = (words: string): HttpResponse => {
    const json = { error: words };
    const body = { text: JSON.stringify(json), bytes: 20, truncated: false, json };
    return { status: 404, headers: [['Content-Type', 'application/json']], body };
  };
  const anywhere = of('Not Found');
  const landmarks = { unknownPath: anywhere, unknownPathWithKey: anywhere };
  const judged = async (without: HttpResponse, withKey: HttpResponse): Promise<Cell> =>
    cellOf('authentication-first', {
      responses: { 'no-key-unknown-resource': without, 'valid-key-unknown-resource': withKey },
      operation: 'GET /contact/{identifier}',
      landmarks,
    });

  test('is not proven where the router says the same of every path, with a key and without', async () => {
    expect(await judged(anywhere, anywhere)).toMatchObject({
      outcome: 'not proven',
      reason: expect.stringContaining('as on a path that does not exist'),
    });
  });

  test('violates in words of its own, and where the key shows that the path is routed', async () => {
    expect(await judged(of('No such contact'), of('No such contact'))).toMatchObject({ outcome: 'violates' });
    expect(await judged(anywhere, of('No such contact'))).toMatchObject({ outcome: 'violates' });
  });
});

test.describe('a peculiar request that gets what the full-access key gets, on an operation that changes something', () => {
  const judged = async (status: number, landmarks: Landmarks): Promise<string[]> => {
    const responses = Object.fromEntries(
      ['valid-key', 'caller-named', 'caller-named-with-key', 'caller-named-elsewhere'].map((id) => [
        id,
        response(status),
      ]),
    );
    const cell = await cellOf('gateway-claim', { responses, operation: 'PUT /contact/{identifier}', landmarks });
    return cell.cases.flatMap(({ case: id, unmet: found }) => (found.length > 0 ? [id] : []));
  };
  const landmarks = { unknownPath: response(401), unknownPathWithKey: response(404) };

  test('was let through where a path that is nothing gets what the router says to whoever has a key', async () => {
    expect(await judged(404, landmarks)).toEqual(['caller-named']);
  });

  test('was refused for what is peculiar where everything gets that with the peculiarity, and without it nothing', async () => {
    expect(await judged(400, landmarks)).toEqual([]);
  });
});

test.describe('404 to everyone but the good key', () => {
  const hidden = response(404);
  const ids = ['missing-key', 'invalid-key', 'insufficient-scope', 'connection-permissions'];
  const asking = catalogue.rules.filter(({ id }) => ids.includes(id));
  const withExtension = ({ document }: Contract, extension: unknown): Contract['document'] =>
    Object.assign({}, document, { 'x-authentication': extension });
  const without = (contract: Contract): Contract => ({
    ...contract,
    document: withExtension(contract, {}),
    refusals: {
      missingKey: { status: [401, 403] },
      invalidKey: { status: [401, 403] },
      forbidden: { status: [403] },
    },
    operations: contract.operations.map((one) => ({
      ...one,
      responses: Object.fromEntries(Object.entries(one.responses).filter(([code]) => !['401', '403'].includes(code))),
    })),
  });
  const responses = Object.fromEntries(
    catalogue.cases.filter(({ kind }) => kind === 'controlled').map(({ id }) => [id, hidden]),
  );
  const sent = (change: (contract: Contract) => Contract): Promise<OperationExchanges> =>
    exchangesWith({ responses, operation: 'GET /contact/{identifier}', change });
  const broken = (exchanges: OperationExchanges): string[] =>
    asking.filter((rule) => judge(rule, exchanges).outcome === 'violates').map(({ id }) => id);

  test('breaks no promise where the contract names no refusal, and the sentence names the remedy', async () => {
    const exchanges = await sent(without);
    expect(broken(exchanges)).toEqual([]);
    for (const rule of asking)
      expect(judge(rule, exchanges)).toMatchObject({
        outcome: 'not proven',
        reason: expect.stringContaining('x-authentication.answers'),
      });
    const opened = new Map(exchanges.exchanges);
    const noKey = opened.get('never-issued-key');
    if (noKey) opened.set('never-issued-key', { ...noKey, response: response(200) } as Exchange);
    expect(broken({ ...exchanges, exchanges: opened })).toContain('invalid-key');
  });

  test('breaks a promise where an operation of the contract names 401', async () => {
    const named = (contract: Contract): Contract => ({ ...without(contract), operations: contract.operations });
    expect(broken(await sent(named))).toEqual(ids);
  });

  test('breaks a promise where x-authentication.answers names 401', async () => {
    const answers = { missingKey: { status: [401] } };
    const named = (contract: Contract): Contract => ({
      ...without(contract),
      document: withExtension(contract, { answers }),
    });
    expect(broken(await sent(named))).toEqual(['missing-key']);
  });
});
