import { writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, test } from '../support/unit-test.ts';
import { type KnownFailure, readKnownFailures } from '../../src/config/known-failures.ts';
import { accept, acceptanceProblems, acceptedText, type Chosen } from '../../src/reporting/accept.ts';
import { readReport } from '../../src/reporting/read-report.ts';
import { sample } from '../support/report-samples.ts';

/** Entries of known failures that are written for failing cells of a report. */

const TODAY = '2026-06-15';
const SAID = {
  owner: 'platform team',
  reason: 'the gateway: answers "first"',
  link: 'https://issues.example.com/1',
  until: '2026-12-31',
};
const NONE: Chosen = { cells: [], rule: undefined, all: false };
const BROKEN = 'missing-key@GET /contacts';

const HEAD = '# Failures that are known.\n\n';
const OLD = `${HEAD}# the oldest
- rule: valid-key # a note
  operation: GET /contact*
  environment: '*'
  reason: why
  owner: somebody
  link: https://issues.example.com/0
  expires: 2026-06-20
`;

/** Two violations of one rule, one of another, and a deviation. */
function broken() {
  return sample({
    outcomeOf: (operation, rule) => {
      if (rule === 'missing-key' && operation < 2) return 'violates';
      if (rule === 'valid-key' && operation === 0) return 'violates';
      return rule === 'challenge' ? 'deviates' : 'conforms';
    },
  });
}

async function accepted(chosen: Partial<Chosen>, text = `${HEAD}[]\n`) {
  const entries = (parse(text) ?? []) as KnownFailure[];
  return accept(await broken(), { ...NONE, ...chosen }, SAID, { text, entries, today: TODAY });
}

const written = async (chosen: Partial<Chosen>): Promise<string[]> =>
  (await accepted(chosen)).written.map(({ rule, operation }) => `${rule}@${operation}`);

test('a cell is accepted by its id, a rule on all that it fails on, and all is what the run fails for', async () => {
  const { operations } = await broken();
  const second = `missing-key@${operations[1]?.id}`;
  expect(await written({ cells: [BROKEN, BROKEN] })).toEqual([BROKEN]);
  expect(await written({ rule: 'missing-key' })).toEqual([BROKEN, second]);
  expect((await written({ all: true })).toSorted()).toEqual([BROKEN, second, 'valid-key@GET /contacts'].toSorted());
});

test('a deviation is accepted by its id, and with all where the run fails for deviations', async () => {
  const report = await broken();
  const file = { text: '', entries: [], today: TODAY };
  const id = 'challenge@GET /contacts';
  const rules = (strict: boolean, chosen: Partial<Chosen>): string[] =>
    accept({ ...report, ...(strict && { strict: ['should'] }) }, { ...NONE, ...chosen }, SAID, file).written.map(
      ({ rule }) => rule,
    );
  expect(rules(false, { cells: [id] })).toEqual(['challenge']);
  expect(rules(true, { all: true })).toContain('challenge');
  expect(rules(false, { all: true })).not.toContain('challenge');
});

test('the file is one that a run reads, with the entry in words that need quotes', async ({}, info) => {
  const { text = '' } = await accepted({ cells: [BROKEN] });
  const file = info.outputPath('known-failures.yaml');
  writeFileSync(file, text);
  expect(await readKnownFailures(file)).toEqual({
    problems: [],
    entries: [
      {
        ...{ rule: 'missing-key', operation: 'GET /contacts', environment: 'sandbox', owner: SAID.owner },
        ...{ reason: SAID.reason, link: SAID.link, expires: SAID.until },
      },
    ],
  });
  expect(text.startsWith(HEAD)).toBe(true);
});

for (const [name, text] of Object.entries({ 'an empty file': '', 'a file of comments': HEAD }))
  test(`${name} takes an entry`, async () => {
    const { text: changed = '' } = await accepted({ cells: [BROKEN] }, text);
    expect(parse(changed)).toHaveLength(1);
    expect(changed.startsWith(text.trimEnd())).toBe(true);
  });

test('what stands in the file stays as it is, comments too, and the entry comes behind it', async () => {
  const { text = '' } = await accepted({ cells: [BROKEN] }, OLD);
  expect(text.startsWith(OLD)).toBe(true);
  expect(parse(text)).toHaveLength(2);
});

test('a cell that an entry is about gets no second one, and is said to have it', async () => {
  const first = await accepted({ cells: [BROKEN] });
  expect(await accepted({ cells: [BROKEN] }, first.text)).toEqual({
    written: [],
    refused: [],
    known: ['missing-key on GET /contacts has an entry until 2026-12-31'],
  });
  expect((await accepted({ rule: 'valid-key' }, OLD)).known).toEqual([
    'valid-key on GET /contacts has an entry until 2026-06-20',
  ]);
});

