import { expect, test } from '../support/unit-test.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { Case, ControlCase, ControlledCase } from '../../src/requests/case.ts';
import { securityAlternativesOf } from '../../src/requests/security-alternative.ts';
import { type Probe, probeId } from '../../src/requests/plan-operation.ts';
import { secretsOf } from '../../src/requests/secrets-of-request.ts';
import type { PlannedRequest } from '../../src/model/request.ts';
import { readTarget } from '../../src/config/read-target.ts';
import type { Secret } from '../../src/secret.ts';
import type { Target } from '../../src/model/target.ts';
import { finding, statusIs, undecided } from '../../src/judging/expectations.ts';
import { type OperationExchanges, judge } from '../../src/judging/judge.ts';
import { worst } from '../../src/judging/worst-outcome.ts';
import type { CaseVerdict, Cell, Outcome } from '../../src/model/cell.ts';
import type { JudgedExchange, Rule } from '../../src/judging/rule.ts';
import type { Exchange, Fault, FaultKind, HttpResponse } from '../../src/model/exchange.ts';
import { huechat } from '../support/contracts.ts';

const controlCase: ControlCase = {
  id: 'valid-key',
  kind: 'control',
  group: 'control',
  title: 'the key',
  request: () => bare(),
};
const badKey: ControlledCase = {
  id: 'bad-key',
  kind: 'controlled',
  group: 'comparison',
  title: 'a bad key',
  control: controlCase,
  request: () => bare(),
};

/** A rule that demands a 401; the tests change one thing of it. */
const rule: Rule = {
  id: 'refused',
  level: 'MUST',
  title: 'a bad key is refused',
  section: 'Invalid key',
  since: '2026.11',
  source: { standard: 'None', url: 'https://example.com' },
  standards: { cwe: [287], owaspApi: ['API2'], asvs: [], severity: 'critical' },
  given: { cases: [badKey] },
  expectations: ['status', 'order', 'body', 'type', 'not-served'],
  verify: ({ response }) => [statusIs(response, [401])],
};

function bare(secrets: readonly Secret[] = [], via: PlannedRequest['via'] = 'base'): PlannedRequest {
  return { via, method: 'GET', target: ['/'], headers: secrets.map((key) => ['X-API-Key', [key]]), inert: true };
}

function answer(status: number, headers: readonly (readonly [string, string])[] = []): HttpResponse {
  return { status, headers, body: { text: '{}', bytes: 2, truncated: false, json: {} } };
}

/** What came of a request. */
type CameOf = { readonly response: HttpResponse; readonly rewritten?: string } | { readonly fault: Fault };

function exchange(outcome: CameOf): Exchange {
  const request = { method: 'GET', url: 'https://127.0.0.1/', headers: [], curl: 'curl' };
  return { request, echoes: [], attempts: 1, durationMs: 1, ...outcome };
}

/** What came of a case: a status, a response or fault, why it was not sent, or nothing. */
type Came = number | CameOf | NotSent | undefined;

interface Sent {
  readonly case: Case;
  readonly came: Came;
  /** Absent: the primary one. */
  readonly alternative?: 'bearer';
  readonly request?: PlannedRequest;
}

interface Situation {
  readonly sent: readonly Sent[];
  readonly isKeyAcceptedElsewhere?: boolean;
  readonly operation?: (operation: Operation) => Operation;
  readonly target?: Target;
}

async function asked({
  sent,
  isKeyAcceptedElsewhere = false,
  operation: change = (one) => one,
  target,
}: Situation): Promise<OperationExchanges> {
  const contract = await huechat();
  const operation = change(contract.operations.find(({ id }) => id === 'GET /contacts') ?? raise());
  const exchanges = new Map<string, Exchange>();
  const aimed = target ?? aim(contract);
  const probes = sent.map(({ case: one, came, alternative: wanted, request = bare() }): Probe => {
    const [primary, ...others] = securityAlternativesOf(contract, operation);
    const alternative = others.find(({ id }) => id === wanted) ?? primary ?? raise();
    const id = probeId(one.id, alternative, primary);
    if (came instanceof NotSent) return { id, case: one, alternative, operation, notSent: came };
    if (came !== undefined) exchanges.set(id, exchange(typeof came === 'number' ? { response: answer(came) } : came));
    const secrets = secretsOf(request);
    const scopedKey = aimed.keys.scoped.find(({ secret }) => secrets.includes(secret));
    return { id, case: one, alternative, operation, request, credential: { secrets, ...(scopedKey && { scopedKey }) } };
  });
  const schemas = new SchemaValidators(contract);
  return {
    contract,
    target: aimed,
    operation,
    schemas,
    probes,
    exchanges,
    isKeyAcceptedElsewhere,
    isTargetAnswering: [...exchanges.values()].some(({ response }) => response !== undefined),
  };
}

