import { keyTimeline } from '../support/key-timeline.ts';
import { expect, foundByAxe, full, overflow, test } from './opened.ts';

const withKeys = () => ({ ...full(), keyLifecycle: keyTimeline() });

test('draws a line for each key, with what was done, what was promised and what came of it', async ({ page, open }) => {
  await open(withKeys());
  await page.getByRole('link', { name: 'Keys over time' }).click();
  const section = page.getByRole('region', { name: 'Keys over time' });
  await expect(section).toContainText(
    '5 keys made by operations of the contract and watched for 80 s with 412 requests',
  );
  await expect(section.locator('figure')).toHaveCount(5);
  const revoked = section.locator('figure').first();
  await expect(revoked).toContainText(
    'It was last accepted at 19.5 s. It was first refused after the last change at 3 s. The contract promises that it is refused in the first request after the revocation at 3 s.',
  );
  const drawn = revoked.getByRole('img', { name: /^key 1, revoked\. .* revoked at 3 s$/ });
  await expect(drawn).toBeVisible();
  await expect(revoked.locator('.events li')).toHaveText([/^made/, /^used in each form/, 'revoked at 3 s']);
  const places = async (selector: string, attribute: string): Promise<number[]> =>
    drawn
      .locator(selector)
      .evaluateAll((marks, name) => marks.map((mark) => Number.parseFloat(mark.getAttribute(name) ?? '')), attribute);
  const [end = 0] = await places('.promise line', 'x1');
  expect(end, 'the promise ends at the third event').toBe((await places('.event line', 'x1'))[2]);
  const opened = await places('.opened circle', 'cx');
  const refused = await places('.refused > svg', 'x');
  expect(Math.min(...refused)).toBeGreaterThan(end);
  expect(Math.max(...opened), 'one form was accepted for long').toBeGreaterThan(end + 20);
  expect(Math.max(...opened)).toBeLessThan(Math.max(...refused));
  await revoked.getByText('as a table').click();
  await expect(revoked.getByRole('row', { name: /^bearer, connection 2/ })).toContainText(
    'opened 40 ×, 0.42 to 19.5 s',
  );
  await expect(section.locator('figure').nth(1).locator('.promise rect')).toHaveAttribute('width', '75.08%');
  await expect(section.locator('figure').nth(2)).toContainText('The contract promises nothing about the time.');
  await expect(section.locator('figure').nth(2).locator('.fault text').first()).toHaveText('!');
  await expect(section.locator('figure').nth(3), 'in the order of their numbers').toContainText(
    'key 5, made No request',
  );
  const scoped = section.locator('figure').nth(4).locator('> svg');
  await expect(scoped, 'one for each operation').toHaveCount(2);
  await expect(scoped.nth(1)).toHaveAttribute('aria-label', /^key 6, with other scopes on GET \/conversations\. /);
});

test('draws no more marks than are seen of a long watch', async ({ page, open }) => {
  const times = keyTimeline();
  const [key] = times.keys;
  const [sample] = key?.samples ?? [];
  if (!key || !sample) throw new Error('the time line of the tests has no key any more');
  const samples = Array.from({ length: 20_000 }, (_, index) => ({ ...sample, at: 3 + index / 100 }));
  await open({ ...full(), keyLifecycle: { ...times, keys: [{ ...key, samples }] } });
  expect(await page.locator('#key-times .opened circle').count()).toBeLessThan(200);
  await expect(page.locator('#key-times summary')).toHaveText('The 20,000 requests as a table');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in keys over time, and nothing is cut off on a phone (${colorScheme})`, async ({
    page,
    open,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await open(withKeys());
    for (const summary of await page.locator('#key-times summary').all()) await summary.click();
    expect(await foundByAxe(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    const section = await page.locator('#key-times').boundingBox();
    const marks = await page.locator('#key-times svg :is(text, circle, path)').evaluateAll((all) =>
      all.map((one) => {
        const { left, right } = one.getBoundingClientRect();
        return [left, right] as const;
      }),
    );
    const [from, to] = [section?.x ?? 0, (section?.x ?? 0) + (section?.width ?? 0)];
    expect(marks.length).toBeGreaterThan(50);
    expect(marks.filter(([left, right]) => left < from - 1 || right > to + 1)).toEqual([]);
  });
}

test('a report that did not ask for keys over time does not speak of them', async ({ page, open }) => {
  await open(full());
  await expect(page.locator('#key-times')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Keys over time' })).toHaveCount(0);
});
