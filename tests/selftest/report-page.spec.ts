import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { withPast } from '../../src/report/changes.ts';
import type { Conformance } from '../../src/report/conformance.ts';
import { remember } from '../../src/report/history.ts';
import { conformancePage } from '../../src/report/page/page.ts';
import { BROWSER_ARGS, findChromium } from './report-browser.ts';
import { badNight, everyOutcome, sample } from './report-samples.ts';

const executablePath = findChromium();
test.use({ launchOptions: { args: BROWSER_ARGS, ...(executablePath !== undefined && { executablePath }) } });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What the browser complained of, requests of the page included. */
const complaints = new WeakMap<Page, string[]>();

/** Writes the page of a report and opens it as a person does: from the disk. */
async function open(page: Page, report: Conformance, hash = ''): Promise<void> {
  const said: string[] = [];
  complaints.set(page, said);
  page.on('console', (message) => void said.push(message.text()));
  page.on('pageerror', (error) => void said.push(error.message));
  page.on('dialog', (dialog) => void (said.push('a dialog'), dialog.dismiss()));
  page.on('request', (request) => {
    if (!request.url().startsWith(address.replace(/#.*/, ''))) said.push(request.url());
  });
  mkdirSync(test.info().outputDir, { recursive: true });
  const file = test.info().outputPath('conformance.html');
  writeFileSync(file, conformancePage(report));
  const address = pathToFileURL(file).href + hash;
  await page.goto(address);
}

/** What axe finds, all of its rules. */
async function axe(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.slice(0, 5).map(({ html, failureSummary }) => html + ' ' + failureSummary)]))`);
}

const overflow = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Everything that there is to show. */
async function full(): Promise<Conformance> {
  const report = await sample({ outcomeOf: everyOutcome });
  const past = [
    await sample({ startedAt: '2026-03-01T06:00:00.000Z' }),
    await sample({
      startedAt: '2026-03-01T18:00:00.000Z',
      outcomeOf: (_, rule) => (rule === 'valid-key' ? 'violates' : 'conforms'),
    }),
  ];
  return withPast({ ...report, partial: true, shard: { current: 1, total: 2 } }, past.map(remember));
}

test.afterEach(({ page }) => {
  expect(complaints.get(page) ?? []).toEqual([]);
});

test('says in words what was found, of what, and what it does not say', async ({ page }) => {
  const report = await full();
  await open(page, report);
  await expect(page).toHaveTitle('violates: HueChat API on sandbox');
  const head = page.locator('header');
  await expect(head.locator('h1')).toHaveText(
    /^\s*✗ violates\s+HueChat API breaks 2 of \d+ rules on 4 of 4 operations\.$/,
  );
  await expect(head).toContainText('Sharded: this is shard 1 of 2.');
  await expect(head).toContainText('Partial:');
  await expect(head).toContainText('Not proven: 4 cells. HUECHAT_SCOPED_KEYS would prove 4 of them.');
  await expect(head).toContainText(`sha256 ${report.contract.sha256}`);
  await expect(head).toContainText('2026-03-02 06:00 UTC, 12.3 s');
  await expect(head.locator('.counts li')).toContainText([
    /5\s+✗ violates/,
    /4\s+△ deviates/,
    /1\s+! error/,
    /4\s+\? not proven/,
  ]);
});

test('shows the same bug once, with its operations', async ({ page }) => {
  await open(page, await full());
  const revoked = page.locator('article', { hasText: 'revoked-key' }).first();
  await expect(revoked).toContainText('On all 4 operations');
  await expect(revoked.locator('blockquote')).toContainText('A revoked key is answered with 401 like an invalid one.');
  await expect(revoked.locator('.comparison mark')).toHaveText(['401', '200']);
  await revoked.locator('summary').click();
  await expect(revoked.locator('.operations a')).toHaveCount(4);
  await expect(page.locator('article')).toHaveCount(4);
});

test('says what is new, what is fixed, and draws the last runs', async ({ page }) => {
  await open(page, await full());
  const changes = page.locator('#changes');
  await expect(changes).toContainText('Against the run of 2026-03-01 18:00 UTC.');
  await expect(changes.locator('.changes > li')).toContainText([
    /^\s*9\s+newly failing/,
    /^\s*4\s+fixed/,
    /^\s*0\s+still failing/,
  ]);
  await expect(changes.locator('svg[role=img]')).toHaveAccessibleName(
    'Failing cells of the last 3 runs, this one last: 0, 4, 9',
  );
  await expect(page.locator('article').first()).toContainText('new in this run');
});

test('says which promises were seen kept, and which nothing can check', async ({ page }) => {
  await open(page, await full());
  const rows = page.locator('#promises tbody tr');
  await expect(rows.filter({ hasText: 'A revoked key is answered' })).toContainText('✗ 4 violates');
  await expect(rows.filter({ hasText: 'no token refresh' })).toContainText('Nothing can check it:');
  await expect(rows.filter({ hasText: 'an API key, passed in a request header' })).toContainText('conforms');
});

test.describe('the matrix', () => {
  test('has a symbol and a word in each cell, and totals at its edges', async ({ page }) => {
    const report = await full();
    await open(page, report);
    const grid = page.getByRole('grid');
    await expect(grid.locator('tbody tr')).toHaveCount(4);
    await expect(grid.locator('thead .rule')).toHaveCount(report.rules.length);
    await expect(grid.locator('thead .section')).toHaveCount(new Set(report.rules.map(({ section }) => section)).size);
    for (const [word, symbol] of Object.entries({
      ...{ violates: '✗', deviates: '△', error: '!', conforms: '✓' },
      ...{ 'not proven': '?', 'not applicable': '–' },
    })) {
      const cell = grid.locator(`td.cell.${word.replace(' ', '-')} a`).first();
      await expect(cell).toHaveText(word);
      const drawn = await cell.evaluate('(link) => getComputedStyle(link, "::before").content');
      expect(drawn).toContain(symbol);
    }
    await expect(grid.locator('tbody tr').first().locator('.edge')).toContainText('2 violates');
    await expect(grid.locator('tfoot')).toContainText('4 violates');
  });

  test('keeps its headers in sight', async ({ page }) => {
    await open(page, await sample({ operations: 30 }));
    const grid = page.locator('#grid');
    await grid.evaluate('(area) => area.scrollTo(1500, 600)');
    const area = await grid.boundingBox();
    const [corner, head, row, foot] = await Promise.all(
      ['.corner', 'thead .section >> nth=-1', 'tbody tr:last-child .operation', 'tfoot .operation'].map((selector) =>
        grid.locator(selector).boundingBox(),
      ),
    );
    for (const box of [corner, head]) expect(Math.abs((box?.y ?? 0) - (area?.y ?? 0))).toBeLessThan(3);
    for (const box of [corner, row]) expect(Math.abs((box?.x ?? 0) - (area?.x ?? 0))).toBeLessThan(3);
    expect((foot?.y ?? 0) + (foot?.height ?? 0)).toBeLessThanOrEqual((area?.y ?? 0) + (area?.height ?? 0) + 1);
  });

  test('is filtered by outcome, level, method and text', async ({ page }) => {
    await open(page, await full());
    const shown = page.locator('#shown');
    const rows = page.locator('#grid tbody tr');
    await page.getByRole('checkbox', { name: /violates/ }).check();
    await expect(shown).toHaveText(/^5 of \d+ cells, on 4 operations and 2 rules\.$/);
    await page.getByRole('checkbox', { name: 'POST' }).check();
    await expect(rows).toHaveCount(1);
    await page.getByRole('checkbox', { name: 'SHOULD' }).check();
    await expect(shown).toHaveText('No cell matches.');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await expect(rows).toHaveCount(4);
    await page.getByRole('searchbox').fill('REVOKED identifier');
    await expect(shown).toHaveText(/^2 of \d+ cells, on 2 operations and 1 rule\.$/);
    await page.locator('header .counts a', { hasText: 'deviates' }).click();
    await expect(shown).toHaveText(/^4 of \d+ cells, on 4 operations and 1 rule\.$/);
  });

  test('works without a mouse', async ({ page }) => {
    await open(page, await full());
    const focused = page.locator(':focus');
    await page.getByRole('button', { name: 'Show everything' }).focus();
    await page.keyboard.press('Tab');
    await expect(focused).toHaveAttribute('id', 'grid');
    await page.keyboard.press('Tab');
    await expect(focused).toHaveAttribute('href', '#cell=missing-key@GET%20/contacts');
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await expect(focused).toHaveAttribute('href', '#cell=invalid-key@POST%20/contact');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowUp');
    expect(await focused.evaluate('(link) => getComputedStyle(link).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toContainText('a request without a key is refused as unauthorized');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(focused).toHaveAttribute('href', '#cell=missing-key@GET%20/contacts');
    await page.keyboard.press('Tab');
    await expect(focused).not.toHaveAttribute('href', /^#cell/);
  });

  test('of a thousand operations is one page at a time, and a link leads to any cell', async ({ page }) => {
    const report = await sample({ operations: 1000, outcomeOf: badNight });
    const last = report.operations.at(-1)?.id ?? '';
    await open(page, report, `#cell=revoked-key@${encodeURI(last)}`);
    await expect(page.getByRole('dialog')).toContainText(last);
    await expect(page.getByRole('dialog')).toContainText('The same on 999 more operations');
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(page.locator('#pages')).toContainText('Operations 1 to 30 of 1,000');
    expect(await page.evaluate('document.querySelectorAll("*").length')).toBeLessThan(12_000);
    await page.getByRole('button', { name: 'Next operations' }).click();
    await expect(page.locator('#pages')).toContainText('Operations 31 to 60 of 1,000');
    await page.getByRole('searchbox').fill('area-99 whatsapp');
    await expect(page.locator('#grid tbody tr')).toHaveCount(1);
    await expect(page.locator('#pages')).toBeHidden();
  });
});

