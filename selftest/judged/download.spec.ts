import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { download } from '../../src/guided/download.ts';

/** A document that `contract new` fetches, from a server of this machine. */
async function served<Result>(listener: RequestListener, use: (address: string) => Promise<Result>): Promise<Result> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/openapi`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a document is a file until it is removed, and its ending says which form it has', async () => {
  for (const [text, ending] of [
    [' {"openapi": "3.1.0"}', '.json'],
    ['openapi: 3.1.0\n', '.yaml'],
  ] as const) {
    const { file, remove } = await served((_, response) => response.end(text), download);
    expect(file.endsWith(`openapi${ending}`)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(text);
    remove();
    expect(existsSync(file)).toBe(false);
  }
});

test('a document that cannot be had is a sentence', async () => {
  const refused = served((_, response) => response.writeHead(404).end('no'), download);
  await expect(refused).rejects.toThrow(/^The address of the document responds with 404: correct it\.$/);
  for (const location of ['http://169.254.169.254/', 'https://api.example.com/', '/openapi']) {
    const led = served((_, response) => response.writeHead(302, { location }).end(), download);
    await expect(led, location).rejects.toThrow(
      /^The address of the document redirects to an address that the suite does not follow: /,
    );
  }
  const broken = served((request) => request.socket.destroy(), download);
  await expect(broken).rejects.toThrow(/^The document cannot be fetched \(\w+\): correct the address, or save /);
});

test('a document without an end is given up', async () => {
  const piece = Buffer.alloc(1024 * 1024, ' ');
  const endless: RequestListener = (_, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write(piece, more);
    };
    more();
  };
  await expect(served(endless, download)).rejects.toThrow(/^The document is larger than 32 MB: name a smaller one\.$/);
});
