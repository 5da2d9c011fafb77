import type { DefectId } from '../../mock/defects/index.ts';
import type { Conformance, ReportedCase } from '../../src/reporting/conformance.ts';
import { judgedReport } from '../support/judged-report.ts';
import { expect, foundByAxe, overflow, test } from './opened.ts';

/** Reports of cells that were really judged, on a target on which one thing explains most of what is wrong. */
async function reportOf(id: DefectId): Promise<Conformance> {
  const { report } = await judgedReport({ defect: { id }, operations: ['GET /contacts', 'POST /contact'] });
  return report;
}

for (const [id, words] of [
  ['everyone-let-in', 'No request needs a key: on all 2 operations'],
  ['redirect-to-login', 'Refusals are redirects:'],
  ['error-body-with-200', 'Refusals say success:'],
] as const)
  test(`says once what explains most of it: ${id}`, async ({ page, open }) => {
    const report = await reportOf(id);
    await open(report);
    const cause = page.locator('#problems article.cause');
    await expect(cause).toHaveCount(1);
    await expect(cause.locator('h3')).toContainText(words);
    await expect(cause.locator('pre')).toHaveText(report.causes?.[0]?.example.repeat ?? '');
    const violated = report.cells.filter(({ cause: named, outcome }) => named !== undefined && outcome === 'violates');
    await expect(cause).toContainText(`✗ ${violated.length} violates`);
    await cause.locator('summary').click();
    await expect(cause.getByRole('link', { name: 'missing-key' })).toBeVisible();
    await expect(page.locator('#problems article:not(.cause)')).toHaveCount(0);
    expect(await foundByAxe(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await overflow(page)).toBe(0);
  });

test('a cell leads to its cause and back', async ({ page, open }) => {
  await open(await reportOf('redirect-to-login'), '#cell=missing-key@GET%20/contacts');
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator('.notice')).toContainText('Follows from a cause: Refusals are redirects:');
  await dialog.locator('.notice a').click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('#cause-refused-by-redirect')).toBeInViewport();
  await page.locator('#cause-refused-by-redirect summary').click();
  await page.getByRole('link', { name: 'missing-key' }).first().click();
  await expect(dialog).toBeVisible();
});

test('says beside a response who wrote it, where the report knows', async ({ page, open }) => {
  const report = await reportOf('revoked-key-accepted');
  const named = (each: ReportedCase): ReportedCase => ({ ...each, respondent: 'edge' });
  const silent = ({ respondent: _, ...each }: ReportedCase): ReportedCase => each;
  const cells = (change: (each: ReportedCase) => ReportedCase): Conformance['cells'] =>
    report.cells.map((cell) => ({ ...cell, cases: cell.cases.map(change) }));
  await open({ ...report, cells: cells(named) }, '#cell=revoked-key@GET%20/contacts');
  await expect(page.locator('#problems .actual .respondent').first()).toHaveText('from the edge, not from the API');
  await expect(page.getByRole('dialog').locator('.respondent').first()).toHaveText('from the edge, not from the API');
  await open({ ...report, cells: cells(silent) });
  await expect(page.locator('#problems article')).not.toHaveCount(0);
  await expect(page.locator('.respondent')).toHaveCount(0);
});
