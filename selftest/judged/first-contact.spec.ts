import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import type { Cell } from '../../src/model/cell.ts';
import { type Behind, judgeBehind } from '../support/behind.ts';
import { complaintLines } from '../support/complaints.ts';
import { huechat } from '../support/harness.ts';
import type { Meddle, Seen } from '../support/interceptor.ts';

/** What stands before a sound API, or beside it, and what the suite says of that: nothing, since the API is sound. */

const OPERATIONS = ['GET /contact/{identifier}', 'PUT /contact/{identifier}'];
const operations = (id: string): boolean => OPERATIONS.includes(id);

function at(concerns: (seen: Seen) => boolean, answer: (socket: Socket) => void): Meddle {
  return (seen, socket) => {
    if (seen.via !== 'base' || !concerns(seen)) return 'pass';
    answer(socket);
    return 'answered';
  };
}

function written(status: string, type: string, body: string): (socket: Socket) => void {
  const head = [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, `Content-Length: ${body.length}`];
  return (socket) => socket.write([...head, '', body].join('\r\n'));
}

/** NUL, a vertical tab, a folded line, a space before a colon, or a request-target that RFC 9112 has no form for. */
function isMalformed({ head, method, target }: Seen): boolean {
  const isOdd = !target.startsWith('/') || target.includes('#') || method === 'FOO';
  return isOdd || head.includes('\0') || head.includes('\v') || /\r\n[ \t]|\r\n[\w-]+ :/.test(head);
}

const isOdd = ({ method, target, head }: Seen): boolean =>
  method === 'TRACE' || target.includes('..') || head.includes("' OR '1'");

