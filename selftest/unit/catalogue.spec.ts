import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/unit-test.ts';
import { defectIds, defects } from '../../mock/defects/index.ts';
import type { Case } from '../../src/requests/case.ts';
import { securityAlternativesOf } from '../../src/requests/security-alternative.ts';
import { alternativesOfCase } from '../../src/requests/plan-operation.ts';
import { cases } from '../../tests/catalogue/cases/index.ts';
import { judgedOtherwise } from '../../tests/catalogue/promises.ts';
import { crossOperationRules, rules } from '../../tests/catalogue/rules/index.ts';
import { huechat, twitch } from '../support/contracts.ts';

/** Lint of the catalogue: what the types cannot say about rules, cases and defects. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Those of docs/rules.md, in the order of the documentation. */
const SECTIONS = [
  'Missing key',
  'Invalid key',
  'Presenting the key',
  'Environments',
  'Permissions',
  'HTTPS',
  'Address lock',
  'Ways round',
  'Caching',
  'Browsers',
  'Error answers',
  'Rate limits',
];

const ruleFiles = readdirSync(`${ROOT}tests/catalogue/rules`).filter((file) => file !== 'index.ts');
const allRules = [...rules, ...crossOperationRules];
const given = new Set(allRules.flatMap((rule) => (typeof rule.given === 'string' ? [] : rule.given)));
const promised = allRules.flatMap(({ source }) => ('promise' in source ? [source.promise] : []));

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}

function controlOf({ control }: Case): Case | undefined {
  return cases.find(({ id }) => id === control);
}

const idLists: Readonly<Record<string, readonly string[]>> = {
  rules: idsOf(allRules),
  cases: idsOf(cases),
  defects: defectIds,
};

