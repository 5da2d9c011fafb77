import { header } from '../server/request.ts';
import { eventStream, opened } from '../server/streams.ts';
import type { DefectGroup } from './defect.ts';

/** Requests that servers hand to a listener or a handler of their own, in front of which nobody put the gate. */
export const upgrades = {
  'upgrade-not-guarded': {
    bug: 'V6',
    title: 'the listener for upgrades opens a WebSocket to whoever asks for one',
    patch: () => ({ upgrade: (request) => opened(request) }),
    complaints: ['upgrade: websocket-handshake (refused)'],
  },
  'upgrade-guarded-by-origin': {
    bug: 'V6',
    title: 'the listener for upgrades asks from which page a handshake comes, and for no key',
    patch: () => ({
      upgrade: (request, respond) => (header(request, 'origin') === undefined ? opened(request) : respond()),
    }),
    complaints: ['upgrade: websocket-handshake (refused)'],
  },
  'event-stream-not-guarded': {
    bug: 'V6',
    title: 'what streams events stands before the gate, and takes whoever accepts a stream',
    patch: (sound) => ({
      shortCircuit: (request) =>
        header(request, 'accept')?.includes('text/event-stream') === true &&
        sound.matchRoute(request).kind === 'operation'
          ? eventStream()
          : sound.shortCircuit(request),
    }),
    complaints: ['event-stream: event-stream (refused)'],
  },
  'continue-listener-not-guarded': {
    bug: 'V6',
    title: 'requests that wait for a 100 go to a listener of their own, which has no gate',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && header(request, 'expect') !== '100-continue',
    }),
    complaints: ['expect-continue: body-held-back (refused)'],
  },
  'query-method-not-guarded': {
    bug: 'V2',
    title: 'QUERY is carried out like GET, by a gate that lists the methods it guards',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && request.method !== 'QUERY',
      matchRoute: (request) => sound.matchRoute(request.method === 'QUERY' ? { ...request, method: 'GET' } : request),
    }),
    complaints: ['other-method: query (refused)'],
  },
} as const satisfies DefectGroup;
