import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { cellId } from '../../src/model/cell-id.ts';
import type { Conformance, ReportedCell } from '../../src/reporting/conformance.ts';
import { isFailing } from '../../src/reporting/outcomes.ts';
import { conformancePage } from '../../src/reporting/page/page.ts';
import { sarif } from '../../src/reporting/sarif.ts';
import { summaryMarkdown } from '../../src/reporting/summary-markdown.ts';
import type { Meddle, Seen } from '../support/interceptor.ts';
import { type JudgedReport, judgedReport, type JudgedReportOptions } from '../support/judged-report.ts';

/**
 * What explains many cells at once is found and said once; the cells keep their outcomes and name it. Most causes are
 * defects of the mock; what stands between the suite and an API answers here in the mock's place.
 */

const LIST = 'GET /contacts';
const ONE = 'GET /contact/{identifier}';
const CHANGE = 'PUT /contact/{identifier}';
const ADD = 'POST /contact';

const FOUR = [LIST, ADD, ONE, CHANGE];

async function judged(options: JudgedReportOptions): Promise<JudgedReport> {
  return judgedReport({ operations: FOUR, ...options });
}

/** Each cause with its sentence and how many cells of which outcomes follow from it. */
function said({ causes = [], cells }: Conformance): Record<string, string> {
  return Object.fromEntries(
    causes.map(({ id, sentence, cells: its }) => {
      const outcomes = cells.filter((cell) => its.includes(cellId(cell))).map(({ outcome }) => outcome);
      const counted = [...new Set(outcomes)]
        .toSorted()
        .map((each) => `${outcomes.filter((one) => one === each).length} ${each}`);
      return [id, `${sentence} [${counted.join(', ')}]`];
    }),
  );
}

const open = ({ cells }: Conformance): readonly ReportedCell[] =>
  cells.filter(({ outcome, cause }) => isFailing(outcome) && cause === undefined);

test('a sound server has no cause', async () => {
  const { report } = await judged({});
  expect(report.causes).toEqual([]);
  expect(report.cells.filter(({ cause }) => cause !== undefined)).toEqual([]);
});

test('no operation asks for a key: one cause, and all that is broken follows from it', async () => {
  const { report, text } = await judged({ defect: { id: 'everyone-let-in' } });
  const [cause] = report.causes ?? [];
  expect(cause?.id).toBe('no-gate');
  expect(cause?.sentence).toBe(
    'No request needs a key: on all 4 operations a request without one gets what the full-access key gets (GET /contacts: status 200 for both)',
  );
  expect(open(report)).toEqual([]);
  // A cell and its cause name each other.
  const named = report.cells.filter((cell) => cell.cause === 'no-gate').map(cellId);
  expect(named.toSorted()).toEqual([...(cause?.cells ?? [])].toSorted());
  expect(named.length).toBeGreaterThan(50);
  expect(cause?.example).toMatchObject({
    operation: LIST,
    case: 'no-key',
    received: 'status 200',
    control: 'status 200',
  });
  expect(text).toContain(cause?.example.repeat ?? 'a line that repeats it');
});

test('an operation that is open to anyone beside others that have a gate is one cause, and not that no gate is there', async () => {
  const { report } = await judged({ defect: { id: 'missing-key-accepted', operation: LIST } });
  expect(report.causes).toMatchObject([
    {
      id: 'open-to-anyone',
      sentence:
        'Open to anyone, although the contract asks for a key: on 1 of 4 operations a request without one gets what the full-access key gets (GET /contacts: status 200 for both)',
      remedy: expect.stringContaining('security: []'),
    },
  ]);
});

