import { expect, test } from '@playwright/test';
import type { Cell } from '../../src/model/cell.ts';
import { judgeBehind } from '../support/behind.ts';
import type { Meddle, Seen } from '../support/interceptor.ts';

/*
 * A gateway that has too much to do says 503 or hangs up, and does not say that it limits the rate: nginx answers 503 where
 * `limit_req` and `limit_conn` set no other status.
 */

const ONE = 'GET /conversations';
const SERVICE_UNAVAILABLE = 'HTTP/1.1 503 Service Temporarily Unavailable\r\nContent-Length: 0\r\n\r\n';

/** Answers in the place of the API what `isTooMuch` says of. */
function answering503(isTooMuch: (seen: Seen) => boolean): Meddle {
  return (seen, socket) => {
    if (seen.via !== 'base' || !isTooMuch(seen)) return 'pass';
    socket.write(SERVICE_UNAVAILABLE);
    return 'answered';
  };
}

function wrong(cells: readonly Cell[]): string[] {
  return cells
    .filter(({ outcome }) => outcome !== 'conforms' && outcome !== 'not applicable')
    .map(({ rule, outcome, reason }) => `${rule} ${outcome}: ${reason}`);
}

/**
 * Whether a request is one too many of those that come while the event loop turns a few times: as `limit_req` of nginx has it,
 * but that no machine is too slow to meet it.
 */
function tooManyAtOnce(most: number, turns: number): () => boolean {
  let left = most;
  const comeBack = (turn: number): void => {
    if (turn > 0) setImmediate(() => comeBack(turn - 1));
    else left++;
  };
  return () => {
    if (left === 0) return true;
    left--;
    comeBack(turns);
    return false;
  };
}

test('a target that takes three requests at once is asked slower, and all is proven', async () => {
  let refused = 0;
  const isTooMuch = tooManyAtOnce(3, 8);
  const { cells, requests, announced } = await judgeBehind({
    operations: (id) => id === ONE,
    meddle: answering503(() => {
      const isRefused = isTooMuch();
      if (isRefused) refused++;
      return isRefused;
    }),
    wire: { tries: 5, backoff: 4 },
  });
  expect(refused).toBeGreaterThan(0);
  expect(wrong(cells)).toEqual([]);
  expect(refused, 'of all requests').toBeLessThan(requests / 2);
  expect(announced).toContain('the target did not take a request and took it a little later: asking slower');
});

test('a target that takes four connections is asked on fewer, and all is proven', async () => {
  const open = new Set<object>();
  let refused = 0;
  const { cells } = await judgeBehind({
    operations: (id) => id === ONE,
    meddle: ({ via }, socket) => {
      if (via !== 'base' || open.has(socket)) return 'pass';
      if (open.size >= 4) {
        refused++;
        socket.resetAndDestroy();
        return 'answered';
      }
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      return 'pass';
    },
    wire: { tries: 5, backoff: 4 },
  });
  expect(refused).toBeGreaterThan(0);
  expect(wrong(cells)).toEqual([]);
});

test('a gateway that takes nothing more, known requests neither, says nothing of the API', async () => {
  let requests = 0;
  const { cells } = await judgeBehind({
    operations: (id) => id === ONE,
    meddle: answering503(() => ++requests > 60),
  });
  const found = wrong(cells);
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((line) => !/ not proven: /.test(line))).toEqual([]);
  expect(found.join('\n')).toMatch(
    /the target kept answering status 503 in 2 tries, and what it had answered before as well, so it is asked too fast: set HUECHAT_RATE_LIMIT to what it allows in a minute/,
  );
});

test('a 503 to one request time and again, while known ones are answered, is what the request gets', async () => {
  const { cells } = await judgeBehind({
    operations: (id) => id === ONE,
    meddle: answering503(({ head }) => /\(trailing-slash[;)]/.test(head)),
  });
  const violated = cells.filter(({ outcome }) => outcome === 'violates').map(({ rule }) => rule);
  expect(violated).toEqual(['strange-path']);
});
