import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import type { Conformance } from '../../src/reporting/conformance.ts';
import { type CommandLine, conformance, FEW_REPORTERS, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { unzipped } from '../support/key-search.ts';

/** So many that no shard has a majority of which the odd operation could be unlike. */
const SHARDS = 3;
const OPERATIONS = ['GET /contacts', 'POST /contact', 'GET /conversations', 'GET /channels/whatsapp/templates'];

/** Which operation is the odd one shows only once all of them are known: no shard has a majority. */
test('shards merged say what one run says, and one alone says that others are missing', async ({}, info) => {
  test.setTimeout(300_000);
  const mock = await startMock({ ...mockOf(await huechat()), defect: { id: 'one-operation-answers-another-body' } });
  const own = { CONTRACT: copyContract(info.outputPath(), OPERATIONS), HUECHAT_STRICT: 'should' };
  const variables = { ...mock.settings('sandbox'), ...own };
  const run = (folder: string, ...args: readonly string[]): Promise<CommandLine> =>
    conformance({ variables, folder: info.outputPath(folder), args });
  // Where the shards' reports are put together, as the merging workflow does it.
  const merge = (name: string, more: Readonly<Record<string, string>> = {}): Promise<CommandLine> =>
    conformance({
      variables: { ...own, ...more },
      folder: info.outputPath(name),
      command: 'merge',
      args: [info.outputPath(name, 'reports', 'blobs')],
    });
  try {
    const whole = await run('whole', ...FEW_REPORTERS);
    expect(whole.code).toBe(1);
    let requests = 0;
    for (let shard = 1; shard <= SHARDS; shard++) {
      const ran = await run(`shard-${shard}`, `--shard=${shard}/${SHARDS}`);
      const { code, out, reports } = ran;
      requests += reportOf(ran).requests;
      expect(out).toMatch(/^verdict: conforms \(partial\)$/m);
      expect(code).toBe(0);
      const handOver = (name: string, part: string): void =>
        cpSync(join(reports, part), info.outputPath(name, 'reports', part), { recursive: true });
      handOver('merged', 'blobs');
      if (shard === 1) handOver('incomplete', 'blobs');
    }
    expect(readdirSync(info.outputPath('merged', 'reports', 'blobs'))).toHaveLength(SHARDS);

    const merged = await merge('merged');
    expect(merged.err).toBe('');
    expect(merged.code).toBe(1);
    const [one, four] = [reportOf(whole), reportOf(merged)];
    expect(one.counts).toMatchObject({ violates: 0, deviates: 1 });
    expect(cellsOf(four)).toBe(cellsOf(one));
    expect(four).toMatchObject({ verdict: one.verdict, partial: false, counts: one.counts, target: one.target });
    expect(four.requests, 'the requests of all shards add up').toBe(requests);
    for (const file of ['html/index.html', 'allure/index.html', 'junit.xml'])
      expect(merged.out).toContain(join(merged.reports, file));

    await test.step('Playwright’s reports have a failing test for the operation that is unlike the others', async () => {
      const junit = readFileSync(join(whole.reports, '..', 'playwright-junit.xml'), 'utf8');
      const failed = junit.split('</testcase>').filter((one) => one.includes('<failure '));
      expect(failed).toHaveLength(1);
      const [text = ''] = failed;
      expect(text).toMatch(/<testcase name="all operations › uniform-errors: [^>]*[^/]>(?!.*<testcase )/s);
      expect(text).toMatch(
        /<failure message="GET \/contacts deviates uniform-errors: no-key: expected as on most operations: .*, received status 401/,
      );
      for (const part of ['expected as on most', 'actual   status 401', '(https://', '< 401', 'curl -sS'])
        expect(text).toContain(part);

      const html = readFileSync(join(merged.reports, 'html/index.html'), 'utf8');
      const [, archive = ''] = /data:application\/zip;base64,([\w+/=]+)/.exec(html) ?? [];
      const files = await unzipped(Buffer.from(archive, 'base64'));
      const { stats } = JSON.parse(files.find(({ name }) => name === 'report.json')?.content.toString() ?? '') as {
        stats: { unexpected: number; flaky: number };
      };
      expect(stats).toMatchObject({ unexpected: 1, flaky: 0 });
      const shown = files.map(({ content }) => content.toString()).join('\n');
      for (const part of [/GET \/contacts deviates uniform-errors: no-key: expected as on most/, /curl -sS/])
        expect(shown).toMatch(part);
    });

    const incomplete = await merge('incomplete', { HUECHAT_REPORTS: 'summary' });
    expect(incomplete.code).toBe(2);
    expect(incomplete.out).toMatch(
      /^verdict: error \(partial\): \d+ of \d+ cells are missing: did a shard or a worker not report\?$/m,
    );
    const [lost] = OPERATIONS.filter((id) => !reportOf(incomplete).cells.some(({ operation }) => operation === id));
    expect(lost).toBeDefined();
    expect(reportOf(incomplete)).toMatchObject({ verdict: 'error', partial: true });
    expect(readdirSync(incomplete.reports).toSorted(), 'no report but the one that is wanted').toEqual(
      ['blobs', 'conformance.json', 'history', 'summary.md'].toSorted(),
    );
  } finally {
    await mock.close();
  }
});

/** The bytes of the cells, but for what a server's answers have of the moment they were given in. */
function cellsOf({ cells }: Conformance): string {
  return JSON.stringify(cells, null, 1)
    .replace(/"(date|x-ratelimit-(?:remaining|reset)|x-request-id): [^"]*"/gi, '"$1: …"')
    .replace(/"(request_?id|timestamp)\\": \\"[^"]*\\"/gi, '$1');
}
