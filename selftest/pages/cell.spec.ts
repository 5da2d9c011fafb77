import { withPast } from '../../src/reporting/changes.ts';
import { remember } from '../../src/reporting/history.ts';
import { everyOutcome, sample } from '../support/report-samples.ts';
import { expect, full, goTo, test } from './opened.ts';

test('has its own link, the promise, what was sent, expected and received, and the command', async ({
  page,
  open,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const report = full();
  await open(report, '#cell=revoked-key@GET%20/contacts');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('heading', { level: 2 })).toHaveText('✗ violates GET /contacts revoked-key');
  await expect(dialog.locator('blockquote')).toContainText('A revoked key is answered with 401 like an invalid one.');
  await expect(dialog.locator('blockquote a')).toHaveAttribute('href', /^https:\/\/developer\.huechat\.ai\//);
  await expect(dialog).toContainText('of specs/huechat/openapi.yaml');
  await expect(dialog).toContainText('new in this run');
  const first = dialog.locator('.case').first();
  await expect(first.locator('.comparison mark')).toHaveText(['401', '200']);
  await expect(first.locator('pre').first()).toContainText('X-API-Key: «HUECHAT_REVOKED_KEY»');
  await expect(first.locator('pre').nth(1)).toContainText('has_more: boolean');
  await expect(first).toContainText('The same request with the full-access key was answered 200.');
  await first.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Copied.');
  const curl = report.cells.find(({ rule, operation }) => rule === 'revoked-key' && operation === 'GET /contacts')
    ?.cases[0]?.evidence?.curl;
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(curl);
  await dialog.getByText('The same on 3 more operations').click();
  await dialog.getByRole('link', { name: 'PUT /contact/{identifier}' }).click();
  await expect(dialog.getByRole('heading', { level: 2 })).toContainText('PUT /contact/{identifier}');
  await page.goBack();
  await expect(dialog.getByRole('heading', { level: 2 })).toContainText('GET /contacts');
});

test('that is not proven says which variable would prove it, one that conforms what was sent', async ({
  page,
  open,
}) => {
  await open(full(), '#cell=insufficient-scope@GET%20/contacts');
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator('.case').first()).toContainText('set HUECHAT_SCOPED_KEYS');
  await goTo(page, '#cell=valid-key@GET%20/contacts');
  await expect(dialog.locator('.cases li').first()).toContainText('✓ conforms');
  await goTo(page, '');
  await expect(dialog).toBeHidden();
  await goTo(page, '#cell=no-such-rule@GET%20/%E0%A4%A');
  await expect(dialog).toBeHidden();
});

test('that is about two requests shows both, and says that the command sends both', async ({ page, open }) => {
  const before = { method: 'GET', url: 'https://example.com/first', headers: ['X-API-Key: «HUECHAT_API_KEY»'] };
  await open(
    await sample({ outcomeOf: (_, rule) => (rule === 'cached-answer' ? 'violates' : 'conforms'), before }),
    '#cell=cached-answer@GET%20/contacts',
  );
  const first = page.getByRole('dialog').locator('.case').first();
  await expect(first.getByRole('heading')).toHaveText([
    'Sent first, and answered',
    'Sent then',
    'Received for the second',
    'See it yourself',
  ]);
  await expect(first.locator('pre').first()).toHaveText(
    /^GET https:\/\/example\.com\/first\nX-API-Key: «HUECHAT_API_KEY»$/,
  );
  await expect(first).toContainText('The command sends both requests, the second right after the first.');
});

test('that failed before says since when, and one that does not fail says nothing of the sort', async ({
  page,
  open,
}) => {
  const failing = { outcomeOf: everyOutcome };
  const past = [await sample({ ...failing, startedAt: '2026-03-01T06:00:00.000Z' })].map(remember);
  const dialog = page.getByRole('dialog');
  await open(withPast(await sample(failing), past), '#cell=revoked-key@GET%20/contacts');
  await expect(dialog).toContainText('failing since the run of 2026-03-01 06:00 UTC');
  await goTo(page, '#cell=valid-key@GET%20/contacts');
  await expect(dialog).toContainText('of specs/huechat/openapi.yaml');
  await expect(dialog).not.toContainText(/failing since|new in this run/);
});

test('that fails in the first run there is has no age', async ({ page, open }) => {
  const dialog = page.getByRole('dialog');
  await open(await sample({ outcomeOf: everyOutcome }), '#cell=revoked-key@PUT%20/contact/%7Bidentifier%7D');
  await expect(dialog).toContainText('PUT /contact/{identifier}');
  await expect(dialog).not.toContainText(/failing since|new in this run/);
});
