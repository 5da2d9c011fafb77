import { judgedReport } from '../support/judged-report.ts';
import { sample } from '../support/report-samples.ts';
import { expect, foundByAxe, full, test } from './opened.ts';

const OPERATIONS = ['GET /contacts', 'PUT /contact/{identifier}'];

test('marks the one pair of a key and an operation that a defect opens, and none of a sound target', async ({
  page,
  open,
}) => {
  const different = page.locator('#key-table td.differs');
  const { report } = await judgedReport({ operations: OPERATIONS, defect: { id: 'write-opens-read' } });
  await open(report);
  await expect(different).toHaveText(['≠ opened 200 but expected denied']);
  const row = page.locator('#key-table tr', { has: page.locator('td.differs') });
  await expect(row.getByRole('rowheader')).toHaveText('GET /contacts');
  const column = await different.evaluate((cell) => (cell as HTMLTableCellElement).cellIndex);
  await expect(page.locator('#key-table thead th').nth(column)).toHaveText('contacts:write');
  await expect(page.locator('#keys')).toContainText('≠ 1 pair of');
  await different.getByRole('link').click();
  await expect(page.getByRole('dialog')).toContainText("a key with the resource's other scope only");
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(different.getByRole('link'), 'the way back leads to where it came from').toBeFocused();

  const { report: sound } = await judgedReport({ operations: OPERATIONS });
  await open(sound);
  await expect(page.locator('#key-table tbody tr')).toHaveCount(2);
  await expect(page.locator('#key-table td', { hasText: 'opened 200 expected opened' })).toHaveCount(2);
  await expect(different).toHaveCount(0);
  await expect(page.locator('#keys')).toContainText('All results are as expected');
});

test('has a row for each operation, a column for each key, and says what was not sent', async ({ page, open }) => {
  await open(full());
  const table = page.locator('#key-table');
  await expect(table.locator('thead th')).toHaveText([
    ...['Operation', 'full access', 'contacts:read', 'contacts:write', 'revoked', 'other environment'],
    ...['locked to another address', 'never issued', 'no key'],
  ]);
  await expect(table.locator('tbody tr')).toHaveCount(4);
  await expect(table.locator('td.differs'), 'the revoked key everywhere, and no key on one operation').toHaveCount(5);
  for (const column of ['contacts:read', 'contacts:write'])
    await expect(table.getByRole('columnheader', { name: column })).toHaveCount(1);
  await table.locator('tbody a').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator(':focus')).toHaveAttribute('href', /^#cell=(sufficient|separate)-scopes?@/);
});

test('on a phone is a list, those that differ first, and on paper has every operation', async ({ page, open }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(full());
  const first = page.getByRole('region', { name: 'Keys on GET /contacts', exact: true });
  await expect(first.locator('li').first()).toHaveText('revoked: ≠ opened 200 but expected denied');
  await expect(page.locator('#key-table table')).toHaveCount(0);
  const area = page.locator('#key-table');
  expect(await area.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  expect(await area.evaluate((one) => one.scrollHeight - one.clientHeight)).toBe(0);
  expect(await foundByAxe(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await open(await sample({ operations: 40 }));
  await expect(page.locator('#key-table tbody tr')).toHaveCount(30);
  await page.getByRole('navigation', { name: 'Pages of the keys' }).getByRole('button', { name: 'Next' }).click();
  await expect(page.locator('#key-table tbody tr')).toHaveCount(10);
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(page.locator('#key-table tbody tr')).toHaveCount(40);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(page.locator('#key-table tbody tr')).toHaveCount(10);
});

test('is left out of the report of an earlier suite, which does not say what a key is', async ({ page, open }) => {
  const report = full();
  await open({ ...report, cases: report.cases.map(({ id, title, group }) => ({ id, title, group })) });
  await expect(page.getByRole('grid')).toBeVisible();
  await expect(page.locator('#keys')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Keys', exact: true })).toHaveCount(0);
});
