import { fork } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test, type TestInfo } from '@playwright/test';
import suite from '../../package.json' with { type: 'json' };
import { type Mock, startMock } from '../../mock/start.ts';
import { Asker } from '../../src/asking/asker.ts';
import { Asking } from '../../src/asking/asking.ts';
import type { ChosenTest, FromAsking } from '../../src/asking/messages.ts';
import { KeptResults } from '../../src/asking/kept-results.ts';
import { answerQuestions, ask, placeOfQuestions } from '../../src/asking/questions.ts';
import { testOfRule } from '../../src/asking/test-units.ts';
import { RunConfiguration } from '../../src/config/run-configuration.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { catalogue, rules } from '../../tests/catalogue/index.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';

/** The process that asks, replaced by one that does not come to an end, as the runner meets it. */
const HANGING = ['scripts/start.js', 'selftest/support/asking-that-hangs.ts'] as const;

function asker(info: TestInfo): Asker {
  return new Asker({ place: placeIn(info), command: HANGING, betweenLooks: 200, mostSilentLooks: 5 });
}

function placeIn(info: TestInfo): string {
  mkdirSync(info.outputPath(), { recursive: true });
  return placeOfQuestions(info.outputPath());
}

for (const [how, why] of [
  ['hangs', /did not respond for 1 s/],
  ['dies', /ended by itself \(exit code 7\)/],
] as const)
  test(`a process that ${how} is replaced, and what it was asking about is given up`, async ({}, info) => {
    const one = asker(info);
    const judged: string[] = [];
    const said: string[] = [];
    one.on('said', (text) => said.push(text));
    try {
      expect(await one.setUp(false)).toBeUndefined();
      const ended = new Promise<void>((resolve) => {
        one.on('judged', (operation) => {
          judged.push(operation);
          if (operation === 'last') resolve();
        });
      });
      one.begin({
        chosen: ['first', how, 'last'].map((operation) => [operation, 'every rule'] as const),
        allure: false,
      });
      await ended;
      expect(judged).toEqual(expect.arrayContaining(['first', how, 'last']));
      expect(Object.keys(one.givenUp)).toEqual([how]);
      expect(one.givenUp[how]).toMatch(why);
      // Once for what was not clear, and once for the operation: what each sent counts for the next one.
      expect(said).toEqual(['spent before: 7\n', 'spent before: 14\n']);
    } finally {
      await one.close();
    }
  });

test('a process that was started before is taken over, and told what was set since', async ({}, info) => {
  const started = fork(HANGING[0], [HANGING[1]]);
  process.env['SET_SINCE'] = 'then';
  const one = new Asker({ place: placeIn(info), command: ['nothing.js'], started });
  try {
    expect(await one.setUp(false)).toBe('set since: then');
  } finally {
    delete process.env['SET_SINCE'];
    await one.close();
  }
});

test('a process that hangs where no operation is to blame ends the run, and nobody waits for it', async ({}, info) => {
  const one = asker(info);
  try {
    await one.setUp(false);
    const failed = new Promise<string>((resolve) => one.once('failed', resolve));
    one.begin({ chosen: [['hangs at once', 'every rule']], allure: false });
    const sentence = await failed;
    expect(sentence).toMatch(/^The process that asks the target did not respond for 1 s, .* please report this\.$/);
    await expect(ask(placeIn(info), { about: 'target' })).rejects.toThrow(sentence);
  } finally {
    await one.close();
  }
});

test('who finds the port and does not know the word gets no answer, and questions are answered as before', async ({}, info) => {
  const place = placeIn(info);
  const server = await answerQuestions(place, () => Promise.resolve({ skipped: 'nothing was asked' }));
  try {
    const { port } = JSON.parse(readFileSync(place, 'utf8')) as { readonly port: number };
    for (const words of ['GET / HTTP/1.1', 'null', '{"word":"another","question":{"about":"target"}}']) {
      const stranger = connect(port, '127.0.0.1', () => stranger.write(`${words}\n`));
      expect(await text(stranger), words).toBe('');
    }
    expect(await ask(place, { about: 'all operations' })).toEqual({ skipped: 'nothing was asked' });
  } finally {
    server.close();
  }
});

test('a worker that is killed while it waits for an answer ends nothing but its question', async ({}, info) => {
  const place = placeIn(info);
  const questions: string[] = [];
  const server = await answerQuestions(place, ({ about }) => {
    questions.push(about);
    return about === 'target' ? new Promise(() => undefined) : Promise.resolve({ skipped: 'nothing was asked' });
  });
  try {
    const { port, word } = JSON.parse(readFileSync(place, 'utf8')) as { readonly port: number; readonly word: string };
    const worker = connect(port, '127.0.0.1', () =>
      worker.write(`${JSON.stringify({ word, question: { about: 'target' } })}\n`),
    );
    await expect.poll(() => questions).toEqual(['target']);
    worker.resetAndDestroy();
    const open = (): Promise<number> => new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
    await expect.poll(open).toBe(0);
    expect(await ask(place, { about: 'all operations' })).toEqual({ skipped: 'nothing was asked' });
  } finally {
    server.close();
  }
});

