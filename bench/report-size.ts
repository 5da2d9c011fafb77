import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from '@playwright/test';
import { argumentsOf } from '../src/config/command-line.ts';
import { writeReports } from '../src/reporting/files.ts';
import { type View, VIEW_FILES } from '../src/reporting/report-files.ts';
import { BROWSER_ARGS, ensureChromium } from '../selftest/support/report-browser.ts';
import { badNight, sample } from '../selftest/support/report-samples.ts';

/**
 * How large the reports are and how fast their page is, for 10 and for 1,000 operations after a bad night: a bug on every
 * operation, others here and there. `npm run bench:report`
 */
const ROUNDS = 5;
const FILES = ['conformance.json', 'conformance.html', 'conformance.sarif', 'summary.md'];

argumentsOf('bench:report');
const folder = mkdtempSync(join(tmpdir(), 'report-bench-'));
const browser = await chromium.launch({ executablePath: ensureChromium(), args: BROWSER_ARGS });
try {
  for (const operations of [10, 1000]) await measure(operations, browser);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function measure(operations: number, by: Browser): Promise<void> {
  const report = await sample({ operations, outcomeOf: badNight });
  const reports = join(folder, String(operations));
  const start = performance.now();
  writeReports(reports, report, new Set(Object.keys(VIEW_FILES) as View[]));
  const written = performance.now() - start;
  const sizes = FILES.map((name) => `${name} ${kilobytes(statSync(join(reports, name)).size)}`);
  const rounds: Times[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push(await look(by, pathToFileURL(join(reports, 'conformance.html')).href));
  say(`${operations} operations × ${report.rules.length} rules, ${report.cells.length} cells`);
  say(`  size    ${sizes.join(', ')}`);
  say(`  write   ${Math.round(written)} ms for all of them`);
  for (const name of ['firstPaint', 'matrix', 'filterByText', 'filterByOutcome', 'nextPage', 'openCell'] as const) {
    const times = rounds.map((each) => each[name]).toSorted((a, b) => a - b);
    const [median = 0, worst = 0] = [times[Math.floor(times.length / 2)], times.at(-1)];
    // A matrix on one page has no next one.
    if (name === 'nextPage' && operations === 10) continue;
    say(`  ${name.padEnd(15)} ${median.toFixed(0).padStart(5)} ms (worst of ${ROUNDS}: ${worst.toFixed(0)} ms)`);
  }
}

type Times = Readonly<
  Record<'firstPaint' | 'matrix' | 'filterByText' | 'filterByOutcome' | 'nextPage' | 'openCell', number>
>;

/** Each act with the layout that follows it, as a person waits for both. */
async function look(by: Browser, address: string): Promise<Times> {
  const page = await by.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(address);
  await page.locator('#grid table').waitFor();
  // What runs in the page is text here: the project's own types know no browser.
  const times = await page.evaluate<Times>(`(async () => {
    const seen = performance.getEntriesByName('first-contentful-paint')[0] ?? (await new Promise((resolve) =>
      new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').forEach(resolve))
        .observe({ type: 'paint', buffered: true })));
    const timed = (act) => {
      const start = performance.now();
      act();
      document.querySelector('#grid').getBoundingClientRect();
      return performance.now() - start;
    };
    const text = document.querySelector('#text');
    const type = (value) => { text.value = value; text.dispatchEvent(new Event('input', { bubbles: true })); };
    const box = document.querySelector('input[value=violates]');
    const matrix = performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd;
    const filterByText = timed(() => type('webhooks'));
    type('');
    const filterByOutcome = timed(() => box.click());
    box.click();
    const nextPage = timed(() => document.querySelector('#pages button[data-step="1"]').click());
    const cell = document.querySelector('#grid td.violates a, #grid td.conforms a');
    const openCell = await new Promise((resolve) => {
      const start = performance.now();
      addEventListener('hashchange', () => {
        document.querySelector('#evidence').getBoundingClientRect();
        resolve(performance.now() - start);
      }, { once: true });
      cell.click();
    });
    return { firstPaint: seen.startTime, matrix, filterByText, filterByOutcome, nextPage, openCell };
  })()`);
  await page.close();
  return times;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
