import { sample } from '../support/report-samples.ts';
import { expect, foundByAxe, full, goTo, overflow, test } from './opened.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing (${colorScheme})`, async ({ page, open }) => {
    await page.emulateMedia({ colorScheme });
    await open(full());
    expect(await foundByAxe(page)).toEqual([]);
    await page.getByRole('checkbox', { name: /violates/ }).check();
    for (const summary of await page.locator('main summary').all()) await summary.click();
    expect(await foundByAxe(page), 'filtered, with all unfolded').toEqual([]);
    await goTo(page, '#cell=revoked-key@GET%20/contacts');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await foundByAxe(page), 'with a cell open').toEqual([]);
  });
}

test('axe finds nothing in a sound report, nor on a phone', async ({ page, open }) => {
  await page.setViewportSize({ width: 400, height: 800 });
  await open(await sample());
  expect(await foundByAxe(page)).toEqual([]);
});

for (const width of [320, 400, 640]) {
  test(`nothing is cut off at ${width} pixels, and at 200 % of twice as many`, async ({ page, open }) => {
    await page.setViewportSize({ width, height: 700 });
    await open(full());
    expect(await overflow(page)).toBe(0);
    const tables = page.locator('#promises .scroll, #rules .scroll');
    await expect(tables).toHaveCount(2);
    expect(
      await tables.evaluateAll((areas) => areas.map((area) => area.scrollWidth - area.clientWidth)),
      'no table but the matrix has to be scrolled sideways',
    ).toEqual([0, 0]);
    await goTo(page, '#cell=revoked-key@GET%20/contacts');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    expect(await dialog.evaluate((area) => area.scrollWidth - area.clientWidth)).toBe(0);
  });
}

test('prints everything that is folded, and nothing that only a screen can use', async ({ page, open }) => {
  await open(full());
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(page.locator('#filters')).toBeHidden();
  await expect(page.locator('main details:not([open])')).toHaveCount(0);
  await expect(page.locator('article .operations').first()).toBeVisible();
  expect(
    await page.evaluate(() =>
      [...document.querySelectorAll('.scroll, pre')].filter((area) => area.scrollHeight > area.clientHeight + 1),
    ),
    'nothing is cut off that a screen would scroll',
  ).toEqual([]);
  await expect(page.locator('.matrix td.violates a').first()).toBeVisible();
  const evidence = page.locator('article', { hasText: 'revoked-key' }).first().locator('.printed');
  await expect(evidence).toContainText('X-API-Key: «HUECHAT_REVOKED_KEY»');
  await expect(evidence.locator('.case').first()).toContainText('curl -sS');
  const printed = (): Promise<number> => page.locator('.printed').count();
  expect(await printed(), 'each finding has its own').toBe(await page.locator('article[data-cell]').count());
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  expect(await printed()).toBe(0);
  expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000);
});

test('whatever the tab key reaches shows that it has the focus', async ({ page, open }) => {
  await open(full());
  const reached: string[] = [];
  while (reached.at(-1) !== 'grid' && reached.length < 150) {
    await page.keyboard.press('Tab');
    const { name, outline } = await page.locator(':focus').evaluate((element) => ({
      name: element.id === '' ? element.tagName : element.id,
      outline: getComputedStyle(element).outlineStyle,
    }));
    expect(outline, `${name}, after ${reached.join(', ')}`).toBe('solid');
    reached.push(name);
  }
  expect(reached).toEqual(expect.arrayContaining(['A', 'SUMMARY', 'INPUT', 'BUTTON', 'text', 'grid']));
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the verdict, the findings and the promises are there, and the rest says what it takes', async ({
    page,
    open,
  }) => {
    await open(full());
    await expect(page.locator('h1')).toContainText('breaks 2 of');
    await expect(page.locator('article')).toHaveCount(4);
    // The element itself is passed over when Playwright looks for texts, what is in it is not.
    await expect(page.locator('#matrix noscript p')).toContainText('need this page’s own script');
    await expect(page.locator('#matrix noscript p')).toBeVisible();
    await expect(page.locator('#filters'), 'what does nothing is not offered').toBeHidden();
  });
});
