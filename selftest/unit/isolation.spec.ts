import { execFile, spawn, spawnSync } from 'node:child_process';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { connect as connectEncrypted } from 'node:tls';
import { chromium, test as plainTest } from '@playwright/test';
import { fetch } from 'undici';
import { isolate } from '../support/isolation.ts';
import { expect, test } from '../support/unit-test.ts';

/** Each way to the outside that a test of this room might take. */
const ways: Readonly<Record<string, () => unknown>> = {
  'a connection': () => connect(9, '127.0.0.1'),
  'an encrypted connection': () => connectEncrypted(9, '127.0.0.1'),
  'a request of Node': () =>
    request('http://127.0.0.1:9/')
      .on('error', () => undefined)
      .end(),
  'a request of undici': () => fetch('http://127.0.0.1:8/'),
  'a server': () => createServer().listen(0, '127.0.0.1'),
  'a process': () => spawn('true'),
  'a process that is waited for': () => spawnSync('true'),
  'a command': () => execFile('true'),
  'a browser': () => chromium.launch({ executablePath: '/bin/true' }),
};

for (const [title, take] of Object.entries(ways))
  plainTest(`${title} is refused, and the sentence says where such a test belongs`, async () => {
    const { tried, end } = isolate();
    try {
      // Some of them throw at once, some reject, some hand the error to a listener: that it was tried is known of all.
      await Promise.resolve()
        .then(take)
        .catch(() => undefined);
    } finally {
      end();
    }
    expect(tried.length).toBeGreaterThan(0);
    expect(tried[0]).toMatch(/ was (?:opened|started): a test in selftest\/unit .* move the test to selftest\/judged /);
  });

plainTest('what was refused is there again afterwards', () => {
  isolate().end();
  expect(spawnSync(process.execPath, ['--version']).stdout.toString()).toBe(`${process.version}\n`);
});

// It has to fail: that is what it shows.
test.fail('a test that opens a connection fails, also where its code minds no error', () => {
  try {
    connect(9, '127.0.0.1');
  } catch {
    // As code that makes a fault of whatever a socket throws.
  }
});