function aim(contract: Contract): Target {
  return readTarget(contract, {
    HUECHAT_BASE_URL: 'https://sandbox.huechat.ai/v2',
    HUECHAT_API_KEY: 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG',
    HUECHAT_SCOPED_KEYS: 'admin:read=sk_test_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5',
  });
}

function raise(): never {
  throw new Error('the contract of the tests has changed');
}

/** The bad key came to this, where the control came to that. */
async function judged(
  bad: Came,
  control: Came = 200,
  more: Partial<Rule> = {},
  rest: Partial<Situation> = {},
): Promise<Cell> {
  const sent = [
    { case: controlCase, came: control },
    { case: badKey, came: bad },
  ];
  return judge({ ...rule, ...more }, await asked({ sent, ...rest }));
}

function only({ cases }: Cell): CaseVerdict {
  expect(cases).toHaveLength(1);
  return cases[0] ?? raise();
}

test('a refusal conforms where the control is accepted', async () => {
  const cell = await judged(401);
  expect(cell).toMatchObject({ rule: 'refused', level: 'MUST', operation: 'GET /contacts', outcome: 'conforms' });
  expect(cell.reason).toBeUndefined();
  expect(only(cell)).toMatchObject({
    case: 'bad-key',
    outcome: 'conforms',
    unmet: [],
    exchange: { response: { status: 401 } },
    control: { response: { status: 200 } },
  });
});

for (const status of [200, 201, 204, 299, 400, 404, 405, 409, 410, 415, 422]) {
  test(`a refusal counts where the control got ${status}`, async () => {
    expect(await judged(401, status)).toMatchObject({ outcome: 'conforms' });
  });
}

for (const status of [101, 301, 302, 307, 401, 403, 407, 408, 421, 425, 429, 431, 500, 501, 503]) {
  test(`a refusal proves nothing where the control got ${status}`, async () => {
    const cell = await judged(401, status);
    expect(cell).toMatchObject({
      outcome: 'not proven',
      reason: `the full-access key got ${status}${status === 401 ? ' too' : ''}, so this cannot be judged`,
    });
    expect(only(cell)).toMatchObject({ control: { response: { status } }, unmet: [] });
  });
}

test('a refusal proves nothing where the control got no response, whatever the reason', async () => {
  const missing = new NotSent('key', 'a key is not configured: set X', 'X');
  const reasons = [
    await judged(401, { fault: { kind: 'reset', message: 'ECONNRESET' } }),
    await judged(401, missing),
    judge(
      rule,
      await asked({
        sent: [
          { case: controlCase, came: undefined },
          { case: badKey, came: 401 },
        ],
      }),
    ),
    judge(rule, await asked({ sent: [{ case: badKey, came: 401 }] })),
  ].map(({ outcome, reason }) => `${outcome}: ${reason}`);
  expect(reasons).toEqual([
    'not proven: the full-access key got no response, so this cannot be judged: ECONNRESET',
    'not proven: the full-access key got no response, so this cannot be judged: a key is not configured: set X',
    'not proven: the full-access key got no response, so this cannot be judged: it was not sent',
    'not proven: the control valid-key is no case of the operation',
  ]);
});

test('what the control kept getting is said, where it is no response that counts', async () => {
  const fault: Fault = { kind: 'unavailable', message: 'status 503 in 5 tries', lastResponse: answer(503) };
  expect(await judged(401, { fault })).toMatchObject({
    outcome: 'not proven',
    reason: 'the full-access key got status 503 in 5 tries, so this cannot be judged',
  });
});

test('where policy forbids the control, a key accepted elsewhere takes its place', async () => {
  const forbidden = new NotSent('policy', 'the production profile sends no unsafe method');
  expect(await judged(401, forbidden, {}, { isKeyAcceptedElsewhere: true })).toMatchObject({ outcome: 'conforms' });
  expect(await judged(401, forbidden, {}, { isKeyAcceptedElsewhere: false })).toMatchObject({
    outcome: 'not proven',
    reason: 'no operation of the target accepted the full-access key',
  });
  expect(
    await judged(401, 403, {}, { isKeyAcceptedElsewhere: true }),
    'its own control decides where it has one',
  ).toMatchObject({
    outcome: 'not proven',
  });
});

