#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath, URL } from 'node:url';
import { load } from './built.js';
import { runPlaywright } from './playwright.js';

/*
 * The command of the package: the first word says what is to be done, and the scripts of package.json call it too. In a
 * clone it runs the TypeScript of the project, in the package the JavaScript that scripts/package.ts made of it.
 */
const isClone = existsSync(new URL('../src/', import.meta.url));
const [root, extension] = isClone ? ['../', '.ts'] : ['../dist/', '.js'];

// From Node 22 on, this process and those that it starts keep compiled code for the next time: in the project's own folder,
// since others may write to the one for temporary files.
if ('enableCompileCache' in module) {
  const cache = fileURLToPath(new URL(isClone ? '../node_modules/.cache' : '../../.cache', import.meta.url));
  // eslint-disable-next-line no-restricted-properties -- it is Node's
  process.env['NODE_COMPILE_CACHE'] ??= `${cache}/auth-conformance`;
  // Node 22 does not look at the variable once it has started.
  // eslint-disable-next-line no-restricted-properties -- it is Node's
  /** @type {(folder: string) => void} */ (module.enableCompileCache)(process.env['NODE_COMPILE_CACHE']);
}

/**
 * @param {string} path of a module, without its extension
 * @returns {string}
 */
const fileOf = (path) => fileURLToPath(new URL(`${root}${path}${extension}`, import.meta.url));

/**
 * @param {string} path of a module, without its extension
 * @returns {Promise<Readonly<Record<string, (name?: string) => string>>>} of which only those that make texts are called
 */
const loadPart = async (path) => {
  const loaded = await load(fileOf(path));
  return /** @type {Readonly<Record<string, (name?: string) => string>>} */ (loaded);
};

/** Commands that start Playwright: its command and configuration, and the name under which `--help` is described. */
const runs = {
  run: { command: 'test', config: 'playwright.config', name: 'conformance' },
  gate: { command: 'test', config: 'gate.config', name: 'gate' },
  merge: { command: 'merge-reports', config: 'merge.config', name: 'merge' },
};

/** The others: the module that does it, and words that it begins with. */
const modules = {
  plan: { path: 'scripts/plan' },
  check: { path: 'scripts/contract', words: ['check'] },
  new: { path: 'scripts/contract', words: ['new'] },
  contract: { path: 'scripts/contract' },
  report: { path: 'scripts/report' },
  summary: { path: 'scripts/job-summary' },
  accept: { path: 'scripts/accept' },
  replay: { path: 'scripts/replay' },
  parity: { path: 'scripts/parity' },
  survey: { path: 'scripts/survey' },
  keys: { path: 'scripts/keys' },
  github: { path: 'scripts/github' },
  mock: { path: 'mock/cli' },
};

const [name = '--help', ...rest] = process.argv.slice(2);
const args = name === 'mock' ? rest : withoutContract(rest);
const isHelp = args.some((word) => word === '--help' || word === '-h');

if (args === rest && rest.includes('--contract') && name !== 'mock') {
  process.stderr.write('The option --contract needs a folder or a document behind it, such as specs/example.\n');
  process.exitCode = 2;
} else if (Object.hasOwn(runs, name)) {
  const { command, config, name: described } = runs[/** @type {keyof typeof runs} */ (name)];
  if (isHelp) process.stdout.write((await loadPart('src/config/command-line')).helpOfRunnerCommand?.(described) ?? '');
  else runPlaywright(command, fileOf(config), args, fileOf('tests/playwright/asking-process'));
} else if (Object.hasOwn(modules, name)) {
  /** @type {{ path: string, words?: string[] }} */
  const { path, words = [] } = modules[/** @type {keyof typeof modules} */ (name)];
  process.argv.splice(2, Infinity, ...words, ...args);
  await load(fileOf(path));
} else {
  const { overview } = await loadPart('src/config/command-overview');
  const isAsked = name === '--help' || name === '-h';
  (isAsked ? process.stdout : process.stderr).write(overview?.(isAsked ? undefined : name) ?? '');
  process.exitCode = isAsked ? 0 : 2;
}

/**
 * Sets `CONTRACT` to what `--contract` names.
 *
 * @param {string[]} given
 */
function withoutContract(given) {
  const index = given.findIndex((word) => word === '--contract' || word.startsWith('--contract='));
  const [option = '', next] = given.slice(index, index + 2);
  const isJoined = option.includes('=');
  const value = isJoined ? option.slice(option.indexOf('=') + 1) : next;
  if (index === -1 || value === undefined || value === '') return given;
  // eslint-disable-next-line no-restricted-properties -- src/config/variables.ts reads it, which Node 20 cannot load here
  process.env['CONTRACT'] = value;
  return given.toSpliced(index, isJoined ? 1 : 2);
}
