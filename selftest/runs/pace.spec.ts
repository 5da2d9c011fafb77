import { expect, test } from '@playwright/test';
import { startMock } from '../../mock/start.ts';
import { begin, FEW_REPORTERS, reportOf } from '../support/command-line.ts';
import { copyContract } from '../support/contract-copy.ts';
import { huechat, mockOf } from '../support/harness.ts';
import { intercept } from '../support/interceptor.ts';

test('what the first requests show of a busy target the others go by, and it is said once', async ({}, info) => {
  test.setTimeout(60_000);
  const mock = await startMock(mockOf(await huechat()));
  let requests = 0;
  const refused: string[] = [];
  const gateway = await intercept(mock, {
    meddle: ({ via, head }, socket) => {
      // Once of those that ask whether there is anything to judge, and once of the operation's own.
      if (via !== 'base' || ![1, 30].includes(++requests)) return 'pass';
      refused.push(/^User-Agent: .*\((.*)\)/im.exec(head)?.[1] ?? '');
      socket.write('HTTP/1.1 503 Service Temporarily Unavailable\r\nContent-Length: 0\r\n\r\n');
      return 'answered';
    },
  });
  try {
    const CONTRACT = copyContract(info.outputPath(), ['GET /contacts']);
    const variables = { ...gateway.settings, CONTRACT };
    const ran = await begin({ folder: info.outputPath(), variables, args: FEW_REPORTERS }).ended;
    expect(refused).toHaveLength(2);
    expect(new Set(refused).size, 'of different cases').toBe(2);
    expect(ran.out.match(/asking slower$/gm)).toEqual(['asking slower']);
    expect(reportOf(ran).verdict).toBe('conforms');
  } finally {
    await gateway.close();
    await mock.close();
  }
});