test('an entry that has expired is not covered by another one', async () => {
  const { refused, written: none } = await accepted({ rule: 'valid-key' }, OLD.replace('06-20', '06-14'));
  expect(none).toEqual([]);
  expect(refused).toEqual([
    'valid-key on GET /contacts has an entry that expired on 2026-06-14: give that entry a new last day, or remove it.',
  ]);
});

test('what does not fail, or is not there, is refused in a sentence each', async () => {
  const { refused, text } = await accepted({ cells: ['missing-key@GET /nothing', 'revoked-key@GET /contacts'] });
  expect(refused).toEqual([
    'missing-key@GET /nothing is no cell of the report: write rule@METHOD /path, as the report has it.',
    'revoked-key@GET /contacts does not fail, it is conforms: only failures can be accepted.',
  ]);
  expect(text).toBeUndefined();
  expect((await accepted({ rule: 'revoked-key' })).refused).toEqual([
    'no cell of the rule revoked-key fails in the report.',
  ]);
});

test('it says what it wrote', async () => {
  expect(acceptedText('known-failures.yaml', await accepted({ cells: [BROKEN, 'x@GET /y'] }))).toEqual({
    out: 'known-failures.yaml: 1 entry written\n  missing-key on GET /contacts, until 2026-12-31\n',
    err: 'x@GET /y is no cell of the report: write rule@METHOD /path, as the report has it.\n',
  });
});

test.describe('what is typed', () => {
  const whole: Chosen = { ...NONE, all: true };
  const wrong: readonly (readonly [name: string, change: Partial<typeof SAID>, sentence: string])[] = [
    ['no owner', { owner: '' }, '--owner is missing or not one line: say who is going to fix it.'],
    ['two lines', { owner: 'a\nb' }, '--owner is missing or not one line: say who is going to fix it.'],
    [
      'an escape',
      { reason: 'a\u001b[2J' },
      '--reason is missing or not one line: say what is wrong and why it may stay for now.',
    ],
    [
      'no link',
      { link: 'JIRA-1' },
      '--link is missing or no http(s) address: give the address of the issue that tracks the fix.',
    ],
    ...['', '31.12.2026', '2026-02-30', '2026-13-01'].map(
      (until) =>
        [
          `the day ${JSON.stringify(until)}`,
          { until },
          '--until is missing or no day: give the last day on which it is excused, such as 2027-01-31.',
        ] as const,
    ),
    [
      'a day that is over',
      { until: '2026-06-14' },
      '--until is before today, 2026-06-15: give a day that is still to come.',
    ],
  ];
  for (const [name, change, sentence] of wrong)
    test(`${name}: one sentence`, () => {
      expect(acceptanceProblems({ ...SAID, ...change }, whole, TODAY)).toEqual([sentence]);
    });

  test('today is a last day, and all is wrong at once is said at once', () => {
    expect(acceptanceProblems({ ...SAID, until: TODAY }, whole, TODAY)).toEqual([]);
    expect(acceptanceProblems({ owner: '', reason: '', link: '', until: '' }, NONE, TODAY)).toHaveLength(5);
  });

  test('one way to choose', () => {
    for (const chosen of [NONE, { ...whole, rule: 'missing-key' }, { ...whole, cells: [BROKEN] }])
      expect(acceptanceProblems(SAID, chosen, TODAY)).toEqual([
        'Choose what is accepted in one way: name cells such as "missing-key@GET /contacts", or --rule ID, or --all.',
      ]);
  });
});

test.describe('a report', () => {
  test('is read', async ({}, info) => {
    const report = await broken();
    const file = info.outputPath('conformance.json');
    writeFileSync(file, JSON.stringify(report));
    expect(JSON.stringify(readReport(file))).toBe(JSON.stringify({ report }));
  });

  for (const [name, content, sentence] of [
    ['no JSON', '{', /^\S+ is not JSON: name the conformance\.json that a run wrote\.$/],
    ['another thing', '[]', /^\S+ is no conformance\.json of this version, it must be object: /],
    ['a cell of nothing', '{"cells":[null]}', /^\S+ is no conformance\.json of this version, /],
  ] as const)
    test(`${name}: one sentence`, ({}, info) => {
      const file = info.outputPath('conformance.json');
      writeFileSync(file, content);
      expect(readReport(file)).toEqual({ problem: expect.stringMatching(sentence) });
    });

  test('a folder, and nothing: one sentence', ({}, info) => {
    expect(readReport(info.outputPath('nothing'))).toEqual({
      problem: expect.stringMatching(/ is not there: name the conformance\.json that a run wrote\.$/),
    });
    expect(readReport('src')).toEqual({ problem: 'src is no file: name the conformance.json that a run wrote.' });
  });
});