for (const status of [200, 201, 204, 206, 299]) {
  test(`${status} to a bad key violates, whatever became of the control`, async () => {
    for (const control of [200, 401, 500, new NotSent('key', 'no key', 'X'), undefined]) {
      const cell = await judged(status, control);
      expect(cell).toMatchObject({ level: 'MUST', outcome: 'violates' });
      expect(only(cell).unmet).toEqual([
        { expectation: 'status', state: 'unmet', expected: 'status 401', actual: `status ${status}` },
      ]);
    }
  });
}

for (const status of [302, 400, 403, 404, 500]) {
  test(`${status} to a bad key violates where the control is accepted, and shows nothing where it is not`, async () => {
    expect(await judged(status)).toMatchObject({ outcome: 'violates' });
    expect(await judged(status, 401)).toMatchObject({ outcome: 'not proven', cases: [{ unmet: [] }] });
  });
}

test('a SHOULD deviates where a MUST violates', async () => {
  expect(await judged(200, 200, { level: 'SHOULD' })).toMatchObject({ level: 'SHOULD', outcome: 'deviates' });
});

test('the level on the operation decides, either way', async () => {
  const lax: Partial<Rule> = { level: 'MUST', levelOn: () => 'SHOULD' };
  const strict: Partial<Rule> = { level: 'SHOULD', levelOn: () => 'MUST' };
  expect(await judged(200, 200, lax)).toMatchObject({ level: 'SHOULD', outcome: 'deviates' });
  expect(await judged(200, 200, strict)).toMatchObject({ level: 'MUST', outcome: 'violates' });
});

test('the rate limit is no refusal', async () => {
  for (const control of [200, 429])
    expect(await judged(429, control)).toMatchObject({
      outcome: 'not proven',
      reason: 'the response is the rate limit (429), not a refusal',
    });
});

const HTML = ['Content-Type', 'text/html; charset=utf-8'] as const;
const JSON_TYPE = ['Content-Type', 'application/json'] as const;

for (const [name, value] of [
  ['CF-Mitigated', 'challenge'],
  ['x-amzn-waf-action', 'captcha'],
  ['X-Sucuri-Block', '1'],
  ['X-Iinfo', '1-2-3'],
] as const) {
  test(`a page of a firewall that says ${name} is not the API's answer`, async () => {
    for (const status of [400, 401, 403, 503])
      expect(await judged({ response: answer(status, [HTML, [name, value]]) })).toMatchObject({
        outcome: 'not proven',
        reason: 'a firewall answered in the place of the API',
      });
  });
}

test("a page without a mark of a firewall, a mark without a page, and a page that lets in are the API's", async () => {
  const mark = ['CF-Mitigated', 'challenge'] as const;
  expect(await judged({ response: answer(403, [HTML]) })).toMatchObject({ outcome: 'violates' });
  expect(await judged({ response: answer(403, [JSON_TYPE, mark]) })).toMatchObject({ outcome: 'violates' });
  expect(await judged({ response: answer(403, [HTML, ['CF-Mitigated', '']]) })).toMatchObject({ outcome: 'violates' });
  expect(await judged({ response: answer(200, [HTML, mark]) })).toMatchObject({ outcome: 'violates' });
});

test('a request that was changed on its way proves nothing, whatever was answered', async () => {
  for (const status of [200, 401, 429])
    expect(await judged({ response: answer(status), rewritten: 'the request line was changed' })).toMatchObject({
      outcome: 'not proven',
      reason: 'the request line was changed',
    });
});

const FAULTS: readonly FaultKind[] = [
  'refused',
  'reset',
  'timeout',
  'tls',
  'dns',
  'protocol',
  'too-large',
  'unavailable',
  'guard',
  'unknown',
];

/** By these the target breaks over a request; a reset may be a refusal, and the others are of the network or the suite. */
const BREAKS: readonly FaultKind[] = ['timeout', 'protocol', 'too-large', 'unavailable'];

