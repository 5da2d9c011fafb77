import type { Command } from './command-line.ts';
import { commandText } from './command-text.ts';

export type CommandName = keyof typeof commands;

/** The commands of package.json that are the suite's own. */
export const commands = {
  summary: { does: 'Prints the last run for the page of a CI job.' },
  report: {
    does: 'Opens the page of the last run. With a conformance.json, makes all its reports again and opens their page.',
    forms: ['', 'FILE'],
    words: [0, 1],
  },
  plan: {
    does: 'Says what a run would send and what it could not prove. Sends nothing.',
    options: { names: { type: 'boolean', does: 'shows all names of the cases that try many names in one request' } },
  },
  contract: {
    does: 'Lists the gaps of an OpenAPI document, or makes a contract of it, with an .env.example.',
    forms: [
      'check FILE [--sarif FILE]',
      'new [NAME [FILE]] [--base-url URL] [--environment NAME] [--path-values LIST] [--parameter-values LIST] [--budget NUMBER]',
    ],
    words: [0, Infinity],
    options: {
      sarif: { type: 'string', value: 'FILE', does: 'of check: writes the gaps there too, for code scanning' },
      'base-url': { type: 'string', value: 'URL', does: 'of new: writes the base URL of the API into .env' },
      environment: { type: 'string', value: 'NAME', does: 'of new: writes production or sandbox into .env' },
      'path-values': {
        type: 'string',
        value: 'LIST',
        does: 'of new: writes path values into .env, such as id=1;name=a',
      },
      'parameter-values': {
        type: 'string',
        value: 'LIST',
        does: 'of new: writes values of required headers, query parameters and cookies into .env, such as X-Tenant=acme',
      },
      budget: {
        type: 'string',
        value: 'COUNT',
        does: 'of new: judges with at most this many requests; with 0 it only plans',
      },
    },
    ends: 'At a terminal, new asks for each value that no option gives. Without a terminal it asks nothing, and reads the key from the environment. FILE of new can be an address that begins with https://. check ends with 0 where there is no gap, with 1 where there are some, with 2 where the file cannot be read.',
  },
  parity: {
    does: 'Says where two runs differ.',
    forms: ['ONE/conformance.json TWO/conformance.json'],
    words: [2, 2],
    ends: 'Ends with 0 where both saw the same, with 1 where they differ, with 2 where they cannot be compared.',
  },
  github: {
    does: 'Does a step of action.yml: run judges and writes the outputs, annotations marks the lines of the contract, comment writes the findings on the pull request.',
    forms: ['run', 'annotations', 'comment'],
    words: [1, 1],
    ends: 'Ends with 0; the output exit-code of run says how the run ended.',
  },
  accept: {
    does: 'Excuses failing cells of a report: writes an entry for each into the known-failures.yaml of the contract.',
    forms: [
      'CELL … --owner NAME --reason TEXT --link URL --until DAY',
      '--rule ID --owner NAME --reason TEXT --link URL --until DAY',
      '--all --owner NAME --reason TEXT --link URL --until DAY',
    ],
    words: [0, Infinity],
    options: {
      owner: { type: 'string', value: 'NAME', does: 'who is going to fix them' },
      reason: { type: 'string', value: 'TEXT', does: 'what is wrong, and why it may stay for now' },
      link: { type: 'string', value: 'URL', does: 'the issue that tracks their fix' },
      until: { type: 'string', value: 'DAY', does: 'the last day on which they are excused, such as 2027-01-31' },
      rule: { type: 'string', value: 'ID', does: 'all failing cells of this rule' },
      all: { type: 'boolean', does: 'all cells that the run failed for' },
      report: { type: 'string', value: 'FILE', does: 'the report; default: that of the last run' },
    },
    ends: 'Ends with 0 where all that was chosen has an entry now, with 2 where something could not be accepted. A cell is written as in the report: "missing-key@GET /contacts".',
  },
  replay: {
    does: 'Sends the failing cells of a report again to the target of the settings, and says which are fixed.',
    forms: ['FILE [--base-url URL]'],
    words: [1, 1],
    options: {
      'base-url': {
        type: 'string',
        value: 'URL',
        does: 'base URL of another target; the keys are those of the settings',
      },
    },
    ends: 'Ends with 0 where all are fixed, with 1 where one still fails, with 2 where one could not be judged.',
  },
  survey: { does: 'Measures how a sandbox reacts to guessed keys: how long its refusals take, and when it throttles.' },
  keys: {
    does: 'Asks you to make a key on a sandbox and to revoke it, and watches what the key opens before and after.',
    ends: 'Ends with 0 where every rule is kept, with 1 where one is broken, with 2 where one could not be judged.',
  },
  defects: {
    does: 'Prints what the suite says of each defect of the mock, in the form of its entry in mock/defects.',
    forms: ['[ID …]', '--each-sort [ID …]', '--write [ID …]'],
    words: [0, Infinity],
    options: {
      'each-sort': {
        type: 'boolean',
        does: 'judges on more operations, and prints only defects of which more is found than their entry says',
      },
      write: {
        type: 'boolean',
        does: 'puts what it finds into the entries of mock/defects and names those that changed; for all defects also the number of requests, the kill matrix and the generated pages',
      },
    },
    ends: 'With --each-sort it ends with 1 where it prints one, with --write where one is to be changed by hand.',
  },
  docs: {
    does: 'Writes docs/rules.md, docs/asvs.md, docs/defects.md and what cases are worth to a budget.',
    options: { check: { type: 'boolean', does: 'writes nothing, and ends with 1 where a page is out of date' } },
  },
  'budget-curve': {
    does: 'Says what a budget finds of the defects of the mock; ids choose some. All of them take half an hour.',
    forms: ['[ID …]', '--write'],
    words: [0, Infinity],
    options: {
      write: { type: 'boolean', does: 'writes the figures of npm run plan and the picture of docs/benchmarks.md' },
    },
  },
  servers: {
    does: 'Judges the servers of servers/stacks and servers/pairs and writes docs/servers.md; names judge some and write nothing.',
    forms: ['[NAME …]', '--check'],
    words: [0, Infinity],
    options: {
      check: { type: 'boolean', does: 'starts nothing; says whether docs/servers.md is about the installed versions' },
    },
  },
  package: { does: 'Writes dist, which npm pack makes the package of: the suite as JavaScript.' },
  'kill-matrix': { does: 'Writes docs/kill-matrix.md from what npm test last found.' },
  browser: { does: 'Finds or installs the browser of the tests of pages, and prints where it is.' },
  bench: {
    does: 'Says what a run costs beside other tools.',
    forms: ['[--rounds NUMBER]'],
    options: { rounds: { type: 'string', value: 'NUMBER', does: 'how often each is measured', default: '3' } },
  },
  'bench:report': { does: 'Says how large the reports are and how fast their page is, of 10 and of 1,000 operations.' },
  'bench:scale': {
    does: 'Says what many operations cost, in one run and in shards, beside the bare loop that sends the same.',
    options: {
      operations: { type: 'string', value: 'NUMBER', does: 'how many operations', default: '1000' },
      shards: { type: 'string', value: 'LIST', does: 'numbers of shards, such as 1,2,4', default: '1' },
      rounds: { type: 'string', value: 'NUMBER', does: 'how often the loop and the runs take turns', default: '3' },
    },
  },
  'bench:flaky': {
    does: 'Says whether resets, 503s and a rate limit change what a run says.',
    options: {
      runs: { type: 'string', value: 'NUMBER', does: 'how many runs', default: '10' },
      'at-once': { type: 'string', value: 'NUMBER', does: 'how many of them at a time', default: '4' },
      seed: { type: 'string', value: 'NUMBER', does: 'chooses what is disturbed in the first run', default: '1' },
    },
  },
  'bench:state': {
    does: 'Says whether defects of state draw the same cells in every run, however requests overtake each other.',
    options: {
      runs: { type: 'string', value: 'NUMBER', does: 'how often each defect is judged', default: '20' },
      turns: {
        type: 'string',
        value: 'NUMBER',
        does: 'the most turns of the event loop that a request waits',
        default: '40',
      },
    },
    ends: 'Ends with 1 where one of them does not.',
  },
  'bench:tests': {
    does: "Says how long the suite's own tests take, and which are slow.",
    options: { ci: { type: 'boolean', does: 'times .ci/run in a clean checkout too' } },
  },
} as const satisfies Readonly<Record<string, Command>>;

