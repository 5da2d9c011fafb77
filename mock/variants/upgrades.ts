import { header } from '../server/request.ts';
import { eventStream, opened } from '../server/streams.ts';
import type { VariantGroup } from './variant.ts';

/** Servers that speak more than requests and responses, to whoever has a key. */
export const upgrades = {
  'upgrades-with-key': {
    title: 'a handshake opens a WebSocket to whoever has a key that may read there',
    patch: () => ({
      upgrade: async (request, respond) => {
        const response = await respond();
        return response.status === 200 ? opened(request) : response;
      },
    }),
  },
  'handshake-refused': {
    title: 'the listener for upgrades calls a handshake a bad request, whoever sends it, in words of its own',
    patch: () => ({
      upgrade: () => ({ status: 400, headers: [['Content-Type', 'text/html']], body: 'Bad Request' }),
    }),
  },
  'streams-with-key': {
    title: 'whoever accepts a stream of events and has a key gets one',
    patch: (sound) => ({
      succeed: (request, operation) =>
        header(request, 'accept') === 'text/event-stream' ? eventStream() : sound.succeed(request, operation),
    }),
  },
  'refuses-before-the-body': {
    title: 'a request that waits for a 100 gets one only once its head is accepted (RFC 9110 §10.1.1)',
    patch: () => ({ continues: 'when the body is read' }),
  },
} as const satisfies VariantGroup;
