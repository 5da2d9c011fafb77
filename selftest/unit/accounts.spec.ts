import { expectNotOpened } from '../../src/judging/accounts.ts';
import type { JudgedExchange } from '../../src/judging/rule.ts';
import type { HttpResponse } from '../../src/model/exchange.ts';
import { listLeadingTo } from '../../src/requests/list-operations.ts';
import { huechat } from '../support/contracts.ts';
import { expect, test } from '../support/unit-test.ts';

const DATA = { id: 7, owner: 'the first account' };

function answer(status: number, json?: unknown): HttpResponse {
  return {
    status,
    headers: [],
    body: { text: json === undefined ? '' : JSON.stringify(json), json },
  } as unknown as HttpResponse;
}

interface Answers {
  readonly control?: HttpResponse;
  readonly own?: HttpResponse;
  readonly response?: HttpResponse;
}

/** What is found of `GET /servers/7`, which shows the data of the first account unless something else is said. */
function found({
  control = answer(200, DATA),
  own = answer(200, { page: 7, total: 1, items: [{ id: 8 }] }),
  response = answer(404),
}: Answers): string {
  const finding = expectNotOpened(
    {
      ...{ control, response, responseOf: () => own, alternative: undefined },
      volatile: () => ({ members: [] }),
      operation: { path: '/servers/{server_id}' },
      exchange: { request: { url: 'https://api.example.com/v2/servers/7?page=1' } },
      target: { variables: { otherAccountKey: 'OTHER_ACCOUNT_KEY', pathValues: 'PATH_VALUES' } },
    } as unknown as JudgedExchange,
    { id: 'list' },
  );
  return finding.state === 'undecided' ? finding.reason : finding.state;
}

test('a resource that is refused, or is not there for the other account, does not open', () => {
  for (const status of [401, 403, 404]) expect(found({ response: answer(status) }), String(status)).toBe('met');
});

test('a resource opens where the other account gets the data and the id that the first account gets', () => {
  expect(found({ response: answer(200, DATA) })).toBe('unmet');
});

test('other data, and data without the id, show nothing', () => {
  const reason = /^the key of the other account got a success that does not show the data of the first account$/;
  expect(found({ response: answer(200, { ...DATA, owner: 'the second account' }) })).toMatch(reason);
  const empty = answer(200, { data: [] });
  expect(found({ control: empty, response: empty })).toMatch(reason);
});

test('nothing is shown where the first account gets no success', () => {
  expect(found({ control: answer(404) })).toMatch(
    /^the full-access key got 404 there, .*: PATH_VALUES gives one that is$/,
  );
});

test('nothing is shown where the other key is not known to be accepted', () => {
  expect(found({ own: answer(401) })).toMatch(/^the key of OTHER_ACCOUNT_KEY got 401 from the list of its own account/);
});

test('nothing is shown where the list of the other account has the id, as a number or as text', () => {
  for (const id of [7, '7'])
    expect(found({ own: answer(200, [{ id }]), response: answer(200, DATA) })).toMatch(/shows the same id/);
});

test('a success shows nothing where the list of the other account has more pages', () => {
  const items = [{ id: 8 }];
  const link = { ...answer(200, items), headers: [['Link', '</v2/servers?page=2>; rel="next"']] } as HttpResponse;
  for (const own of [
    link,
    answer(200, { items, pagination: { has_more: true } }),
    answer(200, { items, meta: { next_cursor: 'b2Zmc2V0' } }),
    answer(200, { items, total: 2 }),
  ])
    expect(found({ own, response: answer(200, DATA) })).toMatch(/has more pages/);
  const whole = answer(200, { items, next: null, has_more: false, total: 1 });
  expect(found({ own: whole, response: answer(200, DATA) })).toBe('unmet');
});

test('a server error is no refusal', () => {
  expect(found({ response: answer(500) })).toBe('the key of the other account got 500');
});

test('the list is that of the first id in the path', async () => {
  const contract = await huechat();
  const lists = contract.operations.flatMap((one) => {
    const list = listLeadingTo(contract, one);
    return one.method === 'GET' && list ? [`${one.path} ${list.path}`] : [];
  });
  expect(lists).toEqual([
    '/contact/{identifier} /contacts',
    '/conversation/{id} /conversations',
    '/conversation/{id}/messages /conversations',
  ]);
});