const before: Readonly<Record<string, Meddle>> = {
  'a parser that answers malformed requests by itself': at(isMalformed, (socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  ),
  'a firewall that hangs up on what it does not like': at(isOdd, (socket) => socket.resetAndDestroy()),
  'an application of one page, beside the API': at(
    ({ target }) => !/^\/v2\/contact\/[^/;.%\\]+$/.test(target) && !target.includes('?'),
    written('200 OK', 'text/html', '<!doctype html><div id="app"></div>'),
  ),
  'a router that lists the methods of a path': at(
    ({ method }) => method === 'OPTIONS',
    written('200 OK', 'text/html; charset=utf-8', 'GET,HEAD,PUT'),
  ),
};

for (const [name, meddle] of Object.entries(before))
  test(`no rule accuses an API for ${name}`, async () => {
    const { cells } = await judgeBehind({ operations, meddle });
    const contract = await huechat();
    expect(complaintLines(cells, contract)).toEqual([]);
    expect(cells.filter(({ outcome }) => outcome === 'error')).toEqual([]);
  });

test('who wrote a response stands beside it', async () => {
  const { cells } = await judgeBehind({
    operations,
    by: ['malformed-field-line', 'missing-key', 'valid-key'],
    meddle: before['a parser that answers malformed requests by itself'] ?? (() => 'pass'),
  });
  const who = (rule: string): unknown[] => [
    ...new Set(
      cells.filter((cell) => cell.rule === rule).flatMap((cell) => cell.cases.map(({ respondent }) => respondent)),
    ),
  ];
  expect(who('malformed-field-line')).toEqual(['edge']);
  expect(who('missing-key')).toEqual(['api']);
  expect(who('valid-key')).toEqual(['operation']);
});

test('an operation to which the path values do not lead is not judged, and the sentence says what to give', async () => {
  const nothing = written('404 Not Found', 'application/json', '{"error":"not found"}');
  const { cells } = await judgeBehind({ operations, meddle: at(() => true, nothing) });
  expect(outcomesOf(cells)).toEqual(new Set(['not proven', 'not applicable']));
  expect(cells.find(({ rule }) => rule === 'missing-key')).toMatchObject({
    reason:
      'nothing has the ids in the path (the full-access key gets 404, as on a path that does not exist): set HUECHAT_PATH_VALUES to ids that exist: identifier=…',
    cases: [{ variable: 'HUECHAT_PATH_VALUES' }, {}, {}],
  });
});

/** What frameworks say of a path that is nothing, with what is another in every response. */
const nothings: Readonly<Record<string, (seen: Seen, number: string) => (socket: Socket) => void>> = {
  'a text with a number and a time': (_, number) =>
    written('404 Not Found', 'text/plain', `Not found (request ${number}, ${new Date().toISOString()})`),
  'a page with the method and the path, as Express writes it': ({ method, target }) =>
    written('404 Not Found', 'text/html', `<pre>Cannot ${method} ${target}</pre>`),
  'an object with the path and the time, as Spring Boot writes it': ({ target }, traceId) =>
    written(
      '404 Not Found',
      'application/json',
      JSON.stringify({ timestamp: new Date().toISOString(), status: 404, error: 'Not Found', path: target, traceId }),
    ),
  'that the method is not allowed': ({ target }, id) =>
    written('405 Method Not Allowed', 'application/json', JSON.stringify({ error: 'not here', path: target, id })),
};

for (const [name, nothing] of Object.entries(nothings))
  test(`an operation that is not there is not judged where everybody gets ${name}`, async () => {
    // The router answers by itself, without a look at the key: the target has one of the two operations only.
    const meddle: Meddle = (seen, socket) => {
      if (seen.via !== 'base' || (/^\/v2\/contact\/[^/;.%\\?]+$/.test(seen.target) && seen.method === 'GET'))
        return 'pass';
      nothing(seen, randomUUID())(socket);
      return 'answered';
    };
    const { cells } = await judgeBehind({ operations, meddle, by: ['missing-key', 'invalid-key', 'valid-key'] });
    expect(complaintLines(cells, await huechat())).toEqual([]);
    const missing = cells.filter(({ operation }) => operation.startsWith('PUT '));
    expect(outcomesOf(missing)).toEqual(new Set(['not proven']));
    expect(outcomesOf(cells.filter(({ operation }) => operation.startsWith('GET ')))).toEqual(new Set(['conforms']));
    const sentence =
      name === 'that the method is not allowed'
        ? 'the target does not have PUT /contact/{identifier} (the full-access key gets 405, as everyone does): correct the contract'
        : 'a harmless request names an id that does not exist';
    expect(missing[0]?.reason).toContain(sentence);
  });

for (const [status, outcome] of [
  ['406 Not Acceptable', 'conforms'],
  ['200 OK', 'not proven'],
] as const)
  test(`a page of a firewall that refuses the text of an attack with ${status} is no word of the API`, async () => {
    const blocked = (): ((socket: Socket) => void) =>
      written(status, 'text/html', `<h1>Blocked</h1><p>Support ID ${randomUUID()}</p>`);
    const meddle = at(
      ({ head }) => /^X-API-Key: (""|%00|__proto__|.*null)$/im.test(head),
      (socket) => blocked()(socket),
    );
    const by = ['placeholder-key', 'missing-key', 'valid-key'];
    const { cells } = await judgeBehind({ operations: (id) => id === 'GET /contacts', meddle, by });
    expect(complaintLines(cells, await huechat())).toEqual([]);
    expect(cells.find(({ rule }) => rule === 'placeholder-key')?.outcome).toBe(outcome);
  });

test('a page of maintenance that everyone gets in the place of an operation shows nothing of keys', async () => {
  const meddle = at(
    ({ target }) => /^\/v2\/contacts/.test(target),
    written('200 OK', 'text/html', '<h1>Back soon</h1>'),
  );
  const by = ['missing-key', 'invalid-key', 'valid-key', 'error-media-type'];
  const { cells } = await judgeBehind({ operations: (id) => id === 'GET /contacts', meddle, by });
  expect(complaintLines(cells, await huechat())).toEqual([]);
  expect(outcomesOf(cells)).toEqual(new Set(['not proven', 'not applicable']));
  expect(cells.find(({ rule }) => rule === 'missing-key')?.reason).toBe(
    'everyone gets the same text/html with status 200, with a good key and without, and the contract names this media type for no success of the operation: run again when the operation answers for itself, or name the type in the contract if this is what it answers',
  );
});

test('a server that looks at the input before the key is claimed once', async () => {
  const { cells } = await judgedWithInputFirst();
  const claimed = cells.filter(({ outcome }) => outcome === 'violates' || outcome === 'deviates');
  expect(claimed.map(({ operation, rule }) => `${operation} ${rule}`)).toEqual([
    'PUT /contact/{identifier} authentication-first',
  ]);
});

function judgedWithInputFirst(): Promise<Behind> {
  const meddle = at(
    ({ method, target }) => method === 'PUT' && /^\/v2\/contact\/[^/]+$/.test(target),
    written('400 Bad Request', 'application/json', '{"error":"the body is not valid"}'),
  );
  const by = [
    'missing-key',
    'invalid-key',
    'placeholder-key',
    'authentication-first',
    'internal-header',
    'revoked-key',
  ];
  return judgeBehind({ operations, meddle, by });
}

test('a hang that one value of a key causes is a finding, and a port that answers nothing is an error', async () => {
  const hang = at(
    ({ head }) => /\(scheme-basic/.test(head),
    () => undefined,
  );
  const { cells } = await judgeBehind({
    operations,
    by: ['undocumented-scheme'],
    meddle: hang,
    wire: { timeout: 3000, tries: 1 },
  });
  expect(outcomesOf(cells.filter(({ rule }) => rule === 'undocumented-scheme'))).toEqual(new Set(['deviates']));
  expect(complaintLines(cells, await huechat())).toEqual(['undocumented-scheme: scheme-basic (refused)']);
});

test('an error of the server is no refusal', async () => {
  const meddle = at(({ head }) => /\(scheme-basic/.test(head), written('500 Error', 'text/plain', 'oops'));
  const { cells } = await judgeBehind({ operations, by: ['undocumented-scheme'], meddle });
  expect(complaintLines(cells, await huechat())).toEqual(['undocumented-scheme: scheme-basic (refused)']);
});

test('an error of the server that every path gets alike is no way in', async () => {
  const broken = written('500 Error', 'application/json', '{"error":"oops"}');
  const found = async (where: RegExp): Promise<string[]> => {
    const meddle = at(({ target }) => where.test(target), broken);
    const { cells } = await judgeBehind({ operations: (id) => id === 'GET /contacts', meddle });
    return cells.filter(({ rule }) => rule === 'strange-path').map(({ outcome }) => outcome);
  };
  expect(await found(/%c0%af/)).toEqual(['not proven']);
  expect(await found(/contacts%c0%af/)).toEqual(['violates']);
});

test('a 403 to the full-access key is no finding where the id may not exist', async () => {
  const denied = written('403 Forbidden', 'application/json', '{"error":"no permission, or it does not exist"}');
  const { cells } = await judgeBehind({
    operations: (id) => ['GET /contacts', ...OPERATIONS].includes(id),
    by: ['valid-key'],
    meddle: at(({ head }) => /\(valid-key/.test(head), denied),
  });
  const found = cells.filter(({ rule }) => rule === 'valid-key');
  expect(found.map(({ operation, outcome }) => `${operation} ${outcome}`).toSorted()).toEqual([
    'GET /contact/{identifier} not proven',
    'GET /contacts violates',
    'PUT /contact/{identifier} not proven',
  ]);
});

test('an error of the server shows no key that counts where a missing key is not refused', async () => {
  const inputFirst = written('400 Bad Request', 'application/json', '{"error":"no grant_type"}');
  const broken = written('500 Error', 'application/json', '{"error":"oops"}');
  const meddle: Meddle = (seen, socket) => {
    if (seen.via !== 'base' || seen.method !== 'PUT') return 'pass';
    (seen.target.includes('?') ? broken : inputFirst)(socket);
    return 'answered';
  };
  const { cells } = await judgeBehind({ operations, by: ['undocumented-credential', 'missing-key'], meddle });
  const found = cells.filter(
    ({ rule, operation }) => rule === 'undocumented-credential' && operation.startsWith('PUT'),
  );
  expect(found.map(({ outcome }) => outcome)).toEqual(['not proven']);
});

test('a key in a form opened something where the response is not the one without it', async () => {
  const meddle = at(({ head }) => /\(key-in-form-body/.test(head), written('404 Not Found', 'application/json', '{}'));
  const { cells } = await judgeBehind({ operations, by: ['undocumented-credential', 'missing-key'], meddle });
  expect(complaintLines(cells, await huechat())).toEqual(['undocumented-credential: key-in-form-body (refused)']);
});

function outcomesOf(cells: readonly Cell[]): Set<string> {
  return new Set(cells.map(({ outcome }) => outcome));
}