export type RunnerCommandName = keyof typeof runnerCommands;

const RUN_OPTIONS = {
  '--contract PATH': 'judges by the contract in this folder or document; CONTRACT says the same',
  '-g TEXT': 'judges only the cells whose operation, rule or title matches the regular expression',
  '--list': 'lists the tests and sends nothing',
  '--shard=ONE/ALL': `judges one part of the operations; ${commandText('merge')} puts the parts together`,
  '--reporter=NAME': "uses this reporter of Playwright instead of the suite's own, whose reports are then not written",
} as const;

const VERDICTS =
  'Ends with 0 where the target conforms, with 1 where it violates, with 2 where it could not be judged. The settings are in .env.example; npx playwright test --help has the other options.';

/** The commands that start Playwright: of its many options those that are of use here. */
export const runnerCommands = {
  conformance: {
    does: 'Judges the target that the settings name, or the embedded mock, and writes the reports.',
    forms: ['[OPTION …]'],
    options: RUN_OPTIONS,
    ends: VERDICTS,
  },
  gate: {
    does: 'Judges the target that the settings name, and fails for whatever is not proven.',
    forms: ['[OPTION …]'],
    options: RUN_OPTIONS,
    ends: VERDICTS,
  },
  merge: {
    does: 'Joins the results that shards left in reports/blobs into the reports of one run.',
    forms: ['FOLDER'],
    options: {},
    ends: `Ends as ${commandText('conformance')} does, and with 2 where a shard is missing.`,
  },
} as const satisfies Readonly<
  Record<
    string,
    Required<Pick<Command, 'does' | 'forms' | 'ends'>> & { readonly options: Readonly<Record<string, string>> }
  >
>;
