import { badNight, sample } from '../support/report-samples.ts';
import { expect, full, test } from './opened.ts';

test('has a symbol and a word in each cell, and totals at its edges', async ({ page, open }) => {
  const report = full();
  await open(report);
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
    const drawn = await cell.evaluate((link) => getComputedStyle(link, '::before').content);
    expect(drawn).toContain(symbol);
  }
  await expect(grid.locator('tbody tr').first().locator('.edge')).toContainText('2 violates');
  await expect(grid.locator('tfoot')).toContainText('4 violates');
});

test('keeps its headers in sight', async ({ page, open }) => {
  await open(await sample({ operations: 30 }));
  const grid = page.locator('#grid');
  await grid.evaluate((area) => area.scrollTo(1500, 600));
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

test('is filtered by outcome, level, method and text', async ({ page, open }) => {
  await open(full());
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

test('works without a mouse', async ({ page, open }) => {
  await open(full());
  const focused = page.locator(':focus');
  await page.getByRole('button', { name: 'Show everything' }).focus();
  await page.keyboard.press('Tab');
  await expect(focused).toHaveAttribute('id', 'grid');
  await page.keyboard.press('Tab');
  await expect(focused).toHaveAttribute('href', '#cell=missing-key@GET%20/contacts');
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  const third = await page.locator('thead .rule a > span:first-child').nth(2).textContent();
  await expect(focused).toHaveAttribute('href', `#cell=${third}@POST%20/contact`);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowUp');
  expect(await focused.evaluate((link) => getComputedStyle(link).outlineStyle)).toBe('solid');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('a request without a key is refused as unauthorized');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(focused).toHaveAttribute('href', '#cell=missing-key@GET%20/contacts');
  await page.keyboard.press('Tab');
  await expect(focused).not.toHaveAttribute('href', /^#cell/);
});

test('of a thousand operations is one page at a time, and a link leads to any cell', async ({ page, open }) => {
  const report = await sample({ operations: 1000, outcomeOf: badNight });
  const last = report.operations.at(-1)?.id ?? '';
  await open(report, `#cell=revoked-key@${encodeURI(last)}`);
  await expect(page.getByRole('dialog')).toContainText(last);
  await expect(page.getByRole('dialog')).toContainText('The same on 999 more operations');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('#pages')).toContainText('Operations 1 to 30 of 1,000');
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(12_000);
  await page.getByRole('button', { name: 'Next operations' }).click();
  await expect(page.locator('#pages')).toContainText('Operations 31 to 60 of 1,000');
  await page.getByRole('searchbox').fill('area-99 whatsapp');
  await expect(page.locator('#grid tbody tr')).toHaveCount(1);
  await expect(page.locator('#pages')).toBeHidden();
});

test('on a phone is a list of each operation’s cells, the worst first, that needs no scrolling sideways', async ({
  page,
  open,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(full());
  const first = page.getByRole('region', { name: 'GET /contacts', exact: true });
  await expect(page.getByRole('grid')).toHaveCount(0);
  await expect(first.locator('ul').first().locator('li').first()).toHaveText('✗ violates missing-key MUST');
  await expect(first.locator('summary')).toHaveText([/^✓ \d+ conforms$/, /^– \d+ not applicable$/]);
  const grid = page.locator('#grid');
  expect(await grid.evaluate((area) => area.scrollWidth - area.clientWidth)).toBe(0);
  expect(await grid.evaluate((area) => area.scrollHeight - area.clientHeight), 'nor a list inside of a list').toBe(0);
  await first.getByRole('link', { name: 'missing-key' }).click();
  await expect(page.getByRole('dialog')).toContainText('GET /contacts');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('checkbox', { name: /deviates/ }).check();
  await expect(first.locator('li')).toHaveText(['△ deviates challenge SHOULD']);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(page.getByRole('grid')).toBeVisible();
});
