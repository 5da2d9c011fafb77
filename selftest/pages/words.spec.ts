import { expect, full, test } from './opened.ts';

test('says in words what was found, of what, and what it does not say', async ({ page, open }) => {
  const report = full();
  await open(report);
  await expect(page).toHaveTitle('violates: HueChat API on sandbox');
  const head = page.locator('header');
  await expect(head.locator('h1')).toHaveText(
    `✗ violates HueChat API breaks 2 of ${report.rules.length} rules on 4 of 4 operations.`,
  );
  await expect(head).toContainText('Sharded: this is shard 1 of 2.');
  await expect(head).toContainText('Partial:');
  await expect(head).toContainText('Not proven: 4 cells. HUECHAT_SCOPED_KEYS would prove 4 of them.');
  await expect(head.locator('.facts > div')).toHaveText([
    'Target https://sandbox.example.com/v2',
    'Environment sandbox',
    'Run 2026-03-02 06:00 UTC, 12.3 s',
    `Judged 4 operations by ${report.rules.length} rules`,
    `Requests ${report.requests}`,
    'Suite version 0.1.0',
    `Contract HueChat API, version 2, specs/huechat/openapi.yaml sha256 ${report.contract.sha256}`,
  ]);
  await expect(head.locator('.counts li')).toContainText([
    /^\s*5\s+✗ violates/,
    /^\s*4\s+△ deviates/,
    /^\s*1\s+! error/,
    /^\s*4\s+\? not proven/,
    new RegExp(`^\\s*${report.counts.conforms}\\s+✓ conforms`),
    new RegExp(`^\\s*${report.counts.notApplicable}\\s+– not applicable`),
  ]);
});

test('has the operation of the first finding and the line that repeats it on the first screen', async ({
  page,
  open,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const report = full();
  const known = { reason: 'r', owner: 'o', link: 'https://example.com/1', expires: '2999-01-01' };
  const excused = report.cells.map((cell) => (cell.rule === 'missing-key' ? { ...cell, known } : cell));
  for (const [cells, rule] of [
    [report.cells, 'missing-key'],
    [excused, 'revoked-key'],
  ] as const) {
    await open({ ...report, cells });
    const first = page.locator('header .first');
    await expect(first.getByRole('link', { name: 'GET /contacts' })).toBeInViewport({ ratio: 1 });
    await expect(first).toContainText(`${rule}: `);
    await expect(first).toContainText(/expected status 401.*, received status 200/);
    await expect(first.locator('pre')).toBeInViewport({ ratio: 1 });
    await expect(first.locator('pre')).toContainText('curl -sS');
    await expect(first.locator('pre')).toContainText('/contacts');
  }
});

test('says which failures are known, by whom and until when', async ({ page, open }) => {
  const report = full();
  const known = { reason: 'the gateway answers', owner: 'team', link: 'https://example.com/1', expires: '2999-01-01' };
  const cells = report.cells.map((cell) => (cell.rule === 'revoked-key' ? { ...cell, known } : cell));
  await open({ ...report, cells, counts: { ...report.counts, known: 4 } });
  await expect(page.locator('header')).toContainText('Known failures: 4 failing cells are excused');
  await expect(page.locator('article', { hasText: 'revoked-key' }).first().locator('.notice')).toHaveText(
    'Known: the gateway answers (team, https://example.com/1, excused until 2999-01-01)',
  );
  await expect(page.locator('#grid td.known a').first()).toHaveText('violates, known');
});

test('shows the same bug once, with its operations', async ({ page, open }) => {
  await open(full());
  const revoked = page.locator('article', { hasText: 'revoked-key' }).first();
  await expect(revoked).toContainText('On all 4 operations');
  await expect(revoked.locator('blockquote')).toContainText('A revoked key is answered with 401 like an invalid one.');
  await expect(revoked.locator('.comparison mark')).toHaveText(['401', '200']);
  await revoked.locator('summary').click();
  await expect(revoked.locator('.operations a')).toHaveCount(4);
  await expect(page.locator('article')).toHaveCount(4);
});

test('says what is new, what is fixed, and draws the last runs', async ({ page, open }) => {
  await open(full());
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

test('says which promises were seen kept, and which nothing can check', async ({ page, open }) => {
  await open(full());
  const rows = page.locator('#promises tbody tr');
  await expect(rows.filter({ hasText: 'A revoked key is answered' })).toContainText('✗ 4 violates');
  await expect(rows.filter({ hasText: 'no token refresh' })).toContainText('It cannot be checked:');
  const kinds = rows.filter({ hasText: 'answered like an invalid key' });
  await expect(kinds).toContainText('its source is the promise that is documented');
  await expect(kinds.getByRole('link', { name: 'other-environment', exact: true })).toHaveAttribute(
    'href',
    '#rule-other-environment',
  );
  await expect(kinds).toContainText('✓ 4 conforms');
  await expect(page.locator('#promises')).not.toContainText('No rule checks it.');
  const [, total, parts = ''] =
    /The contract makes (\d+) promises: (.*)\.$/m.exec(await page.locator('#promises > p').innerText()) ?? [];
  expect(
    parts.split(', ').reduce((sum, part) => sum + parseInt(part, 10), 0),
    parts,
  ).toBe(Number(total));
  expect(parts).not.toContain('checked by no rule');
  await expect(rows.filter({ hasText: 'an API key, passed in a request header' })).toContainText('conforms');
});