for (const [what, ids] of Object.entries(idLists)) {
  test(`the ids of ${what} are in kebab-case, each there once`, () => {
    expect(ids.filter((id) => !KEBAB.test(id))).toEqual([]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
}

for (const [what, items] of Object.entries({ rules: allRules, cases, defects: Object.values(defects) })) {
  test(`the titles of ${what} are a line each, and no two are the same`, () => {
    const titles = items.map(({ title }) => title);
    expect(titles.filter((title) => title.length >= 100 || /\n|\.$|^\s|\s$/.test(title))).toEqual([]);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
}

test('the titles of rules and cases say what is, and leave it to the level how much it weighs', () => {
  const titles = [...allRules, ...cases].map(({ title }) => title);
  expect(titles.filter((title) => /\b(?:should|must|may|shall|will|ought)\b/i.test(title))).toEqual([]);
});

test.describe('rules', () => {
  test('each has a file of its name, and each file is in the index', () => {
    expect(ruleFiles.toSorted()).toEqual(
      idsOf(allRules)
        .map((id) => `${id}.ts`)
        .toSorted(),
    );
  });

  for (const { id } of allRules) {
    test(`${id} is exported under its name, below a comment that says who demands it`, () => {
      const name = id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      const text = readFileSync(`${ROOT}tests/catalogue/rules/${id}.ts`, 'utf8');
      expect(text).toMatch(new RegExp(`\\*/\\nexport const ${name}: (?:Api)?Rule = \\{\\n {2}id: '${id}',`));
    });
  }

  test('their sections are those of the documentation, in its order', () => {
    expect([...new Set(rules.map(({ section }) => section))]).toEqual(SECTIONS);
    const order = rules.map(({ section }) => SECTIONS.indexOf(section));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('those of a standard lead to the place that they name', () => {
    const places = allRules.flatMap(({ source }) => ('standard' in source ? [source] : []));
    for (const { standard, url } of places) {
      const [, rfc, section] = /^RFC (\d+) §([\d.]+), \S/.exec(standard) ?? [];
      const page = rfc === undefined ? '' : `https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section}`;
      expect(url, standard).toBe(standard.startsWith('RFC') ? page : url);
      expect(url).toMatch(/^https:\/\/\S+$/);
    }
  });

  test('the cases that they name exist, each named once by a rule', () => {
    expect([...given].filter((id) => !idsOf(cases).includes(id))).toEqual([]);
    const twice = allRules.filter(
      (rule) => typeof rule.given !== 'string' && new Set(rule.given).size < rule.given.length,
    );
    expect(idsOf(twice)).toEqual([]);
  });

  test('an expectation is named in kebab-case', () => {
    const texts = ['tests/catalogue/rules', 'src/judging'].flatMap((folder) =>
      readdirSync(ROOT + folder).map((file) => readFileSync(`${ROOT}${folder}/${file}`, 'utf8')),
    );
    const names = texts.flatMap((text) => [...text.matchAll(/\bfinding\(\s*'([^']*)'/g)].map(([, name = '']) => name));
    expect(names).toContain('status');
    expect(names.filter((name) => !KEBAB.test(name))).toEqual([]);
  });
});

test.describe('cases', () => {
  test('each is judged by a rule, or a rule compares another with it', () => {
    const compared = new Set(cases.filter(({ id }) => given.has(id)).map(({ comparison }) => comparison));
    const texts = ruleFiles.map((file) => readFileSync(`${ROOT}tests/catalogue/rules/${file}`, 'utf8')).join('');
    const idle = idsOf(cases).filter((id) => !given.has(id) && !compared.has(id) && !texts.includes(`'${id}'`));
    expect(idle).toEqual([]);
  });

  test('what a case is compared with is a case, sent for that alone', () => {
    const comparisons = cases.flatMap(({ comparison }) => comparison ?? []);
    expect(comparisons.filter((id) => !idsOf(cases).includes(id))).toEqual([]);
    expect(cases.filter(({ id, onDemand }) => onDemand && !comparisons.includes(id))).toEqual([]);
  });

  test('a control is a case that needs none itself', () => {
    expect(cases.filter(({ control }) => control !== undefined).map(controlOf)).not.toContain(undefined);
    expect(cases.filter((one) => controlOf(one)?.control !== undefined)).toEqual([]);
  });

  test('a control is sent wherever its case is, in the same form or in the primary one', async () => {
    const contract = await huechat();
    const unarmed = contract.operations.flatMap((operation) =>
      cases.flatMap((one) => {
        const control = controlOf(one);
        const armed = control && alternativesOfCase(control, operation, contract);
        const primary = securityAlternativesOf(contract, operation)[0]?.id;
        const isArmed = (form: string): boolean => armed?.some(({ id }) => id === form || id === primary) ?? true;
        return alternativesOfCase(one, operation, contract).flatMap(({ id }) =>
          isArmed(id) ? [] : `${operation.id} ${one.id}@${id}`,
        );
      }),
    );
    expect(unarmed).toEqual([]);
  });

  test("each is sent on an operation of one of the suite's contracts", async () => {
    const contracts = [await huechat(), await twitch()];
    const isSent = (one: Case): boolean =>
      contracts.some((contract) =>
        contract.operations.some((operation) => alternativesOfCase(one, operation, contract).length > 0),
      );
    expect(idsOf(cases.filter((one) => !isSent(one)))).toEqual([]);
  });
});

test.describe('promises', () => {
  test('those that rules name are in the contract', async () => {
    const { promises } = await huechat();
    expect(promised.filter((id) => !idsOf(promises).includes(id))).toEqual([]);
  });

  test('each is named by a rule, marked as uncheckable, or there is a reason why neither', async () => {
    const { promises } = await huechat();
    const open = promises.filter(({ id, uncheckable }) => uncheckable === undefined && !promised.includes(id));
    expect(Object.keys(judgedOtherwise).toSorted()).toEqual(idsOf(open).toSorted());
  });

  test('a reason names only rules and promises that exist', () => {
    const named = Object.values(judgedOtherwise).flatMap((why) =>
      [...why.matchAll(/`([a-z-]+)`/g)].map(([, id = '']) => id),
    );
    expect(named.filter((id) => !idsOf(allRules).includes(id))).toEqual([]);
  });
});