for (const kind of FAULTS) {
  const fault = { fault: { kind, message: 'what happened' } };

  test(`a fault of the kind ${kind} is an error and no verdict where nothing got a response`, async () => {
    const cell = await judged(fault, fault);
    expect(cell).toMatchObject({ outcome: 'error', reason: `${kind}: what happened` });
    expect(only(cell)).toMatchObject({ unmet: [], respondent: 'nobody' });
  });

  test(`a fault of the kind ${kind} where the target answers other requests`, async () => {
    const cell = await judged(fault);
    if (BREAKS.includes(kind)) {
      expect(cell.outcome).toBe('violates');
      expect(only(cell).unmet).toMatchObject([{ expected: 'a response', actual: `none: ${kind}: what happened` }]);
      return;
    }
    expect(cell).toMatchObject(
      kind === 'reset'
        ? { outcome: 'not proven', reason: 'reset: what happened, while the target answers other requests' }
        : { outcome: 'error', reason: `${kind}: what happened` },
    );
    expect(only(cell).unmet).toEqual([]);
  });
}

test('a rate limit that stays, and a request that no client can write, are no errors', async () => {
  expect(await judged({ fault: { kind: 'rate-limited', message: '429 after 6 waits' } })).toMatchObject({
    outcome: 'not proven',
    reason: 'the target kept answering 429 after 6 waits',
  });
  expect(await judged({ fault: { kind: 'unsendable', message: 'ERR_INVALID_CHAR' } })).toMatchObject({
    outcome: 'not proven',
    reason:
      'the HTTP client of the suite cannot write this request (ERR_INVALID_CHAR), so the target did not get it: report this as a mistake of the suite',
  });
  expect(await judged({ fault: { kind: 'no-second', message: 'CONNECTION_UNFIT' } })).toMatchObject({
    outcome: 'not proven',
    reason: expect.stringContaining(
      'no second request could follow it: nothing is to be done where the operation is a stream',
    ),
  });
});

test('the last response of a fault is not judged', async () => {
  const fault: Fault = { kind: 'unavailable', message: 'status 503', lastResponse: answer(401) };
  // Whether a rule names its case or judges every response: the last response of a fault is no refusal.
  for (const given of [rule.given, { every: 'response' }, { every: 'refusal' }] as const) {
    const { cases } = await judged({ fault }, 200, { given });
    const verdict = cases.find((one) => one.case === 'bad-key');
    expect(verdict?.unmet, JSON.stringify(given)).toMatchObject([{ expected: 'a response' }]);
  }
});

test('a rule that judges faults has the word, unless it has nothing to say', async () => {
  const verifyFault: Rule['verifyFault'] = ({ fault }) =>
    fault.kind === 'dns' ? undefined : [finding('not-served', fault.kind === 'refused', 'no answer', 'a reset')];
  const of = (kind: FaultKind): Promise<Cell> => judged({ fault: { kind, message: 'x' } }, 200, { verifyFault });
  expect(await of('refused')).toMatchObject({ outcome: 'conforms' });
  expect(await of('reset')).toMatchObject({ outcome: 'violates', cases: [{ unmet: [{ actual: 'a reset' }] }] });
  expect(await of('dns')).toMatchObject({ outcome: 'error', reason: 'dns: x' });
});

test('what was not sent for want of a key is not proven, and says which variable would help', async () => {
  const cell = await judged(new NotSent('key', 'a revoked key is not configured: set X', 'X'));
  expect(cell).toMatchObject({ outcome: 'not proven', reason: 'a revoked key is not configured: set X' });
  expect(only(cell)).toMatchObject({ variable: 'X' });
});

test('what was not sent for want of a request or of budget is not proven', async () => {
  const noRequest = await judged(new NotSent('request', 'the reason'));
  expect(noRequest).toMatchObject({ outcome: 'not proven', reason: 'the reason' });
  expect(only(noRequest).variable).toBeUndefined();
  const noBudget = await judged(new NotSent('budget', 'the reason', 'THE_BUDGET'));
  expect(noBudget).toMatchObject({ outcome: 'not proven', reason: 'the reason' });
  expect(only(noBudget).variable).toBe('THE_BUDGET');
});

test('what makes no sense in a security alternative is not applicable', async () => {
  const cell = await judged(new NotSent('alternative', 'one way only'));
  expect(cell).toMatchObject({ outcome: 'not applicable', reason: 'one way only' });
});

