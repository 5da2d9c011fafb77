import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/unit-test.ts';
import { allDefectIds, allDefects } from '../../mock/defects/index.ts';
import type { CrossOperationRule } from '../../src/judging/operation-comparison.ts';
import { casesGiven, SECTIONS, type Rule } from '../../src/judging/rule.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import { type Case, type ControlCase, type ControlledCase, FULL_ACCESS_CASE } from '../../src/requests/case.ts';
import { securityAlternativesOf } from '../../src/requests/security-alternative.ts';
import { alternativesOfCase } from '../../src/requests/plan-operation.ts';
import { catalogueOf } from '../../src/run/catalogue.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import {
  huechat,
  huechatInCookie,
  huechatWithCertificate,
  huechatWithOptionalKey,
  twitch,
} from '../support/contracts.ts';

/** Lint of the catalogue: what the types cannot say about rules, cases and defects. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const { cases, rules, crossOperationRules, keyRules, judgedOtherwise } = catalogue;
const keyCases = keyRules.flatMap((rule) => rule.cases);

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const files = readdirSync(`${ROOT}tests/catalogue`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(`${ROOT}tests/catalogue/${file}`, 'utf8') }));
const allRules: readonly (Pick<Rule, 'comparedWith'> & Omit<Rule | CrossOperationRule, 'comparedWith'>)[] = [
  ...rules,
  ...crossOperationRules,
];
const promised = allRules.flatMap(({ source }) => ('promise' in source ? [source.promise] : []));

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}

const idLists: Readonly<Record<string, readonly string[]>> = {
  rules: idsOf([...allRules, ...keyRules]),
  cases: idsOf([...cases, ...keyCases]),
  defects: allDefectIds,
};

for (const [what, ids] of Object.entries(idLists)) {
  test(`the ids of ${what} are in kebab-case, each there once`, () => {
    expect(ids.filter((id) => !KEBAB.test(id))).toEqual([]);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
}

for (const [what, items] of Object.entries({
  rules: [...allRules, ...keyRules],
  cases: [...cases, ...keyCases],
  defects: Object.values(allDefects),
})) {
  test(`the titles of ${what} are a line each, and no two are the same`, () => {
    const titles = items.map(({ title }) => title);
    expect(titles.filter((title) => title.length >= 100 || /\n|\.$|^\s|\s$/.test(title))).toEqual([]);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
}

test('the titles of rules and cases say what is, and leave it to the level how much it weighs', () => {
  const titles = [...allRules, ...keyRules, ...cases, ...keyCases].map(({ title }) => title);
  expect(titles.filter((title) => /\b(?:should|must|may|shall|will|ought)\b/i.test(title))).toEqual([]);
});

test.describe('rules', () => {
  for (const { id } of [...allRules, ...keyRules]) {
    test(`${id} stands in one file, below a comment that says who demands it`, () => {
      const declaration = new RegExp(`\\*/\\nconst \\w+: (?:CrossOperation|Key)?Rule = \\{\\n {2}id: '${id}',`);
      expect(files.filter(({ text }) => declaration.test(text)).map(({ file }) => file)).toHaveLength(1);
    });
  }

  test('a case that shows what a key opens names a rule that judges it', () => {
    const shown = cases.filter(({ access }) => access !== undefined);
    const astray = shown.filter((one) => {
      const rule = rules.find(({ id }) => id === one.access?.rule);
      return rule === undefined || !casesGiven(rule).includes(one);
    });
    expect(astray.map(({ id }) => id)).toEqual([]);
    expect(shown.length).toBeGreaterThan(10);
  });

  test('their sections are those of the documentation, in its order', () => {
    const inOrder = [...rules, ...keyRules];
    expect([...new Set(inOrder.map(({ section }) => section))]).toEqual([...SECTIONS]);
    const order = inOrder.map(({ section }) => SECTIONS.indexOf(section));
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

  test('each names a case once', () => {
    const twice = allRules.filter((rule) => new Set(casesGiven(rule)).size < casesGiven(rule).length);
    expect(idsOf(twice)).toEqual([]);
  });

  test('each declares its expectations in kebab-case, each once', () => {
    for (const { id, expectations } of [...rules, ...keyRules]) {
      expect(expectations.length, id).toBeGreaterThan(0);
      expect(
        expectations.filter((name) => !KEBAB.test(name)),
        id,
      ).toEqual([]);
      expect(new Set(expectations).size, id).toBe(expectations.length);
    }
  });
});

test.describe('cases', () => {
  test('the control of refusals is the case that sends the full-access key', () => {
    const controls = new Set(cases.flatMap(({ control }) => control ?? []));
    expect(idsOf([...controls])).toEqual([FULL_ACCESS_CASE]);
  });

  test('controls are sent first', () => {
    const kinds = cases.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('control')).toBeLessThan(kinds.findIndex((kind) => kind !== 'control'));
  });

  test('what is sent on demand is what a case is held against', () => {
    const comparisons = new Set(cases.flatMap(({ comparison, elsewhere }) => [comparison, elsewhere]));
    expect(cases.filter((one) => one.kind === 'on-demand' && !comparisons.has(one))).toEqual([]);
  });

  test('a control is sent wherever its case is, in the same security alternative or in the primary one', async () => {
    const contract = await huechat();
    const alone = contract.operations.flatMap((operation) =>
      cases.flatMap((one) => {
        if (!one.control) return [];
        const its = alternativesOfCase(one.control, operation, contract).map(({ id }) => id);
        const primary = securityAlternativesOf(contract, operation)[0]?.id ?? '';
        return alternativesOfCase(one, operation, contract).flatMap(({ id }) =>
          its.includes(id) || its.includes(primary) ? [] : `${operation.id} ${one.id}@${id}`,
        );
      }),
    );
    expect(alone).toEqual([]);
  });

  test("each is sent on an operation of one of the suite's contracts", async () => {
    const contracts = [
      await huechat(),
      await huechatInCookie(),
      await twitch(),
      await huechatWithCertificate(),
      await huechatWithOptionalKey(),
    ];
    const isSent = (one: Case): boolean =>
      contracts.some((contract) =>
        contract.operations.some((operation) => alternativesOfCase(one, operation, contract).length > 0),
      );
    expect(idsOf(cases.filter((one) => !isSent(one)))).toEqual([]);
  });
});

/*
 * What must not typecheck. Each line below has a mistake, and tsc fails if it does not find one there. Nothing of it runs.
 */
export function mistakes(one: ControlledCase, control: ControlCase, rule: Rule): unknown[] {
  return [
    // @ts-expect-error -- a case that does not exist
    { ...rule, given: { cases: [misspelt] } } satisfies Rule,
    // @ts-expect-error -- ids are no cases
    { ...rule, given: { cases: ['no-key'] } } satisfies Rule,
    // @ts-expect-error -- a rule judges certain cases, every refusal or every response
    { ...rule, given: { every: 'answer' } } satisfies Rule,
    // @ts-expect-error -- a section that the documentation does not have
    { ...rule, section: 'Elsewhere' } satisfies Rule,
    // @ts-expect-error -- a control has no control itself
    { ...control, control } satisfies Case,
    // @ts-expect-error -- a case without its control
    { ...one, control: undefined } satisfies Case,
    // @ts-expect-error -- a refusal as the control of another
    { ...one, control: one } satisfies Case,
    // @ts-expect-error -- only a controlled case is compared with the same request with the full-access key
    { ...control, comparison: one } satisfies Case,
    // @ts-expect-error -- nothing is presented on an open operation, in whatever alternative
    { ...control, kind: 'anonymous', alternatives: 'each' } satisfies Case,
    // @ts-expect-error -- a key that is missing has a variable that provides it
    new NotSent('key', 'a key is not configured'),
  ];
}

test.describe('what a part of the rules needs', () => {
  const idsFor = (...rules: readonly string[]): string[] =>
    catalogueOf(catalogue, new Set(rules)).cases.map(({ id }) => id);

  test('is their cases, the controls of these, and the two that every response is held against', () => {
    expect(idsFor('missing-key')).toEqual(expect.arrayContaining(['no-key', 'empty-key', FULL_ACCESS_CASE]));
    expect(idsFor('missing-key').length).toBeLessThan(6);
    expect(idsFor('insufficient-scope')).toContain('scoped-out-key-other-query');
    expect(idsFor('one-answer-to-bad-keys')).toContain('never-issued-key');
  });

  test('is every case for a rule about every response, and where nobody chose', () => {
    const all = catalogue.cases.map(({ id }) => id);
    expect(idsFor('no-internals')).toEqual(all);
    expect(catalogueOf(catalogue)).toBe(catalogue);
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
