import { readFileSync } from 'node:fs';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { everyOutcome, sample } from '../support/report-samples.ts';
import { expect, overflow, test } from './opened.ts';

const script = '<script>window.taken = 1</script></script><img src=x onerror="window.taken = 1">';
const text = `${script}\u001b[31mred\u202Egnp.exe\u0000\ufffd`;

test('hostile answers are shown as they are and stay text', async ({ page, open }) => {
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
  await open(hostile, '#cell=revoked-key@GET%20/contacts');
  const dialog = page.getByRole('dialog');
  const received = dialog.locator('.case pre').nth(1);
  await expect(received).toContainText(`${script}␛[31mred‹U+202E›gnp.exe␀`);
  await expect(received).toContainText('more characters are in conformance.json');
  await expect(received).toContainText('the body is longer than what was recorded');
  await expect(page.locator('h1')).toContainText('<script>');
  expect(await page.evaluate(() => window.taken)).toBeUndefined();
  expect(await page.evaluate(() => document.querySelectorAll('img, iframe, script[src], link').length)).toBe(0);
  expect(readFileSync(test.info().outputPath('conformance.html')).length).toBeLessThan(1_000_000);
  expect(await overflow(page)).toBe(0);
});

test.describe('what a page can still do if an answer did become markup', () => {
  // The browser says so of each thing that it refuses, and names a picture that it does not fetch.
  test.use({ tolerated: /Content Security Policy|x\.png/ });

  test('is nothing: its policy forbids all but its own script', async ({ page, open }) => {
    await open(await sample());
    const refused = await page.evaluateHandle(() => {
      const directives: string[] = [];
      addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective));
      const add = (tag: string, attributes: object): void => {
        document.body.append(Object.assign(document.createElement(tag), attributes));
      };
      add('script', { textContent: 'window.taken = 1' });
      add('style', { textContent: 'body { color: red }' });
      add('img', { src: 'https://example.com/x.png' });
      add('iframe', { src: 'https://example.com/' });
      add('base', { href: 'https://example.com/' });
      document.body.insertAdjacentHTML('beforeend', '<a id="hostile" href="#" onclick="window.taken = 1">x</a>');
      document.querySelector<HTMLAnchorElement>('#hostile')?.click();
      fetch('https://example.com/').catch(() => undefined);
      return directives;
    });
    await expect
      .poll(async () => (await refused.jsonValue()).toSorted())
      .toEqual([
        ...['base-uri', 'connect-src', 'frame-src', 'img-src'],
        ...['script-src-attr', 'script-src-elem', 'style-src-elem'],
      ]);
    expect(await page.evaluate(() => window.taken)).toBeUndefined();
  });
});
