import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandText } from '../src/config/command-text.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import type { Conformance } from '../src/reporting/conformance.ts';
import { fileErrorCode, reasonOf } from '../src/config/unwritable.ts';
import { replaceViews } from '../src/reporting/files.ts';
import { readRun } from '../src/reporting/history.ts';
import { NOTICE_FILE, VIEW_FILES } from '../src/reporting/report-files.ts';
import { reportsFolder, variableNames } from '../src/config/variables.ts';

/**
 * Opens the page of the last run: `npm run report`, or of any run: `npm run report -- some/conformance.json`, which also
 * makes all that is made from that file again, beside it.
 */
const [given] = argumentsOf('report').words;
const file = given ?? join(reportsFolder(), 'conformance.json');
const page = given === undefined ? join(reportsFolder(), VIEW_FILES.html) : viewsOf(file);
const notice = join(reportsFolder(), NOTICE_FILE);
if (given === undefined && existsSync(notice)) process.stderr.write(readFileSync(notice, 'utf8'));
if (page !== undefined && existsSync(page)) {
  process.stdout.write(`${page}\n`);
  open(page);
} else if (page !== undefined) {
  fail(noPage());
}

/** The last run may have made every report but this one. */
function noPage(): string {
  const run = readRun(file);
  if (!run)
    return `${page} is not there: run ${commandText('conformance')}, or name a conformance.json: ${commandText('report', 'some/conformance.json')}`;
  const { reports } = variableNames(run.contract.id);
  return `The run of ${file} made no page: ${commandText('report', file)} makes it now, and every run makes it if ${reports} names html or is not set.`;
}

function viewsOf(from: string): string | undefined {
  const folder = dirname(from);
  try {
    replaceViews(folder, JSON.parse(readFileSync(from, 'utf8')) as Conformance);
    return join(folder, VIEW_FILES.html);
  } catch (error) {
    const code = fileErrorCode(error);
    const { path = '', syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || path === from || syscall === 'read')
      fail(`${from} cannot be read as a conformance.json: name the file that a run wrote.`);
    else fail(`${path} cannot be written, ${reasonOf(code)}: correct that, or copy ${from} to another folder.`);
    return undefined;
  }
}

/** With whatever opens pages here; where nothing does, the path is printed already. */
function open(target: string): void {
  const address = pathToFileURL(resolve(target)).href;
  const [command = '', ...args] = { darwin: ['open', address], win32: ['cmd', '/c', 'start', '', address] }[
    process.platform as string
  ] ?? ['xdg-open', address];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
