import { remember } from '../../src/reporting/history.ts';
import { sample } from '../support/report-samples.ts';
import { expect, full, test } from './opened.ts';

/** Allure's page, made of the same report: that it fetches nothing is for the fixture to see. */
test('opens from the disk, and shows levels, deviations, known failures, what is not proven, and earlier runs', async ({
  page,
  openAllure,
}) => {
  const report = full();
  const known = { reason: 'the gateway answers', owner: 'team', link: 'https://example.com/1', expires: '2999-01-01' };
  const cells = report.cells.map((cell) =>
    cell.rule === 'missing-key' && cell.outcome === 'violates' ? { ...cell, known } : cell,
  );
  const past = remember({ ...(await sample()), startedAt: '2026-03-01T06:00:00.000Z' });
  await openAllure({ ...report, cells, counts: { ...report.counts, known: 1 } }, [past]);

  await expect(page.getByText('HueChat API breaks 1 of', { exact: false }).first()).toBeVisible();
  await page.getByText('Categories', { exact: true }).first().click();
  for (const name of ['Known failures', 'Violates: a MUST is broken', 'Deviates: a SHOULD is broken', 'Not proven: '])
    await expect(page.getByText(name, { exact: false }).first()).toBeVisible();
  await page.getByText('missing-key: a request without a key').first().click();
  await expect(page.getByText('known failure: the gateway answers').first()).toBeVisible();
  await expect(page.getByText('Critical').first()).toBeVisible();
  await expect(page.getByText('expected status 401').first()).toBeVisible();
  await expect(page.getByText('curl -sS').first()).toBeVisible();
  await page
    .getByText(/^History/)
    .first()
    .click();
  await expect(page.getByText(/3\/1\/2026|March 1, 2026|1 March 2026/).first()).toBeVisible();
});
