import { readdirSync, readFileSync } from 'node:fs';
import type { ClassifiedClaim } from '../../scripts/servers/claims.ts';
import {
  isAboutHole,
  type JudgedEdition,
  type JudgedPair,
  problemsOfPair,
  versionsOfEdition,
} from '../../scripts/servers/judged-pairs.ts';
import { EDITIONS, editionName, withoutPair, type Pair, pairs } from '../../scripts/servers/pairs.ts';
import { type Lock, stacks } from '../../scripts/servers/stacks.ts';
import { requestOf } from '../../scripts/servers/way.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { sample } from '../support/report-samples.ts';
import { expect, test } from '../support/unit-test.ts';

/** The pairs of servers/pairs: what is pinned, what is expected, and what is said when it does not come. */

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifest = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;
const lock = JSON.parse(readFileSync('servers/package-lock.json', 'utf8')) as Lock;
const ofVersions = pairs.filter(({ packages }) => packages === undefined);

test('every pair has a file of its own, and every file a pair', () => {
  const files = readdirSync('servers/pairs').filter((name) => name.endsWith('.js'));
  expect(pairs.map(({ name }) => `${name}.js`).toSorted()).toEqual(files.toSorted());
});

test('no pair has the name of a stack', () => {
  const names = stacks.map(({ name }) => name);
  expect(pairs.filter(({ name }) => names.includes(name))).toEqual([]);
});

test('a pair breaks rules that there are by cases that there are, or says which case is wanted', () => {
  const rules = catalogue.rules.map(({ id }) => id);
  const cases = catalogue.cases.map(({ id }) => id);
  for (const pair of pairs) {
    expect(
      pair.rules.filter((rule) => !rules.includes(rule)),
      pair.name,
    ).toEqual([]);
    expect(
      (pair.cases ?? []).filter((id) => !cases.includes(id)),
      pair.name,
    ).toEqual([]);
    expect(pair.rules.length === 0, pair.name).toBe(pair.caseWanted !== undefined);
  }
});

test('the two versions of a pair are pinned, and of the same package, the vulnerable one first', () => {
  const { dependencies } = manifest('servers/package.json');
  for (const pair of ofVersions) {
    const [vulnerable, fixed] = EDITIONS.map((edition) => dependencies[editionName(pair, edition)] ?? '');
    const [[name, from], [sameName, to]] = [partsOf(vulnerable), partsOf(fixed)];
    expect(name, pair.name).toBe(sameName);
    expect(from.localeCompare(to, 'en', { numeric: true }), pair.name).toBeLessThan(0);
    expect(EDITIONS.flatMap((edition) => versionsOfEdition(pair, edition, lock))).toEqual([
      `${name} ${from}`,
      `${name} ${to}`,
    ]);
  }
});

/** `npm:@fastify/middie@9.1.0` as its name and version */
function partsOf(specifier: string | undefined): [string, string] {
  const [, name = '', version = ''] = /^npm:(.+)@(\d+\.\d+\.\d+\S*)$/.exec(specifier ?? '') ?? [];
  return [name, version];
}

test('whatever is pinned for a pair is used by that pair alone', () => {
  const aliases = ofVersions.flatMap((pair) => EDITIONS.map((edition) => editionName(pair, edition)));
  const pinned = Object.keys(manifest('servers/package.json').dependencies);
  expect(pinned.filter((name) => /-(?:vulnerable|fixed)$/.test(name)).toSorted()).toEqual(aliases.toSorted());
  expect(stacks.flatMap((stack) => stack.packages).filter((name) => aliases.includes(name))).toEqual([]);
  const { dependencies, devDependencies } = manifest('package.json');
  expect(Object.values({ ...dependencies, ...devDependencies }).filter((one) => one.startsWith('npm:'))).toEqual([]);
});

test('no advisory has a pair and a reason why it has none', () => {
  const shown = pairs.flatMap(({ advisories }) => advisories.map(({ url }) => url));
  expect(withoutPair.filter(({ advisory }) => shown.includes(advisory.url))).toEqual([]);
});

test('a way is shown as the request that it is', () => {
  expect(requestOf({ target: '//v2/contacts' })).toBe('GET //v2/contacts');
  expect(requestOf({ method: 'POST', target: '/a', headers: { 'X-API-Key': '{locked}' }, body: '{' })).toBe(
    'POST /a · X-API-Key: {locked} · {',
  );
});

test.describe('the hole of a pair', () => {
  const pair: Pair = {
    ...{ name: 'example', title: 'an example', advisories: [], hole: 'It has a hole.' },
    ...{ way: { target: '//v2/contacts' }, rules: ['strange-path'] },
  };
  const claim: ClassifiedClaim = {
    ...{ id: 'strange-path/refused', level: 'MUST', operations: ['GET /contacts'] },
    ...{ cases: ['absolute-form', 'trailing-slash'], evidence: 'opened' },
  };

  test('is claimed by a rule of the pair', () => {
    expect(isAboutHole(pair, claim)).toBe(true);
    expect(isAboutHole({ rules: ['strange'] }, claim)).toBe(false);
  });

  test('is claimed by its cases alone where it names some', () => {
    expect(isAboutHole({ ...pair, cases: ['trailing-slash'] }, claim)).toBe(true);
    expect(isAboutHole({ ...pair, cases: ['encoded-letter'] }, claim)).toBe(false);
  });

  test('is in every claim where nothing is guarded', () => {
    expect(isAboutHole({ rules: ['missing-key'], guardsNothing: true }, claim)).toBe(true);
  });

  const judged = async (change: Partial<Record<'vulnerable' | 'fixed', Partial<JudgedEdition>>>): Promise<string[]> => {
    const report = await sample({ operations: 1, outcomeOf: () => 'conforms' });
    const edition = (isOpen: boolean): JudgedEdition['judged'] => ({ code: 0, printed: '', report, isOpen });
    const both: JudgedPair = {
      vulnerable: { judged: edition(true), holeClaims: [claim], otherClaims: [], ...change.vulnerable },
      fixed: { judged: edition(false), holeClaims: [], otherClaims: [], ...change.fixed },
    };
    return problemsOfPair(pair, both);
  };

  test('that is claimed of the vulnerable version alone is no problem', async () => {
    expect(await judged({})).toEqual([]);
  });

  test('that nothing claims any more is a problem', async () => {
    expect(await judged({ vulnerable: { holeClaims: [] } })).toEqual([
      'example-vulnerable: strange-path does not see the hole any more.',
    ]);
  });

  test('that is claimed of the fixed version is a problem', async () => {
    expect(await judged({ fixed: { holeClaims: [claim] } })).toEqual([
      'example-fixed: strange-path/refused sees a hole: opened.',
    ]);
  });

  test('whose way is closed in the vulnerable version, or open in the fixed one, is a problem', async () => {
    const run = { code: 1, printed: '' };
    expect(
      await judged({ vulnerable: { judged: { ...run, isOpen: false } }, fixed: { judged: { ...run, isOpen: true } } }),
    ).toEqual([
      'example-vulnerable: its way does not lead in any more.',
      'example-fixed: the way of the vulnerable one still leads in.',
      'example-vulnerable: the run judged nothing.',
      'example-fixed: the run judged nothing.',
    ]);
  });
});
