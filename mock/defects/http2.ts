import { schemeOf } from '../server/credentials.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** Gates that differ between HTTP/1.1 and HTTP/2, or read frames in another way than what stands behind them. */
export const http2 = {
  'http2-not-guarded': {
    bug: 'V7',
    title: 'the gate is mounted on the server of HTTP/1.1 only',
    patch: unguarded(() => true),
    complaints: [
      'http2-same-access: * but valid-key-over-http2 scoped-key-over-http2 (same-status)',
      'http2-frames: * but http2-fragment (refused)',
    ],
  },
  'http2-names-not-found': {
    bug: 'V7',
    title: 'the gate looks for its header among the names as they came, and HTTP/2 has them in lower case',
    patch: (sound) => ({
      speaksHttp2: true,
      readCredentials: (request) =>
        sound.readCredentials(request).filter((credential) => {
          const carrier = schemeOf(request, credential)?.carrier;
          return !request.http2 || carrier?.in !== 'header' || request.headers.some(([name]) => name === carrier.name);
        }),
    }),
    complaints: [
      'http2-same-access: valid-key-over-http2 scoped-key-over-http2 scoped-out-key-over-http2 locked-key-over-http2 (same-status)',
    ],
  },
  'http2-scopes-not-checked': {
    bug: 'V7',
    title: 'what takes HTTP/2 asks for a key, and hands it on as one with every permission',
    patch: (sound) => ({
      speaksHttp2: true,
      isPermitted: (request, key, operation) =>
        request.http2 !== undefined || sound.isPermitted(request, key, operation),
    }),
    complaints: ['http2-same-access: scoped-out-key-over-http2 (same-status)'],
  },
  'http2-answers-another-shape': {
    bug: 'V7',
    title: 'a success is wrapped in one more object over HTTP/2',
    patch: (sound) => ({
      speaksHttp2: true,
      succeed: (request, operation) => {
        const response = sound.succeed(request, operation);
        return request.http2 ? { ...response, body: { result: response.body } } : response;
      },
    }),
    complaints: ['http2-same-access: valid-key-over-http2 scoped-key-over-http2 (same-body) on safe operations'],
  },
  'authority-of-this-machine-trusted': {
    bug: 'V7',
    title: 'whoever writes localhost into :authority needs no key, where Host is held against the certificate',
    patch: unguarded(({ http2 }) => http2?.authority === 'localhost' && http2.host !== undefined),
    complaints: ['http2-frames: http2-authority-of-this-machine (refused)'],
  },
  'host-beside-authority-trusted': {
    bug: 'V7',
    title: 'whoever writes localhost into Host needs no key, whatever :authority says',
    patch: unguarded(({ http2 }) => http2?.host === 'localhost'),
    complaints: ['http2-frames: http2-host-of-this-machine (refused)'],
  },
  'fragment-of-path-not-cut': {
    bug: 'V7',
    title: 'the gate takes the fragment of :path for the end of a public path, and the router cuts it off',
    patch: (sound) => {
      const cut = (request: MockRequest): MockRequest =>
        request.http2 ? { ...request, path: request.path.replace(/#.*$/, '') } : request;
      return {
        speaksHttp2: true,
        matchRoute: (request) => sound.matchRoute(cut(request)),
        isGuarded: (request) =>
          sound.isGuarded(request) &&
          !(request.http2 && request.target.includes('#') && request.target.endsWith('/health')),
      };
    },
    complaints: ['http2-frames: http2-fragment (refused)'],
  },
  'empty-query-of-path-not-cut': {
    bug: 'V7',
    title: 'the gate knows paths as :path has them, with the question mark of an empty query',
    patch: unguarded(({ target }) => target.endsWith('?')),
    complaints: ['http2-frames: http2-empty-query (refused)'],
  },
  'cookie-crumbs-not-joined': {
    bug: 'V7',
    title: 'fields named cookie are joined over HTTP/2 like fields of any other name, with commas',
    patch: (sound) => ({
      speaksHttp2: true,
      readCredentials: (request) => {
        const { crumbs = [] } = request.http2 ?? {};
        const others = request.headers.filter(([name]) => name !== 'cookie');
        const headers: MockRequest['headers'] = [...others, ['cookie', crumbs.join(', ')]];
        return sound.readCredentials(crumbs.length > 1 ? { ...request, headers } : request);
      },
    }),
    complaints: ['http2-same-access: cookie-in-crumbs (same-status)'],
  },
} as const satisfies DefectGroup;

/** No key is asked for over HTTP/2 where the gate does not see what it is about. */
function unguarded(isMissed: (request: MockRequest) => boolean): Patch {
  return (sound) => ({
    speaksHttp2: true,
    isGuarded: (request) => sound.isGuarded(request) && !(request.http2 !== undefined && isMissed(request)),
  });
}