test('what policy forbids is not applicable', async () => {
  const cell = await judged(new NotSent('policy', 'the production profile leaves it out'));
  expect(cell).toMatchObject({ outcome: 'not applicable', reason: 'the production profile leaves it out' });
});

test('a case that was planned and has no exchange is an error', async () => {
  expect(await judged(undefined)).toMatchObject({ outcome: 'error', reason: 'the case was not sent' });
});

const BY_GRAVITY: readonly Outcome[] = ['violates', 'deviates', 'error', 'not proven', 'conforms', 'not applicable'];

for (const [level, levelOn] of [
  ['SURVEY', undefined],
  ['MUST', (): 'SURVEY' => 'SURVEY'],
] as const) {
  test(`a survey records and decides nothing (level ${level}${levelOn ? ', SURVEY on the operation' : ''})`, async () => {
    const survey: Partial<Rule> = { level, ...(levelOn && { levelOn }) };
    const recorded = { outcome: 'not applicable', reason: 'level SURVEY: what was found is recorded only' };
    const cell = await judged(200, 200, survey);
    expect(cell).toMatchObject({ level: 'SURVEY', ...recorded });
    expect(only(cell)).toMatchObject({ ...recorded, unmet: [{ expectation: 'status', actual: 'status 200' }] });
    expect(await judged(401, 200, survey)).toMatchObject({ level: 'SURVEY', outcome: 'conforms' });
    expect(await judged({ fault: { kind: 'dns', message: 'x' } }, 200, survey)).toMatchObject({ outcome: 'error' });

    const other: ControlledCase = { ...badKey, id: 'another-bad-key' };
    const sent: readonly Sent[] = [
      { case: controlCase, came: 200 },
      { case: badKey, came: 200 },
      { case: other, came: 401 },
    ];
    const both = judge({ ...rule, ...survey, given: { cases: [badKey, other] } }, await asked({ sent }));
    expect(both, 'what was found is not lost beside a case that conforms').toMatchObject(recorded);
  });
}

test('a rule that throws is an error of its own cell, with the message', async () => {
  const verify = (): never => {
    throw new TypeError('details is null');
  };
  const failed = { outcome: 'error', reason: 'the rule refused failed: details is null' };
  const cell = await judged(401, 200, { verify });
  expect(cell).toMatchObject(failed);
  expect(only(cell)).toMatchObject({ ...failed, case: 'bad-key', exchange: { response: { status: 401 } } });
  const fault = { fault: { kind: 'reset', message: 'x' } } as const;
  expect(await judged(fault, 200, { verifyFault: verify })).toMatchObject(failed);
  expect(await judged(401, 200, { levelOn: verify })).toMatchObject({ ...failed, level: 'MUST', cases: [] });
  expect(await judged(401, 200, { reasonNotApplicable: verify })).toMatchObject(failed);
});

test('a rule that throws on one case is judged by the others', async () => {
  const sent: readonly Sent[] = [
    { case: controlCase, came: 200 },
    { case: badKey, came: 401 },
    { case: badKey, came: 200, alternative: 'bearer' },
  ];
  const verify: Rule['verify'] = (found) => {
    if (found.response.status === 401) throw new Error('no body');
    return rule.verify(found);
  };
  const cell = judge({ ...rule, verify }, await asked({ sent }));
  expect(cell.outcome).toBe('violates');
  expect(cell.cases.map(({ outcome }) => outcome)).toEqual(['error', 'violates']);
});

test('a finding about an expectation that the rule does not declare is an error', async () => {
  const verify = (): ReturnType<Rule['verify']> => [finding('stauts', true, '', '')];
  expect(await judged(401, 200, { verify })).toMatchObject({
    outcome: 'error',
    reason: 'the rule refused failed: it does not declare the expectation stauts: add it to its `expectations`',
  });
});

test('of two outcomes the worse decides, in any order', () => {
  for (const [gravity, worse] of BY_GRAVITY.entries()) {
    for (const better of BY_GRAVITY.slice(gravity)) {
      expect(worst([worse, better])).toBe(worse);
      expect(worst([better, worse])).toBe(worse);
    }
  }
  expect(worst([])).toBe('not applicable');
});

