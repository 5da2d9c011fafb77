import { readApi } from '../../mock/document/api.ts';
import { challenge } from '../../mock/server/sound.ts';
import type { MockRequest } from '../../mock/types/request.ts';
import { expect, test } from '../support/unit-test.ts';

/** What the mock names in WWW-Authenticate: the scheme by which a client presents its key. */

function challengeOf(scheme: object, words: object = {}): string {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Things', version: '1' },
    security: [{ key: [] }],
    components: { securitySchemes: { key: scheme } },
    'x-authentication': { schemes: words },
    paths: { '/a': { get: { responses: {} } } },
  };
  return challenge({ state: { api: readApi(document, 'things') } } as unknown as MockRequest);
}

test('a word before the key is the scheme of the challenge', () => {
  const header = { type: 'apiKey', in: 'header', name: 'Authorization' };
  expect(challengeOf(header, { key: { word: 'Token' } })).toBe('Token realm="Things"');
  expect(challengeOf(header)).toBe('ApiKey realm="Things"');
  expect(challengeOf({ type: 'http', scheme: 'bearer' })).toBe('Bearer realm="Things"');
});
