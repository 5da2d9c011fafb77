import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { readDocument as readByMock } from '../../../mock/document/read-file.ts';
import { dryRunSettings } from '../../../mock/dry-run.ts';
import { startMock } from '../../../mock/start.ts';
import { contractCommand } from '../../../src/authoring/contract-command.ts';
import { ConfigurationError } from '../../../src/config/configuration-error.ts';
import { readTarget } from '../../../src/config/read-target.ts';
import { readRunEnvironment } from '../../../src/config/run-environment.ts';
import type { Outcome } from '../../../src/model/cell.ts';
import { loadContract } from '../../../src/openapi/load-contract.ts';
import { catalogueOf } from '../../../src/run/catalogue.ts';
import { Engine } from '../../../src/run/engine.ts';
import { planCommand } from '../../../src/run/plan-command.ts';
import { isPlain } from '../../../src/visible-text.ts';
import { cases, catalogue, rules } from '../../../tests/catalogue/index.ts';
import { type OperationExchanges } from '../../../src/judging/judge.ts';
import { judgeAll } from '../harness.ts';
import type { Document } from '../strange-documents.ts';

const CANARY = 'canary-that-no-document-may-read';

/** What is done with a document, in this order; what follows a step that refuses it is left out. */
export type Step = 'check' | 'new' | 'plan' | 'mock' | 'run';

export interface Done {
  /** Exit codes of the commands, in the order of the steps. */
  readonly codes: readonly number[];
  /** What the commands said, on standard output and then on standard error. */
  readonly texts: readonly string[];
  /** Of a run: how many cells have which outcome. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Cells of the run that a sound mock must not have, with the first line of their evidence. */
  readonly accused: readonly string[];
  /** What is not as it must be, whatever the document is. */
  readonly harm: readonly string[];
}

export interface Asked {
  /** Is made, and holds what the commands write. */
  readonly folder: string;
  /** With the ending that its file is to have; `.json` where it has none. */
  readonly name: string;
  /** Absent: the file is there already. */
  readonly document?: Document | string;
  /** Ids of the rules of a run; absent: none is made. */
  readonly run?: readonly string[];
}

/** Puts a document of a stranger into a folder, and around it what must not be read. */
function lay({ folder, name, document }: Asked): string {
  const own = join(folder, 'theirs');
  mkdirSync(join(own, 'folder.json'), { recursive: true });
  writeFileSync(join(folder, 'canary.json'), JSON.stringify({ type: 'string', description: CANARY, const: CANARY }));
  symlinkSync('../canary.json', join(own, 'link.json'));
  symlinkSync('/dev/zero', join(own, 'zero.json'));
  execFileSync('mkfifo', [join(own, 'pipe.json')]);
  writeFileSync(join(own, '.hidden.json'), JSON.stringify({ description: CANARY }));
  writeFileSync(join(own, 'canary.txt'), CANARY);
  writeFileSync(join(own, 'broken.yaml'), `a: "${CANARY}\n ${CANARY}: [*${CANARY}\n`);
  const file = join(own, name.includes('.') ? name : `${name}.json`);
  if (document !== undefined) writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
}

/** @param begin is told each step before it begins */
export async function carryOut(asked: Asked, begin: (step: Step) => void): Promise<Done> {
  const { folder, run } = asked;
  const file = lay(asked);
  const before = process.cwd();
  process.chdir(folder);
  try {
    begin('check');
    const said = [await contractCommand(['check', file], 'gaps.sarif', '1.0.0')];
    begin('new');
    const made = await contractCommand(['new', 'acme', file], undefined, '1.0.0');
    said.push(made);
    let ran: Ran = { code: 0, out: '', err: '', outcomes: {}, accused: [] };
    if (made.code === 0) {
      begin('plan');
      const environment = readRunEnvironment('specs/acme', { variables: {}, problems: [] });
      const mock = ({ document, id }: { document: object; id: string }) => dryRunSettings({ document, name: id });
      said.push(await planCommand(environment, { cases, rules }, mock));
      begin('mock');
      const read = await readByMock('specs/acme');
      if (run) {
        begin('run');
        ran = await runOf(read, new Set(run));
        said.push(ran);
      }
    }
    const texts = said.flatMap(({ out, err }) => [out, err]);
    return {
      codes: said.map(({ code }) => code),
      texts,
      outcomes: ran.outcomes,
      accused: ran.accused,
      harm: [...harmIn(texts), ...harmOf(folder)],
    };
  } finally {
    process.chdir(before);
  }
}

interface Ran extends Pick<Done, 'outcomes' | 'accused'> {
  readonly code: 0 | 2;
  readonly out: string;
  readonly err: string;
}

/** So many operations of a document are asked. */
const MOST = 2;

async function runOf(
  read: { readonly document: object; readonly name: string },
  by: ReadonlySet<string>,
): Promise<Ran> {
  const contract = await loadContract('specs/acme');
  const chosen = catalogueOf(catalogue, by);
  const mock = await startMock(read);
  try {
    const target = readTarget(contract, mock.settings('sandbox'));
    const engine = new Engine(contract, target, chosen, { tries: 2, backoff: 1, timeout: 5_000 });
    const asked: OperationExchanges[] = [];
    try {
      for (const operation of contract.operations.slice(0, MOST)) asked.push(await engine.exchangesOf(operation));
    } finally {
      await engine.close();
    }
    const cells = judgeAll(asked, chosen.rules);
    const outcomes: Partial<Record<Outcome, number>> = {};
    for (const { outcome } of cells) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const accused = cells
      .filter(({ outcome }) => ['violates', 'deviates', 'error'].includes(outcome))
      .map((cell) => `${cell.outcome} ${cell.rule}@${cell.operation}: ${JSON.stringify(cell).slice(0, 2_000)}`);
    return { code: 0, out: '', err: '', outcomes, accused };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { code: 2, out: '', err: `${error.message}\n`, outcomes: {}, accused: [] };
  } finally {
    await mock.close();
  }
}

function harmIn(texts: readonly string[]): string[] {
  const lines = texts.join('').split('\n');
  return [
    ...lines.filter((line) => !isPlain(line) || line.includes(CANARY)),
    ...lines.filter((line) => /^\s*(?:::|##)|##vso\[|^\s+at .+:\d+:\d+/.test(line)),
  ].map((line) => `said: ${line}`);
}

/** Files where none may be, or with what must not be read, and settings that nobody set. */
function harmOf(folder: string): string[] {
  const written = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !/^(?:theirs\/|canary\.json$)/.test(path));
  const example = join(folder, 'specs/acme/.env.example');
  const settings = existsSync(example) ? readFileSync(example, 'utf8') : 'CONTRACT=specs/acme';
  const set = settings.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return [
    ...written.filter((path) => !/^(?:gaps\.sarif$|specs\/acme\/|node_modules\/\.cache\/)/.test(path)),
    ...written.filter((path) => readFileSync(join(folder, path), 'utf8').includes(CANARY)),
    ...(set.join('\n') === 'CONTRACT=specs/acme' ? [] : set),
    ...Object.entries(parse(settings)).flatMap(([name, value]) =>
      name === 'CONTRACT' && value === 'specs/acme' ? [] : [`${name}=${value}`],
    ),
  ].map((what) => `written: ${what}`);
}
