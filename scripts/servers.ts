import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { argumentsOf } from '../src/config/command-line.ts';
import type { Contract } from '../src/model/contract.ts';
import { loadContract } from '../src/openapi/load-contract.ts';
import { judgeByBareDocument } from './servers/bare-document.ts';
import { type Classification, claimsOf, classify, problemsOf, readClassifications } from './servers/claims.ts';
import { documentOf, staleVersions, type StackResult } from './servers/document.ts';
import { isAboutHole, type JudgedEdition, pairNames, problemsOfPair } from './servers/judged-pairs.ts';
import type { PairResult } from './servers/pair-document.ts';
import { type Edition, EDITIONS, editionName, type Pair, pairs } from './servers/pairs.ts';
import { judgeServer, stopAll } from './servers/run-stack.ts';
import { type Lock, stacks, versionsOf } from './servers/stacks.ts';

/**
 * Judges the servers of servers/stacks and servers/pairs and writes docs/servers.md.
 */
const DOCUMENT = 'docs/servers.md';

const interruption = { aborted: false };

const lock = JSON.parse(readFileSync('servers/package-lock.json', 'utf8')) as Lock;

/** Every package that a server is judged with. */
const packages = [
  ...stacks.flatMap((stack) => stack.packages),
  ...pairs.flatMap((pair) => pair.packages ?? EDITIONS.map((edition) => editionName(pair, edition))),
];

function install(): void {
  const installed = 'servers/node_modules/.package-lock.json';
  if (existsSync(installed)) {
    const other = JSON.parse(readFileSync(installed, 'utf8')) as Lock;
    const version = (of: Lock, name: string): string | undefined => of.packages[`node_modules/${name}`]?.version;
    if (packages.every((name) => version(other, name) === version(lock, name))) return;
  }
  const { status } = spawnSync('npm', ['ci', '--prefix', 'servers'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('npm ci --prefix servers failed: see above.');
}

async function main(names: readonly string[]): Promise<void> {
  const known = [...stacks.map(({ name }) => name), ...pairNames];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    mistake(`There is no server ${unknown.join(', ')}: say ${known.join(', ')}.`);
    return;
  }
  install();
  const isWanted = ({ name }: { readonly name: string }): boolean => names.length === 0 || names.includes(name);
  const contract = await loadContract('specs/huechat');
  const classifications = readClassifications(readFileSync('servers/classification.yaml', 'utf8'));
  const results: StackResult[] = [];
  for (const stack of stacks.filter(isWanted)) {
    const judged = await judgeServer({ command: [`stacks/${stack.file}`] }, contract);
    if (interruption.aborted) throw new Error('Interrupted.');
    const claims = judged.report ? classify(stack.name, claimsOf(judged.report), classifications) : [];
    results.push({ name: stack.name, title: stack.title, versions: versionsOf(stack, lock), judged, claims });
    process.stdout.write(`${stack.name}: ${judged.report?.verdict ?? judged.printed}, ${claims.length} claims\n`);
  }
  const pairResults: PairResult[] = [];
  for (const pair of pairs.filter(isWanted)) {
    const vulnerable = await judgeEdition(pair, 'vulnerable', contract, classifications);
    const fixed = await judgeEdition(pair, 'fixed', contract, classifications);
    pairResults.push({ pair, judged: { vulnerable, fixed } });
  }
  const judgedNames = new Map([
    ...results.map(({ name, claims }) => [name, claims] as const),
    ...pairResults.flatMap(({ pair, judged }) =>
      EDITIONS.map((edition) => [editionName(pair, edition), judged[edition].otherClaims] as const),
    ),
  ]);
  const problems = [
    ...problemsOf(judgedNames, classifications),
    ...results.filter(({ judged }) => !judged.report).map(({ name }) => `${name}: the run judged nothing.`),
    ...pairResults.flatMap(({ pair, judged }) => problemsOfPair(pair, judged)),
  ];
  if (names.length === 0) {
    const bare = await judgeByBareDocument(contract);
    const text = documentOf({ stacks: results, pairs: pairResults, bare }, lock);
    writeFileSync(DOCUMENT, await format(text, { ...(await resolveConfig(DOCUMENT)), filepath: DOCUMENT }));
    process.stdout.write(`${DOCUMENT} is written.\n`);
  }
  fail(problems);
}

async function judgeEdition(
  pair: Pair,
  edition: Edition,
  contract: Contract,
  classifications: readonly Classification[],
): Promise<JudgedEdition> {
  const judged = await judgeServer({ command: [`pairs/${pair.name}.js`, edition], way: pair.way }, contract);
  if (interruption.aborted) throw new Error('Interrupted.');
  const name = editionName(pair, edition);
  const claims = judged.report ? claimsOf(judged.report) : [];
  const holeClaims = claims.filter((claim) => isAboutHole(pair, claim));
  const others = claims.filter((claim) => !isAboutHole(pair, claim));
  const said = `${holeClaims.length} claims about the hole, ${others.length} others, way ${judged.isOpen ? 'open' : 'closed'}`;
  process.stdout.write(`${name}: ${judged.report?.verdict ?? judged.printed}, ${said}\n`);
  return { judged, holeClaims, otherClaims: classify(name, others, classifications) };
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
