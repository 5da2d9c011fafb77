import { readdirSync, readFileSync } from 'node:fs';
import {
  claimsOf,
  type Classification,
  classify,
  problemsOf,
  readClassifications,
} from '../../scripts/servers/claims.ts';
import { withoutDetails } from '../../scripts/servers/bare-document.ts';
import { staleVersions } from '../../scripts/servers/document.ts';
import { EDITIONS, editionName, pairs } from '../../scripts/servers/pairs.ts';
import { type Lock, stacks } from '../../scripts/servers/stacks.ts';
import { huechat } from '../support/contracts.ts';
import { sample } from '../support/report-samples.ts';
import { expect, test } from '../support/unit-test.ts';

/** What stands in docs/servers.md is about the servers that the lock file installs. */

const lock = JSON.parse(readFileSync('servers/package-lock.json', 'utf8')) as Lock;

test('docs/servers.md names the versions that servers/package-lock.json has', () => {
  expect(staleVersions(readFileSync('docs/servers.md', 'utf8'), lock)).toEqual([]);
});

test('a version that docs/servers.md does not name is said', () => {
  const packages = { ...lock.packages, 'node_modules/express': { version: '99.0.0' } };
  const problems = staleVersions(readFileSync('docs/servers.md', 'utf8'), { packages });
  expect(problems).toContain('docs/servers.md does not say that express was judged with express 99.0.0.');
});

test('a version of a pair that docs/servers.md does not name is said', () => {
  const packages = { ...lock.packages, 'node_modules/middie-slashes-fixed': { name: 'middie', version: '99.0.0' } };
  const problems = staleVersions(readFileSync('docs/servers.md', 'utf8'), { packages });
  expect(problems).toContain('docs/servers.md does not say that middie-slashes-fixed was judged with middie 99.0.0.');
});

test('every stack has a file of its own, and every file a stack', () => {
  expect(stacks.map(({ file }) => file).toSorted()).toEqual(readdirSync('servers/stacks').toSorted());
});

test('every classification is about servers that there are', () => {
  const editions = pairs.flatMap((pair) => EDITIONS.map((edition) => editionName(pair, edition)));
  const names = [...stacks.map(({ name }) => name), ...editions];
  const entries = readClassifications(readFileSync('servers/classification.yaml', 'utf8'));
  expect(entries.flatMap((entry) => entry.stacks.filter((stack) => !names.includes(stack)))).toEqual([]);
});

test.describe('claims', () => {
  const entry = (claim: string, worth: Classification['worth'] = 'true'): Classification => ({
    ...{ claim, worth, stacks: ['express'], because: 'it is so' },
  });
  const judged = async (entries: readonly Classification[]): Promise<string[]> => {
    const outcomeOf = (_: number, rule: string) => (rule === 'revoked-key' ? 'violates' : 'conforms');
    const claims = claimsOf(await sample({ operations: 2, outcomeOf }));
    return problemsOf(new Map([['express', classify('express', claims, entries)]]), entries);
  };

  test('one that nobody has classified is a problem', async () => {
    expect(await judged([])).toEqual([
      expect.stringContaining('express: nobody has classified revoked-key/status (MUST): GET /contacts, revoked-key: '),
      expect.stringContaining('express: nobody has classified revoked-key/body (MUST): GET /contacts, revoked-key: '),
    ]);
  });

  test('one that is classified as true is none', async () => {
    expect(await judged([entry('revoked-key')])).toEqual([]);
  });

  test('a classification of what is not claimed is a problem', async () => {
    expect(await judged([entry('revoked-key'), entry('invalid-key')])).toEqual([
      'express: nothing claims invalid-key any more. Take it out of servers/classification.yaml.',
    ]);
  });

  test('a MUST that is not true is a problem', async () => {
    expect(await judged([entry('revoked-key/status'), entry('revoked-key/body', 'pedantic')])).toEqual([
      'express: the MUST revoked-key/body is pedantic: mend the rule or the judging, not the list.',
    ]);
  });

  test('an entry without a reason is refused by its place', () => {
    expect(() => readClassifications('- { claim: revoked-key, stacks: [express], worth: true }')).toThrow('entry 1');
  });
});

test('the document without details has no example, no refusal and no scope', async () => {
  const text = JSON.stringify(withoutDetails((await huechat()).document));
  expect(text).not.toMatch(/"examples?":|"(?:401|403|404)":|contacts:read/);
  expect(text).toContain('"/contact/{identifier}"');
});
