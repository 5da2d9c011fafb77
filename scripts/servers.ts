import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { argumentsOf } from '../src/config/command-line.ts';
import { loadContract } from '../src/openapi/load-contract.ts';
import { judgeByBareDocument } from './servers/bare-document.ts';
import { claimsOf, classify, problemsOf, readClassifications } from './servers/claims.ts';
import { documentOf, staleVersions, type StackResult } from './servers/document.ts';
import { judgeStack, stopAll } from './servers/run-stack.ts';
import { type Lock, type Stack, stacks, versionsOf } from './servers/stacks.ts';

/**
 * Judges the servers of servers/stacks and writes docs/servers.md.
 */
const DOCUMENT = 'docs/servers.md';

const interruption = { aborted: false };

const lock = JSON.parse(readFileSync('servers/package-lock.json', 'utf8')) as Lock;

function install(): void {
  const installed = 'servers/node_modules/.package-lock.json';
  const isInstalled = existsSync(installed) && stacks.every((stack) => isSame(stack, installed));
  if (isInstalled) return;
  const { status } = spawnSync('npm', ['ci', '--prefix', 'servers'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('npm ci --prefix servers failed: see above.');
}

function isSame(stack: Stack, installed: string): boolean {
  const other = JSON.parse(readFileSync(installed, 'utf8')) as Lock;
  return stack.packages.every(
    (name) => other.packages[`node_modules/${name}`]?.version === lock.packages[`node_modules/${name}`]?.version,
  );
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !stacks.some((stack) => stack.name === name));
  if (unknown.length > 0) {
    mistake(`There is no stack ${unknown.join(', ')}: say ${stacks.map(({ name }) => name).join(', ')}.`);
    return;
  }
  install();
  const contract = await loadContract('specs/huechat');
  const classifications = readClassifications(readFileSync('servers/classification.yaml', 'utf8'));
  const results: StackResult[] = [];
  for (const stack of stacks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const judged = await judgeStack(stack, contract);
    if (interruption.aborted) throw new Error('Interrupted.');
    const claims = judged.report ? classify(stack.name, claimsOf(judged.report), classifications) : [];
    results.push({ name: stack.name, title: stack.title, versions: versionsOf(stack, lock), judged, claims });
    process.stdout.write(`${stack.name}: ${judged.report?.verdict ?? judged.printed}, ${claims.length} claims\n`);
  }
  const judgedNames = new Map(results.map(({ name, claims }) => [name, claims]));
  const problems = [
    ...problemsOf(judgedNames, classifications),
    ...results.filter(({ judged }) => !judged.report).map(({ name }) => `${name}: the run judged nothing.`),
  ];
  if (names.length === 0) {
    const text = documentOf(results, await judgeByBareDocument(contract));
    writeFileSync(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));
    process.stdout.write(`${DOCUMENT} is written.\n`);
  }
  fail(problems);
}

function mistake(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 2;
}

function fail(problems: readonly string[]): void {
  if (problems.length === 0) return;
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
}

// Whoever ends this process ends what it started; what that used is taken away as after any run.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    interruption.aborted = true;
    stopAll();
  });

const { words, values } = argumentsOf('servers');
if (values.check === true) fail(staleVersions(readFileSync(DOCUMENT, 'utf8'), lock));
else
  try {
    await main(words);
  } catch (error) {
    if (!interruption.aborted) throw error;
    process.exitCode = 130;
  }