/** The real one, in this process. */
async function asked(
  info: TestInfo,
  operations: readonly string[],
  use: (asking: Asking, messages: readonly FromAsking[], mock: Mock) => Promise<void>,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const mock = await startMock({ ...mockOf(await huechat()) });
  const variables = { ...mock.settings('sandbox'), ...settings, CONTRACT: copyContract(info.outputPath(), operations) };
  const messages: FromAsking[] = [];
  const reportsFolder = info.outputPath('reports');
  const asking = new Asking({
    ...{ catalogue, version: suite.version, folder: info.outputPath(), reportsFolder, staging: reportsFolder },
    read: () => RunConfiguration.read(readRunEnvironment('', { variables, problems: [] })),
    say: (message) => messages.push(message),
  });
  try {
    await use(asking, messages, mock);
  } finally {
    await mock.close();
  }
}

function testsOf(operations: readonly string[], of = rules): ChosenTest[] {
  return operations.flatMap((operation) => of.map((rule) => [operation, testOfRule(rule).title] as const));
}

test('the cells of an operation that is given up are errors, and every other operation is judged', async ({}, info) => {
  const [givenUp, judged] = ['GET /contacts', 'GET /conversations'];
  await asked(info, [givenUp, judged], async (asking, messages) => {
    const reason = 'the process that asks the target did not respond for 120 s';
    await asking.take({
      type: 'set up',
      needsTarget: false,
      givenUp: { [givenUp]: reason },
      oneByOne: false,
      spent: 0,
    });
    await asking.take({ type: 'begin', chosen: testsOf([givenUp, judged]), allure: false });
    const answer = (await asking.answer({ about: 'operation', operation: givenUp, whole: false })) as {
      readonly ends: Readonly<Record<string, { readonly errors: readonly string[] }>>;
    };
    expect(Object.values(answer.ends).map(({ errors }) => errors)).toEqual(rules.map(() => [reason]));
    await asking.answer({ about: 'operation', operation: judged, whole: false });
    await asking.take({ type: 'report', startedAt: 0, durationMs: 1, interrupted: false, strict: [] });
    expect(messages).toContainEqual(expect.objectContaining({ type: 'reported', verdict: 'error' }));
    const file = info.outputPath('reports', 'conformance.json');
    const { cells } = JSON.parse(readFileSync(file, 'utf8')) as Conformance;
    const outcomes = (id: string): Set<string> =>
      new Set(
        cells
          .filter(({ operation, rule }) => operation === id && rules.some((one) => one.id === rule))
          .map(({ outcome }) => outcome),
      );
    expect(outcomes(givenUp)).toEqual(new Set(['error']));
    expect(outcomes(judged)).toEqual(new Set(['conforms', 'not applicable']));
  });
});

const TWO = ['GET /contacts', 'GET /conversations'];
const [FIRST, SECOND] = TWO;

for (const [oneByOne, what, order] of [
  [
    ...([false, 'an operation is judged while the next one is asked'] as const),
    [`asking ${FIRST}, planning ${SECOND}`, `asking ${SECOND}`, `judged ${FIRST}`, `judged ${SECOND}`],
  ],
  [
    ...([true, 'where it is not clear what goes wrong, operations are planned, asked and judged one by one'] as const),
    [`asking ${FIRST}`, `judged ${FIRST}`, `asking ${SECOND}`, `judged ${SECOND}`],
  ],
] as const)
  test(what, async ({}, info) => {
    await asked(info, TWO, async (asking, messages) => {
      await asking.take({ type: 'set up', needsTarget: false, givenUp: {}, oneByOne, spent: 0 });
      const few = rules.filter(({ id }) => id === 'missing-key' || id === 'error-envelope');
      await asking.take({ type: 'begin', chosen: testsOf(TWO, few), allure: false });
      await asking.answer({ about: 'all operations' });
      const heard = messages.flatMap((message) => {
        if (message.type === 'judged') return [`judged ${message.operation}`];
        if (message.type !== 'asking') return [];
        return [`asking ${message.operation}${message.ahead === undefined ? '' : `, planning ${message.ahead}`}`];
      });
      expect(heard).toEqual(order);
    });
  });

test('what is sent is said before it is sent, though a test asks for it at once', async ({}, info) => {
  await asked(info, TWO, async (asking, messages) => {
    // The preflight is known already, as to a process that takes over, so that nothing else is waited for.
    new KeptResults(info.outputPath()).keepPreflight({
      note: { baseUrl: 'https://127.0.0.1', environment: 'sandbox', requests: 0 },
      problems: [],
    });
    await asking.take({ type: 'set up', needsTarget: false, givenUp: {}, oneByOne: false, spent: 0 });
    const begun = asking.take({ type: 'begin', chosen: testsOf(TWO), allure: false });
    await asking.answer({ about: 'operation', operation: FIRST ?? '', whole: false });
    await begun;
    expect(messages.map(({ type }) => type).filter((type) => type === 'begun' || type === 'asking')[0]).toBe('begun');
  });
});

test('the preflight and what a process before this one has sent are a part of the budget', async ({}, info) => {
  const [budget, spent] = [60, 20];
  await asked(
    info,
    TWO,
    async (asking, _, mock) => {
      await asking.take({ type: 'set up', needsTarget: false, givenUp: {}, oneByOne: false, spent });
      await asking.take({ type: 'begin', chosen: testsOf(TWO), allure: false });
      await asking.answer({ about: 'all operations' });
      expect(mock.requestCount).toBeGreaterThan(budget / 2);
      expect(mock.requestCount).toBeLessThanOrEqual(budget - spent);
      expect(asking.requests).toBeLessThanOrEqual(budget);
    },
    { HUECHAT_BUDGET: String(budget) },
  );
});