test('the worst case decides a cell, with its reason', async () => {
  const other = (id: string): ControlledCase => ({ ...badKey, id });
  const all = [
    { case: controlCase, came: 200 },
    { case: other('policy'), came: new NotSent('policy', 'forbidden') },
    { case: other('fine'), came: 401 },
    { case: other('missing'), came: new NotSent('key', 'no key', 'X') },
    { case: other('nameless'), came: { fault: { kind: 'dns', message: 'x' } } },
    { case: other('accepted'), came: 200 },
  ] satisfies Sent[];
  const expected = [
    ['violates', undefined],
    ['error', 'dns: x'],
    ['not proven', 'no key'],
    ['conforms', undefined],
    ['not applicable', 'forbidden'],
  ] as const;
  for (const [left, [outcome, reason]] of expected.entries()) {
    const sent = all.slice(0, all.length - left);
    const cell = judge({ ...rule, given: { cases: sent.map((one) => one.case).slice(1) } }, await asked({ sent }));
    expect([cell.outcome, cell.reason]).toEqual([outcome, reason]);
    expect(cell.cases).toHaveLength(sent.length - 1);
  }
});

test('an undecided finding is not proven, and an unmet one beside it stands', async () => {
  const open = undecided('order', 'the order is open');
  const broken = finding('body', false, 'a body', 'none');
  const kept = finding('status', true, 'status 401', 'status 401');
  expect(await judged(401, 200, { verify: () => [kept, open] })).toMatchObject({
    outcome: 'not proven',
    reason: 'the order is open',
    cases: [{ unmet: [] }],
  });
  expect(await judged(401, 200, { verify: () => [open, broken, kept] })).toMatchObject({
    outcome: 'violates',
    cases: [{ unmet: [{ expectation: 'body', expected: 'a body', actual: 'none' }] }],
  });
  expect(await judged(401, 200, { verify: () => [] })).toMatchObject({ outcome: 'conforms' });
});

test('every unmet expectation is reported', async () => {
  const verify = (): ReturnType<Rule['verify']> => [
    finding('status', false, 'a', 'b'),
    finding('type', true, 'c', 'c'),
    finding('body', false, 'd', 'e'),
  ];
  expect(only(await judged(401, 200, { verify })).unmet).toEqual([
    { expectation: 'status', state: 'unmet', expected: 'a', actual: 'b' },
    { expectation: 'body', state: 'unmet', expected: 'd', actual: 'e' },
  ]);
});

test('a rule that requires no control judges the response as it stands, but not a rate limit or a firewall', async () => {
  const uncontrolled: Partial<Rule> = { requiresControl: false };
  expect(await judged(401, 401, uncontrolled)).toMatchObject({ outcome: 'conforms' });
  expect(await judged(403, 401, uncontrolled)).toMatchObject({ outcome: 'violates' });
  expect(await judged(429, 401, uncontrolled)).toMatchObject({ outcome: 'not proven' });
  const page = { response: answer(403, [HTML, ['cf-mitigated', '1']]) };
  expect(await judged(page, 401, uncontrolled)).toMatchObject({ outcome: 'not proven' });
});

test('a positive needs no control', async () => {
  const positive: Rule = {
    ...rule,
    given: { cases: [controlCase] },
    verify: ({ response: got }) => [statusIs(got, [200])],
  };
  for (const [status, outcome] of [
    [200, 'conforms'],
    [401, 'violates'],
  ] as const)
    expect(judge(positive, await asked({ sent: [{ case: controlCase, came: status }] }))).toMatchObject({ outcome });
});

test('a rule on refusals looks at every 401 and 403 and at nothing else', async () => {
  const named = (id: string): ControlledCase => ({ ...badKey, id });
  const sent: readonly Sent[] = [
    { case: controlCase, came: 200 },
    { case: named('unauthorized'), came: 401 },
    { case: named('forbidden'), came: 403 },
    ...[204, 302, 400, 404, 405, 429, 500].map((status) => ({ case: named(`answered-${status}`), came: status })),
    { case: named('plain-http'), came: 401, request: bare([], 'plain-http') },
    { case: named('reset'), came: { fault: { kind: 'reset', message: 'x' } } },
    { case: named('not-sent'), came: undefined },
    { case: named('no-key'), came: new NotSent('key', 'no key', 'X') },
  ];
  const situation = await asked({ sent });
  const looked = (every: 'refusal' | 'response'): string[] =>
    judge({ ...rule, given: { every }, verify: () => [] }, situation).cases.map((verdict) => verdict.case);
  expect(looked('refusal')).toEqual(['unauthorized', 'forbidden']);
  expect(looked('response')).toEqual([
    'valid-key',
    'unauthorized',
    'forbidden',
    ...[204, 302, 400, 404, 405, 429, 500].map((status) => `answered-${status}`),
  ]);
  expect(judge({ ...rule, given: { every: 'refusal' }, verify: () => [] }, situation)).toMatchObject({
    outcome: 'conforms',
  });
});