test.describe('a cell', () => {
  test('has its own link, the promise, what was sent, expected and received, and the command', async ({
    page,
    context,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const report = await full();
    await open(page, report, '#cell=revoked-key@PUT%20/contact/%7Bidentifier%7D');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('heading', { level: 2 })).toHaveText(
      '✗ violates PUT /contact/{identifier} revoked-key',
    );
    await expect(dialog.locator('blockquote')).toContainText('A revoked key is answered with 401 like an invalid one.');
    await expect(dialog.locator('blockquote a')).toHaveAttribute('href', /^https:\/\/developer\.huechat\.ai\//);
    await expect(dialog).toContainText('of specs/huechat/openapi.yaml');
    await expect(dialog).toContainText('failing since the run of 2026-03-02 06:00 UTC');
    const first = dialog.locator('.case').first();
    await expect(first.locator('.comparison mark')).toHaveText(['401', '200']);
    await expect(first.locator('pre').first()).toContainText('X-API-Key: «HUECHAT_REVOKED_KEY»');
    await expect(first.locator('pre').nth(1)).toContainText('"has_more": false');
    await expect(first).toContainText('The same request with the full-access key was answered 200.');
    await first.getByRole('button', { name: 'Copy' }).click();
    await expect(dialog.getByRole('status')).toHaveText('Copied.');
    const curl = report.cells.find(({ rule, operation }) => rule === 'revoked-key' && operation.startsWith('PUT'))
      ?.cases[0]?.evidence?.curl;
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(curl);
    await dialog.getByText('The same on 3 more operations').click();
    await dialog.getByRole('link', { name: 'GET /contacts' }).click();
    await expect(dialog.getByRole('heading', { level: 2 })).toContainText('GET /contacts');
    await page.goBack();
    await expect(dialog.getByRole('heading', { level: 2 })).toContainText('PUT /contact/{identifier}');
  });

  test('that is not proven says which variable would prove it, one that conforms what was sent', async ({ page }) => {
    await open(page, await full(), '#cell=insufficient-scope@GET%20/contacts');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('set HUECHAT_SCOPED_KEYS');
    await page.evaluate('location.hash = "#cell=valid-key@GET%20/contacts"');
    await expect(dialog.locator('.cases li').first()).toContainText('✓ conforms');
    await page.evaluate('location.hash = ""');
    await expect(dialog).toBeHidden();
    await page.evaluate('location.hash = "#cell=no-such-rule@GET%20/%E0%A4%A"');
    await expect(dialog).toBeHidden();
  });
});

test.describe('hostile answers', () => {
  const script = '<script>window.taken = 1</script></script><img src=x onerror="window.taken = 1">';
  const text = `${script}\u001b[31mred\u202Egnp.exe\u0000\ufffd`;

  test('are shown as they are and stay text', async ({ page }) => {
    const report = await sample({
      outcomeOf: everyOutcome,
      actual: text,
      evidence: { headers: [`X-Note: ${text}`], body: text + 'x'.repeat(5_000_000), truncated: true },
    });
    const hostile: Conformance = {
      ...report,
      contract: { ...report.contract, title: `API ${text}` },
      target: { baseUrl: `https://example.com/${script}`, environment: text },
      reason: text,
      cells: report.cells.map((cell) => ({
        ...cell,
        reason: text,
        cases: cell.cases.map((each) => ({ ...each, reason: text })),
      })),
    };
    await open(page, hostile, '#cell=revoked-key@GET%20/contacts');
    const dialog = page.getByRole('dialog');
    const received = dialog.locator('.case pre').nth(1);
    await expect(received).toContainText(`${script}␛[31mred‹U+202E›gnp.exe␀`);
    await expect(received).toContainText('more characters are in conformance.json');
    await expect(received).toContainText('the body is longer than what was recorded');
    await expect(page.locator('h1')).toContainText('<script>');
    expect(await page.evaluate('window.taken')).toBeUndefined();
    expect(await page.evaluate('document.querySelectorAll("img, iframe, script[src], link").length')).toBe(0);
    expect(readFileSync(test.info().outputPath('conformance.html')).length).toBeLessThan(1_000_000);
    expect(await overflow(page)).toBe(0);
  });

  test('could run nothing if they were markup: the page’s policy forbids all but its own script', async ({ page }) => {
    await open(page, await sample());
    const refused = await page.evaluate(`new Promise((resolve) => {
      const refused = [];
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.push(effectiveDirective));
      const add = (tag, attributes, text = '') =>
        document.body.append(Object.assign(document.createElement(tag), attributes, { textContent: text }));
      add('script', {}, 'window.taken = 1');
      add('style', {}, 'body { color: red }');
      add('img', { src: 'https://example.com/x.png' });
      document.body.insertAdjacentHTML('beforeend', '<a href="#" onclick="window.taken = 1">x</a>');
      document.body.lastChild.click();
      fetch('https://example.com/').catch(() => undefined).then(() => setTimeout(() => resolve(refused), 100));
    })`);
    expect(refused).toEqual(
      expect.arrayContaining(['script-src-elem', 'style-src-elem', 'img-src', 'script-src-attr', 'connect-src']),
    );
    expect(await page.evaluate('window.taken')).toBeUndefined();
    complaints.set(page, []);
  });
});

test.describe('for everybody', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing (${colorScheme})`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, await full());
      expect(await axe(page)).toEqual([]);
      await page.getByRole('checkbox', { name: /violates/ }).check();
      for (const summary of await page.locator('main summary').all()) await summary.click();
      expect(await axe(page), 'filtered, with all unfolded').toEqual([]);
      await page.evaluate('location.hash = "#cell=revoked-key@GET%20/contacts"');
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await axe(page), 'with a cell open').toEqual([]);
    });
  }

  test('axe finds nothing in a sound report, nor on a phone', async ({ page }) => {
    await page.setViewportSize({ width: 400, height: 800 });
    await open(page, await sample());
    expect(await axe(page)).toEqual([]);
  });

  for (const width of [320, 400, 640]) {
    test(`nothing is cut off at ${width} pixels, and at 200 % of twice as many`, async ({ page }) => {
      await page.setViewportSize({ width, height: 700 });
      await open(page, await full());
      expect(await overflow(page)).toBe(0);
      await page.evaluate('location.hash = "#cell=revoked-key@GET%20/contacts"');
      const dialog = page.getByRole('dialog');
      await expect(dialog).toBeVisible();
      expect(await dialog.evaluate('(area) => area.scrollWidth - area.clientWidth')).toBe(0);
    });
  }

  test('prints everything that is folded, and nothing that only a screen can use', async ({ page }) => {
    await open(page, await full());
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    await expect(page.locator('#filters')).toBeHidden();
    await expect(page.locator('article .operations').first()).toBeVisible();
    await expect(page.locator('.matrix td.violates a').first()).toBeVisible();
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000);
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the verdict, the findings and the promises are there, and the rest says what it takes', async ({ page }) => {
    await open(page, await full());
    await expect(page.locator('h1')).toContainText('breaks 2 of');
    await expect(page.locator('article')).toHaveCount(4);
    await expect(page.locator('#matrix')).toContainText('takes this page’s own script');
  });
});
