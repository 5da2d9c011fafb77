import { expect, test } from '@playwright/test';
import { judgeBehind } from '../support/behind.ts';
import { conclusions, overtaking } from '../support/flaky.ts';
import { DEFECTS_OF_STATE } from '../support/harness.ts';

const OPERATIONS = ['GET /contact/{identifier}', 'PUT /contact/{identifier}'];

/** Those that complain of these defects: what a run sends for the others changes nothing here. */
const RULES = [
  'missing-key',
  'authentication-first',
  'invalid-key',
  'revoked-key',
  'header-name-case',
  'authenticated-connection',
  'connection-permissions',
  'insufficient-scope',
  'separate-scopes',
  'sufficient-scope',
  'cached-answer',
  'cached-refusal',
  'cache-control',
];

/** Turns of the event loop: enough for a request to be overtaken by all that are under way with it. */
const LONGEST_WAIT = 40;

/** A server that remembers what was before sees requests in another order in each run, and is the same server. */
for (const id of DEFECTS_OF_STATE) {
  test(`${id} draws the same cells whatever overtakes what`, async () => {
    const found = [];
    for (const seed of [1, 2, 3]) {
      const { cells } = await judgeBehind({
        ...{ defect: { id }, by: RULES, turns: overtaking(LONGEST_WAIT, seed) },
        operations: (operation) => OPERATIONS.includes(operation),
      });
      found.push(Object.fromEntries(conclusions(cells)));
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    expect(JSON.stringify(found[0])).toMatch(/violates|deviates/);
  });
}
