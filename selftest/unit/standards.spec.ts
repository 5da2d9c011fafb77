import { type AsvsRequirement, asvsUrl, REQUIREMENTS } from '../../src/judging/asvs.ts';
import { API_RISKS, SEVERITIES, WEAKNESSES } from '../../src/judging/standards.ts';
import { catalogue } from '../../tests/catalogue/index.ts';
import { expect, test } from '../support/unit-test.ts';

/** What the types cannot say about the standards that rules name. */

const rules = [...catalogue.rules, ...catalogue.crossOperationRules, ...catalogue.keyRules];
const requirements = Object.entries<AsvsRequirement>(REQUIREMENTS);

/** MUST rules that keep nobody out: they are about clients that rely on the contract. */
const ABOUT_CLIENTS = [
  'open-operation',
  'refusal-in-any-form',
  'valid-key',
  'equivalent-forms',
  'sufficient-scope',
  'error-envelope',
  'rate-limit-headers',
  'made-key-opens',
  'rolled-keys-overlap',
  'key-opens-until-it-expires',
];

for (const { id, level, standards } of rules) {
  const { cwe, owaspApi, asvs, severity } = standards;

  test(`${id} names each weakness, risk and requirement once and in order`, () => {
    expect(cwe).toEqual([...new Set(cwe)].toSorted((a, b) => a - b));
    expect(new Set(owaspApi).size).toBe(owaspApi.length);
    expect(new Set(asvs).size).toBe(asvs.length);
  });

  test(`${id} names a weakness and a risk where somebody gains something, and only there`, () => {
    expect(cwe.length > 0, 'its weaknesses (cwe)').toBe(severity !== 'none');
    if (severity !== 'none') expect(owaspApi, 'its risks (owaspApi)').not.toEqual([]);
    if (level === 'MUST' && severity === 'none') expect(ABOUT_CLIENTS).toContain(id);
  });
}

test('every weakness that has a name here is looked for by some rule', () => {
  const named = new Set(rules.flatMap(({ standards }) => standards.cwe));
  expect(Object.keys(WEAKNESSES).map(Number)).toEqual([...named].toSorted((a, b) => a - b));
});

test('the risks are the ten of the OWASP API Security Top 10', () => {
  expect(Object.keys(API_RISKS)).toEqual(Array.from({ length: 10 }, (_, index) => `API${index + 1}`));
});

test('a requirement that no rule names says why', () => {
  const named = new Set<string>(rules.flatMap(({ standards }) => standards.asvs));
  expect(requirements.filter(([id, { open }]) => !named.has(id) && open === undefined)).toEqual([]);
  expect([...named].filter((id) => !Object.hasOwn(REQUIREMENTS, id))).toEqual([]);
  expect(named.size).toBeGreaterThan(30);
});

test('the requirements are in the order of their numbers, and each leads to the page of its chapter', () => {
  const numbers = requirements.map(([id]) => id.split('.').map(Number));
  const inOrder = numbers.toSorted((one, other) => {
    const at = one.findIndex((part, index) => part !== other[index]);
    return (one[at] ?? 0) - (other[at] ?? 0);
  });
  expect(numbers).toEqual(inOrder);
  for (const [id] of requirements) {
    const [chapter = ''] = id.split('.');
    expect(asvsUrl(id)).toMatch(new RegExp(`/5\\.0/en/0x\\d\\d-V${chapter}-[A-Za-z-]+\\.md$`));
  }
});

test('what code scanning makes of a score is the severity that it is the score of', () => {
  const named = Object.entries(SEVERITIES).map(([name, { score }]) => [name, severityOfScore(score)]);
  expect(named).toEqual(named.map(([name]) => [name, name]));
});

/** As GitHub's documentation of `security-severity` has it. */
function severityOfScore(score: string | undefined): string {
  const number = Number(score ?? '0');
  if (number > 9) return 'critical';
  if (number >= 7) return 'high';
  if (number >= 4) return 'medium';
  return number >= 0.1 ? 'low' : 'none';
}
