import { expect, test } from '@playwright/test';
import type { Cell, Outcome } from '../../src/model/cell.ts';
import { judgeBehind } from '../support/behind.ts';
import type { Seen } from '../support/interceptor.ts';

const ALLOWED = { HUECHAT_SANDBOX_WRITES: 'allow' };
const SCOPES = ['insufficient-scope', 'separate-scopes'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];
const isUnsafe = (id: string): boolean => !id.startsWith('GET ');

/** Long enough not to stand anywhere by chance, short enough to be in most changed keys. */
const RUN = 8;

/** The permission rules alone, on everything that may change something. */
const permissions = { operations: isUnsafe, by: SCOPES };

test('a production run leaves no effect on a mock that lets everyone in, and no request that could have one bears a key', async () => {
  const { mock, seen, settings } = await judgeBehind({ environment: 'production', defect: { id: 'everyone-let-in' } });
  expect(mock.effects).toEqual([]);
  const unsafe = seen.filter(mayChangeSomething);
  expect(unsafe.length).toBeGreaterThan(20);
  expect(unsafe.filter((one) => carriesKey(one, settings)).map(({ head }) => head)).toEqual([]);
});

test('a sandbox run leaves no effect on a mock that lets everyone in, though its requests bear keys', async () => {
  const { mock, seen, settings } = await judgeBehind({ defect: { id: 'everyone-let-in' } });
  expect(mock.effects).toEqual([]);
  expect(seen.filter(mayChangeSomething).filter((one) => carriesKey(one, settings)).length).toBeGreaterThan(20);
});

test('a sandbox run leaves no effect on a mock that stores any form, with a key that it finds in one', async () => {
  const { mock, cells } = await judgeBehind({ defect: { id: 'form-read-as-json' } });
  expect(mock.effects).toEqual([]);
  const found = cells.filter(({ rule, outcome }) => rule === 'undocumented-credential' && outcome === 'violates');
  expect(found.map(({ operation }) => operation).filter((id) => !isUnsafe(id))).toEqual([]);
  expect(found.length).toBeGreaterThan(3);
});

test('a sandbox run leaves no effect on a mock that reads a list as an object', async () => {
  const { mock } = await judgeBehind({ operations: isUnsafe, variant: 'lists-read-as-objects' });
  expect(mock.effects).toEqual([]);
});

test('where writing to the sandbox is allowed there may be effects, and on the sandbox only', async () => {
  const { mock } = await judgeBehind({ ...permissions, defect: { id: 'everyone-let-in' }, variables: ALLOWED });
  expect(mock.effects.length).toBeGreaterThan(0);
  expect(new Set(mock.effects.map(({ environment }) => environment))).toEqual(new Set(['sandbox']));
});

test('writing is refused on production, whatever the variable says', async () => {
  const run = judgeBehind({ environment: 'production', variables: ALLOWED });
  await expect(run).rejects.toThrow(
    /^HUECHAT_SANDBOX_WRITES is set, but the suite never writes on production: remove it\.$/,
  );
});

test('missing permission checks of unsafe operations are not proven by inert requests, and found where writing is allowed', async () => {
  const outcomes = async (variables: Readonly<Record<string, string>>): Promise<Set<Outcome>> => {
    const { cells } = await judgeBehind({ ...permissions, defect: { id: 'scope-not-enforced' }, variables });
    return new Set(applicable(cells).map(({ outcome }) => outcome));
  };
  expect(await outcomes({})).toEqual(new Set(['not proven']));
  expect(await outcomes(ALLOWED)).toEqual(new Set(['violates']));
});

test('a sound mock conforms where writing is allowed, and nothing has changed there', async () => {
  const { cells, mock } = await judgeBehind({ ...permissions, variables: ALLOWED });
  expect(applicable(cells).filter(({ outcome }) => outcome !== 'conforms')).toEqual([]);
  expect(mock.effects).toEqual([]);
});

/** Every cell but that of the operation whose resource has no second scope. */
function applicable(cells: readonly Cell[]): Cell[] {
  const found = cells.filter(({ outcome }) => outcome !== 'not applicable');
  expect(found).toHaveLength(7);
  return found;
}

/** Also where a server would look for another method than that of the request line. */
function mayChangeSomething({ method, target, head }: Seen): boolean {
  return (
    !SAFE_METHODS.includes(method) || /^x-(http-)?method/im.test(head) || /[?&](_method|x-http-method)/i.test(target)
  );
}

/** A run of characters of any key's secret part, wherever it stands: as it is, percent-encoded or in base64. */
function carriesKey({ head, body }: Seen, settings: Readonly<Record<string, string>>): boolean {
  const text = `${head.replace(/^user-agent:.*$/im, '')}\n${body}`;
  const decoded = text.split(/[\s:;,=&?/]+/).map((word) => Buffer.from(word, 'base64').toString('latin1'));
  const place = [
    text,
    text.replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    ...decoded,
  ]
    .join('\n')
    .toLowerCase();
  return secretRuns(settings).some((run) => place.includes(run));
}

function secretRuns(settings: Readonly<Record<string, string>>): string[] {
  const values = Object.entries(settings).flatMap(([name, value]) => (/_KEYS?$/.test(name) ? value.split(';') : []));
  const hidden = values.map((value) =>
    value
      .replace(/^.*=/, '')
      .replace(/^sk_(live|test)_/, '')
      .toLowerCase(),
  );
  return hidden.flatMap((secret) =>
    Array.from({ length: secret.length - RUN + 1 }, (_, start) => secret.slice(start, start + RUN)),
  );
}
