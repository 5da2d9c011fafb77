import type { JudgedExchange } from '../../src/judging/rule.ts';
import type { HttpResponse } from '../../src/model/exchange.ts';
import { rules } from '../../tests/catalogue/index.ts';
import { expect, test } from '../support/unit-test.ts';

/** What the rule optional-credential makes of a key that was never issued, where a request without a key is served too. */

const rule = rules.find(({ id }) => id === 'optional-credential');

function answer(status: number, json?: unknown): HttpResponse {
  const text = json === undefined ? '' : JSON.stringify(json);
  return {
    status,
    headers: [['Content-Type', 'application/json']],
    body: { text, bytes: text.length, truncated: false, ...(json !== undefined && { json }) },
  };
}

const MEMBER = answer(200, { items: [1], note: 'for members' });
const ANYONE = answer(200, { items: [1] });

/** @param anonymous of a request without a key; @param control of a good key */
function found(
  response: HttpResponse,
  anonymous: HttpResponse | undefined = ANYONE,
  control: HttpResponse | undefined = MEMBER,
): string | undefined {
  const judged = { response, control, responseOf: () => anonymous, volatile: () => ({ members: [] }) };
  return rule?.verify(judged as unknown as JudgedExchange)[0]?.state;
}

test('a refusal opens nothing, and neither does being treated as a request without a key', () => {
  for (const status of [401, 403]) expect(found(answer(status)), String(status)).toBe('met');
  expect(found(answer(200, { items: [1] }))).toBe('met');
  // A request that is refused for its input like one without a key.
  expect(found(answer(422, { error: 'input' }), answer(422, { error: 'input' }))).toBe('met');
});

test('where everyone is shown the same there is nothing to open', () => {
  expect(found(ANYONE, ANYONE, ANYONE)).toBe('met');
});

test('what only a good key shows is opened by it alone', () => {
  expect(found(MEMBER)).toBe('unmet');
});

test('nothing is proven by a success like neither, by an error of the server, or where a response to compare is missing', () => {
  expect(found(answer(200, { other: true }))).toBe('undecided');
  expect(found(answer(500, { error: 'x' }))).toBe('undecided');
  // The same members with other values: of a good key, or of a resource that changes by itself.
  const other = answer(200, { items: [2] });
  expect(found(other, ANYONE, other)).toBe('undecided');
  const judged = { response: ANYONE, control: MEMBER, responseOf: () => undefined, volatile: () => ({ members: [] }) };
  expect(rule?.verify(judged as unknown as JudgedExchange)).toEqual([
    {
      ...{ expectation: 'opens-nothing', state: 'undecided' },
      reason: 'the same request without a key, or with a good one, got no response',
    },
  ]);
});

test('another failure than that of the operation opens nothing', () => {
  expect(found(answer(404, { error: 'none' }))).toBe('met');
});
