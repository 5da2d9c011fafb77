import { numberedMembers, WHOLE_TEXT } from '../../src/judging/numbered-members.ts';
import { hasSameBody } from '../../src/judging/same-response.ts';
import type { HttpResponse } from '../../src/model/exchange.ts';
import { expect, test } from '../support/unit-test.ts';

function answer(json: unknown, status = 401): HttpResponse {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  return {
    ...{ status, headers: [] },
    body: { text, bytes: text.length, truncated: false, ...(typeof json !== 'string' && { json }) },
  };
}

/** What three requests with one credential got. */
function three(make: (number: number) => unknown, status?: number): HttpResponse[] {
  return [1, 2, 3].map((number) => answer(make(number), status));
}

test('a member that counts or measures is numbered, at any depth, as a number and in a sentence', () => {
  const alike = three((number) => ({ code: 4011, error: { number }, notes: [`Refusal ${number} today`] }));
  expect([...numberedMembers([alike])].toSorted()).toEqual(['notes', 'number']);
  expect([...numberedMembers([three((number) => `Refused: ${number}`)])]).toEqual([WHOLE_TEXT]);
});

test('codes are no numbers of responses: one credential gets the same, or one of two', () => {
  const codes = [4011, 4012, 4011, 4012, 4011].map((code) => answer({ code }));
  expect([...numberedMembers([codes])]).toEqual([]);
  // Each kind of bad key has a code of its own.
  expect([...numberedMembers([1, 2, 3, 4].map((code) => [answer({ code }), answer({ code })]))]).toEqual([]);
});

test('the data of successes is not looked at', () => {
  expect([...numberedMembers([three((number) => ({ number }), 200)])]).toEqual([]);
});

test('two errors say the same apart from their numbers, and nothing else is passed over', () => {
  const numbered = new Set(['number', 'note']);
  const same = (one: unknown, other: unknown, status?: number): boolean =>
    hasSameBody(answer(one, status), answer(other, status), { members: [], numbered });
  expect(same({ code: 1, number: 7, note: 'No. 7' }, { code: 1, number: 8, note: 'No. 8' })).toBe(true);
  expect(same({ code: 1, number: 7 }, { code: 2, number: 8 })).toBe(false);
  expect(same({ note: 'No. 7, no key' }, { note: 'No. 8, a bad key' })).toBe(false);
  expect(same({ number: 7 }, { number: 8 }, 200)).toBe(false);
});