test('refusals that are redirects are one cause, and a key that is redirected is none', async () => {
  const { report } = await judged({ defect: { id: 'redirect-to-login' } });
  expect(said(report)).toEqual({
    'refused-by-redirect': expect.stringMatching(
      /^Refusals are redirects: \d+ requests on 4 operations were sent elsewhere instead of refused \(GET \/contacts: status 302 to \/login\) \[\d+ deviates, \d+ not proven, \d+ violates\]$/,
    ),
  });
  expect(open(report)).toEqual([]);
  const { report: other } = await judged({ defect: { id: 'success-redirects-within-host' } });
  expect(said(other)).toEqual({});
});

test('refusals with the status of a success are one cause', async () => {
  const { report } = await judged({ defect: { id: 'error-body-with-200' } });
  expect(said(report)).toEqual({
    'refused-with-success': expect.stringMatching(
      /^Refusals say success: \d+ requests on 4 operations got a status of success with an error inside \(GET \/contacts: status 200 with \{error: string, .*\[\d+ deviates, \d+ not proven, \d+ violates\]$/,
    ),
  });
  expect(open(report)).toEqual([]);
});

test('an API that looks at the input first is one cause, and the two operations without input are judged as ever', async () => {
  const { report } = await judged({ defect: { id: 'validation-before-authentication' } });
  const [cause, ...others] = report.causes ?? [];
  expect(others).toEqual([]);
  expect(cause).toMatchObject({
    id: 'input-first',
    sentence:
      'The API looks at the input before the key: on 2 of 4 operations a request without a key gets the status 400 that the full-access key gets, which shows nothing about keys',
    remedy: expect.stringContaining('HUECHAT_SANDBOX_WRITES=allow'),
  });
  const on = new Set(cause?.cells.map((id) => id.slice(id.indexOf('@') + 1)));
  expect([...on].toSorted()).toEqual([ADD, CHANGE]);
});

test('a scheme that opens nothing anywhere is one cause, named; one that opens something somewhere is none', async () => {
  const { report } = await judged({ defect: { id: 'bearer-not-supported' } });
  expect(said(report)).toEqual({
    'scheme-opens-nothing-bearer': expect.stringContaining(
      'The security scheme bearer opens nothing: the full-access key presented by it is refused on 4 operations, where another scheme is accepted (GET /contacts: status 401)',
    ),
  });
  const { report: part } = await judged({ defect: { id: 'bearer-not-supported', operation: LIST } });
  expect(said(part)).toEqual({});
});

test.describe('a cache that ignores keys', () => {
  test('that keeps what has a query is one cause', async () => {
    const { report } = await judged({ defect: { id: 'cache-ignores-key' } });
    expect(said(report)).toEqual({
      'cache-ignores-keys':
        'A cache does not look at the key: 2 requests on 2 operations got the stored response to the full-access key without having it (GET /contacts: status 200, Age: 1) [2 violates]',
    });
  });

  test('that keeps everything is one cause of everything that it opens', async () => {
    const { report } = await judged({ operations: [LIST, ONE], meddle: cachingEverything() });
    const [cause, ...others] = report.causes ?? [];
    expect(others).toEqual([]);
    expect(cause).toMatchObject({ id: 'cache-ignores-keys', example: { received: 'status 200, Age: 3' } });
    expect(cause?.cells.length).toBeGreaterThan(10);
    expect(report.cells.filter(({ rule }) => rule === 'missing-key').map(({ cause: id }) => id)).toEqual([
      'cache-ignores-keys',
      'cache-ignores-keys',
    ]);
  });
});

test('a cache that leaves no mark is the same cause: what has a query is denied, and the rest is not', async () => {
  const { report } = await judged({ operations: [LIST, ONE], meddle: cachingEverything('') });
  expect(report.causes?.map(({ id }) => id)).toEqual(['cache-ignores-keys']);
  expect(report.causes?.[0]?.sentence).toContain('(GET /contacts: status 200, and a refusal to the same with a query)');
  expect(report.cells.filter(({ rule }) => rule === 'missing-key').map(({ cause }) => cause)).toEqual([
    'cache-ignores-keys',
    'cache-ignores-keys',
  ]);
});

test.describe('a key that worked, then stopped', () => {
  test('since its quota ended: one cause, and not two hundred cells to read', async () => {
    // The first operation is answered, and what comes after it is over the quota.
    const { report } = await judged({
      operations: [LIST, ONE, CHANGE],
      meddle: since(isOf('/contact/'), throttled),
      wire: { longestPause: 0 },
    });
    expect(said(report)).toEqual({
      'quota-ended': expect.stringMatching(
        /^The full-access key worked, then stopped: it was accepted on 1 operation, and then it got status 429 on 2 operations, first on GET \/contact\/\{identifier\} \[.*\d+ not proven.*\]$/,
      ),
    });
    expect(report.causes?.[0]?.remedy).toContain('HUECHAT_RATE_LIMIT');
    expect(report.causes?.[0]?.cells.length).toBeGreaterThan(40);
  });

  test('since it was switched off for its use: the same cause', async () => {
    const { report } = await judged({ operations: [LIST, ONE, CHANGE], meddle: since(isOf('/contact/'), switchedOff) });
    expect(said(report)).toEqual({
      'quota-ended': expect.stringContaining(
        'it was accepted on 1 operation, and then it got status 401 on 2 operations, first on GET /contact/{identifier}',
      ),
    });
  });

  test('one operation that refuses the key stops nothing', async () => {
    const { report } = await judged({ operations: [LIST, ONE], meddle: since(isOf('/contact/'), switchedOff) });
    expect(said(report)).toEqual({});
  });
});

test('path values that lead nowhere are one cause', async () => {
  const { report } = await judged({ meddle: since(isOf('/contact/'), notThere) });
  expect(said(report)).toEqual({
    'nothing-there': expect.stringContaining(
      'Nothing is behind the path values: on 2 of 4 operations even the full-access key gets status 404 (GET /contact/{identifier})',
    ),
  });
  expect(report.causes?.[0]?.remedy).toBe(
    'Set HUECHAT_PATH_VALUES to ids that exist (identifier=…), or give them as examples in the contract.',
  );
});

test('an operation that is nowhere and has no path values is no matter of path values', async () => {
  const { report } = await judged({ meddle: since(isOf('/contacts'), notThere) });
  expect(said(report)).toEqual({
    'not-served': expect.stringContaining(
      'The target has no such operation: on 1 of 4 operations even the full-access key gets status 404, as everyone does',
    ),
  });
  const [cause] = report.causes ?? [];
  expect(cause?.remedy).toContain('HUECHAT_BASE_URL');
  expect(cause?.remedy).not.toContain('HUECHAT_PATH_VALUES');
});

test('a page in the place of an operation is one cause', async () => {
  const { report } = await judged({ meddle: since(isOf('/contacts'), pageForAll) });
  expect(said(report)).toEqual({
    'notice-to-all': expect.stringMatching(
      /^Something else answers: on 1 of 4 operations everyone gets status 200 with text\/html, which the contract names for no success \(GET \/contacts\) \[\d+ not proven\]$/,
    ),
  });
  expect(open(report)).toEqual([]);
});

test('a parser that answers malformed requests in the place of the API breaks nothing, so it is no cause', async () => {
  const { report } = await judged({ operations: [LIST, ONE], meddle: since(isMalformed, bare) });
  expect(said(report)).toEqual({});
  expect(report.cells.filter(({ outcome }) => outcome === 'violates')).toEqual([]);
});

test('each report says a cause once, above the cells that follow from it', async () => {
  const { report, text } = await judged({ defect: { id: 'redirect-to-login' } });
  const [cause] = report.causes ?? [];
  const { sentence = '', cells = [], example } = cause ?? {};
  const repeat = example?.repeat ?? '';
  const times = (all: string, part: string): number => all.split(part).length - 1;

  await test.step('the terminal', () => {
    const lines = text.split('\n');
    expect(lines[0]).toBe(`cause: ${sentence}.`);
    expect(lines[2]?.trim()).toBe(repeat);
    expect(lines.length).toBeLessThan(40);
    expect(lines.filter((line) => /^(violates|deviates) /.test(line))).toEqual([]);
  });

  await test.step('summary.md', () => {
    const summary = summaryMarkdown(report);
    expect(times(summary, 'Refusals are redirects')).toBe(1);
    expect(summary).toContain(repeat);
    expect(summary).not.toContain('### What is wrong');
  });

  await test.step('SARIF: one result, and its cells name it', () => {
    const results = sarif(report).runs[0]?.results ?? [];
    const [first, ...others] = results;
    expect(first).toMatchObject({ ruleId: 'cause-refused-by-redirect', level: 'error' });
    expect(first?.message.text).toContain(sentence);
    expect(first?.relatedLocations?.map(({ logicalLocations }) => logicalLocations?.[0]?.fullyQualifiedName)).toEqual(
      expect.arrayContaining(FOUR),
    );
    const failing = report.cells.filter(({ outcome }) => outcome === 'violates' || outcome === 'deviates');
    expect(others).toHaveLength(failing.length);
    expect(cells.length, 'what it leaves open is no result').toBeGreaterThan(failing.length);
    expect(new Set(others.map(({ properties }) => properties?.['cause'] as unknown))).toEqual(
      new Set(['cause-refused-by-redirect']),
    );
  });

  await test.step('the page', () => {
    // On the first screen, and above the cells that follow from it.
    expect(times(conformancePage(report).split('<dialog')[0] ?? '', 'Refusals are redirects')).toBe(2);
  });
});

type Answer = (seen: Seen, socket: Socket) => void;

/** Answers the requests that are meant, and leaves the others to the mock. */
function since(isMeant: (seen: Seen) => boolean, answer: Answer): Meddle {
  return (seen, socket) => {
    if (seen.via !== 'base' || !isMeant(seen)) return 'pass';
    answer(seen, socket);
    return 'answered';
  };
}

const isOf =
  (part: string) =>
  ({ target }: Seen): boolean =>
    target.includes(part);

/** What HTTP parsers answer by themselves. */
function isMalformed({ head }: Seen): boolean {
  return /[\0\v]|^[\w-]+ +:|\n[ \t]/m.test(head);
}

const reply =
  (status: string, body = '', type = 'application/json'): Answer =>
  ({ method }, socket) => {
    const head = [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Cache-Control: no-store'];
    const typed = body === '' ? head : [...head, `Content-Type: ${type}`];
    socket.write(`${typed.join('\r\n')}\r\n\r\n${method === 'HEAD' ? '' : body}`);
  };

const error = (code: number, name: string, message: string): string => JSON.stringify({ error: name, message, code });

const throttled = reply('429 Too Many Requests', error(429, 'rate_limited', 'Slow down'));
const switchedOff = reply('401 Unauthorized', error(401, 'unauthorized', 'Invalid API key'));
const pageForAll: Answer = (_, socket) => {
  const page = '<h1>Back soon</h1>';
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`);
};
const notThere = reply('404 Not Found', error(404, 'not_found', 'Nothing is here'));
const bare = reply('400 Bad Request');

/** The first request to an address with a key fills a cache that answers everyone from then on. */
function cachingEverything(marks = 'Age: 3\r\nX-Cache: HIT\r\n'): Meddle {
  const filled = new Set<string>();
  return ({ method, target, head, via }, socket) => {
    if (via !== 'base' || method !== 'GET') return 'pass';
    if (!filled.has(target)) {
      if (/^(x-api-key|authorization):/im.test(head)) filled.add(target);
      return 'pass';
    }
    const body = target.includes('/contact/')
      ? '{"id":"string","first_name":"string"}'
      : '{"data":[{"id":"string","first_name":"string"}],"pagination":{"limit":0,"offset":0,"total":0,"has_more":false}}';
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n${marks}Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    return 'answered';
  };
}
