import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { begin, type CommandLine, conformance, FEW_REPORTERS, reportOf } from '../support/command-line.ts';
import { record } from '../support/recorder.ts';
import { hostileDocuments } from '../support/strange-documents.ts';

/** What a shell would carry out, in each of its spellings. */
const FOLDER = `$(touch made-by-folder) \`touch made-by-folder\` "; touch made-by-folder; '\n touch made-by-folder #`;

test('no shell reads the name of a folder, and nothing of a title is a setting', async ({}, info) => {
  test.setTimeout(120_000);
  const recorder = await record();
  const contract = join(info.outputPath(), FOLDER, 'acme');
  mkdirSync(contract, { recursive: true });
  const temporary = join(info.outputPath(), '$(touch made-by-folder) `touch made-by-folder`');
  mkdirSync(temporary, { recursive: true });
  const { 'title-as-setting': document } = hostileDocuments('../canary.json', recorder.port);
  writeFileSync(join(contract, 'openapi.json'), JSON.stringify(document));
  const run = await conformance({
    variables: { CONTRACT: contract, TMPDIR: temporary },
    folder: info.outputPath(),
    args: [...FEW_REPORTERS, '-g', 'missing-key'],
  });
  expect([run.code, run.err]).toEqual([0, '']);
  expect(run.out).toContain('Acme ACME_BASE_URL=http://127.0.0.1:');
  expect(reportOf(run).target.mock).toBe(true);
  expect(recorder.connections).toBe(0);
  await recorder.close();
  const files = [...readdirSync('.'), ...readdirSync(info.outputPath(), { recursive: true }).map(String)];
  expect(files.filter((file) => /(?:^|\/)made-by/.test(file))).toEqual([]);
});

const CANARY = 'canary-that-no-document-may-read';

/** What the whole command does with a folder that a stranger made, by what is in it: its exit code and what it says. */
const FOLDERS: Readonly<
  Record<string, { readonly make: (folder: string) => void; readonly code: number; readonly says: RegExp }>
> = {
  'a document with names that nobody sees': { make: documentNamed('unseen-names'), code: 0, says: /verdict: conforms/ },
  'a pattern without end': { make: documentNamed('pattern-without-end'), code: 0, says: /verdict: conforms/ },
  'a reference to another file': {
    make: documentNamed('reference-to-file'),
    code: 2,
    says: /leads to a file that lies outside of the folder of the document; put a copy/,
  },
  'a document that is a pipe': {
    make: (folder) => execFileSync('mkfifo', [join(folder, 'openapi.json')]),
    code: 2,
    says: /acme\/openapi\.json is no regular file; name a file of YAML or JSON\.$/,
  },
  'a document that is a device': {
    make: (folder) => {
      symlinkSync('/dev/zero', join(folder, 'openapi.json'));
    },
    code: 2,
    says: /acme\/openapi\.json: this is a link to another folder; put the document itself there\.$/,
  },
  'an overlay that is a pipe': {
    make: (folder) => {
      documentNamed('title-as-setting')(folder);
      execFileSync('mkfifo', [join(folder, 'overlay.yaml')]);
    },
    code: 2,
    says: /acme\/overlay\.yaml is no regular file; name a file of YAML or JSON\.$/,
  },
};

function documentNamed(name: string): (folder: string) => void {
  return (folder) => {
    writeFileSync(join(folder, '../canary.json'), JSON.stringify({ type: 'string', description: CANARY }));
    writeFileSync(join(folder, 'openapi.json'), JSON.stringify(hostileDocuments('../canary.json', 9)[name]));
  };
}

/** Milliseconds that the whole command may take with the document of a stranger, on a machine that does nothing else. */
const LONGEST = 20_000;

/** The same where other processes wait for a processor too, each of which gets its share. */
function longestNow(): number {
  return LONGEST * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
}

/** @returns undefined: it took too long and was ended */
async function runOf(contract: string, folder: string): Promise<CommandLine | undefined> {
  const { child, ended } = begin({
    variables: { CONTRACT: contract },
    folder,
    args: [...FEW_REPORTERS, '-g', 'missing-key'],
    ownGroup: true,
  });
  const timer = setTimeout(() => {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  }, longestNow());
  const ran = await ended;
  clearTimeout(timer);
  return ran.code === null ? undefined : ran;
}

test('the whole command judges or refuses what a stranger made, in time', async ({}, info) => {
  test.setTimeout(300_000);
  const left = Object.entries(FOLDERS);
  const found: Record<string, readonly unknown[]> = {};
  const wrong: string[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, { make, says }] = next;
      const folder = info.outputPath(name.replaceAll(' ', '-'));
      const contract = join(folder, 'acme');
      mkdirSync(contract, { recursive: true });
      make(contract);
      const ran = await runOf(contract, folder);
      const said = `${ran?.out ?? ''}${ran?.err ?? ''}`;
      found[name] = [ran?.code, says.test(ran?.code === 0 ? said : (ran?.err.trim() ?? '')) ? 'as told' : said];
      const reports = ran === undefined ? [] : filesIn(ran.reports);
      wrong.push(
        ...said.split('\n').filter((line) => /^\s+at .+:\d+:\d+/.test(line) || line.includes(CANARY)),
        ...reports.filter((file) => readFileSync(file, 'utf8').includes(CANARY)),
      );
    }
  };
  await Promise.all([work(), work()]);
  expect(found).toEqual(
    Object.fromEntries(Object.entries(FOLDERS).map(([name, { code }]) => [name, [code, 'as told']])),
  );
  expect(wrong).toEqual([]);
});

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