test('a rule on refusals has nothing to judge where nothing was refused', async () => {
  expect(await judged(200, 200, { given: { every: 'refusal' } })).toEqual({
    rule: 'refused',
    level: 'MUST',
    operation: 'GET /contacts',
    outcome: 'not applicable',
    reason: 'no case of the rule applies to the operation',
    cases: [],
  });
});

test('a security alternative has its own control, and the primary one where it has none', async () => {
  const inBearer: Sent = { case: badKey, came: 401, alternative: 'bearer' };
  const refusedInBearer = await asked({
    sent: [{ case: controlCase, came: 200 }, { case: controlCase, came: 401, alternative: 'bearer' }, inBearer],
  });
  expect(judge(rule, refusedInBearer)).toMatchObject({
    outcome: 'not proven',
    reason: 'the full-access key presented by bearer got 401 too, so this cannot be judged',
    cases: [{ case: 'bad-key@bearer' }],
  });
  const acceptedInBearer = await asked({
    sent: [{ case: controlCase, came: 401 }, { case: controlCase, came: 200, alternative: 'bearer' }, inBearer],
  });
  expect(judge(rule, acceptedInBearer)).toMatchObject({ outcome: 'conforms' });
  const inPrimary = await asked({ sent: [{ case: controlCase, came: 200 }, inBearer] });
  expect(judge(rule, inPrimary)).toMatchObject({ outcome: 'conforms' });
});

test('a rule on the other alternatives leaves the primary one out', async () => {
  const sent: readonly Sent[] = [
    { case: controlCase, came: 200 },
    { case: badKey, came: 401 },
    { case: badKey, came: 401, alternative: 'bearer' },
  ];
  const { cases } = judge({ ...rule, alternatives: 'others' }, await asked({ sent }));
  expect(cases.map((verdict) => verdict.case)).toEqual(['bad-key@bearer']);
});

test('nothing is judged on a public operation, or where the rule says why it does not apply', async () => {
  const isPublic = { operation: (one: Operation) => ({ ...one, security: [] }) };
  const sent: readonly Sent[] = [];
  expect(judge(rule, await asked({ sent, ...isPublic }))).toMatchObject({
    outcome: 'not applicable',
    reason: 'the contract declares the operation public',
  });
  expect(await judged(200, 200, { reasonNotApplicable: () => 'there is one environment' })).toMatchObject({
    outcome: 'not applicable',
    reason: 'there is one environment',
  });
  expect(await judged(200, 200, { reasonNotApplicable: () => undefined })).toMatchObject({ outcome: 'violates' });
});

test('a rule is given what it may know, and no more', async () => {
  const contract = await huechat();
  const target = aim(contract);
  const [scoped = raise()] = target.keys.scoped;
  const given: JudgedExchange[] = [];
  const verify: Rule['verify'] = (found) => {
    given.push(found);
    return [];
  };
  const sent: readonly Sent[] = [
    { case: controlCase, came: 404 },
    { case: badKey, came: 401, request: bare([target.keys.full]) },
    { case: badKey, came: 403, alternative: 'bearer', request: bare([scoped.secret]) },
  ];
  judge({ ...rule, verify }, await asked({ sent, target }));
  expect(given).toHaveLength(2);
  expect(given[0]).toMatchObject({
    response: { status: 401 },
    control: { status: 404 },
    case: { id: 'bad-key' },
    alternative: { id: 'apiKey' },
    fullAccess: { status: 404 },
    operation: { id: 'GET /contacts' },
  });
  expect(given[0]).not.toHaveProperty('scopedKey');
  expect(given[1]).toMatchObject({ response: { status: 403 }, alternative: { id: 'bearer' } });
  expect(given[1]?.scopedKey).toBe(scoped);
  const [first = raise(), second = raise()] = given;
  expect(first.responseOf(controlCase)?.status).toBe(404);
  expect(first.responseOf(badKey)?.status).toBe(401);
  expect(first.responseOf(badKey, second.alternative)?.status).toBe(403);
  expect(first.responseOf({ id: 'another' })).toBeUndefined();
});
