// README of @fastify/reply-from: "Usage", "rewriteRequestHeaders"
import Fastify from 'fastify';
import { addOperations, keepPromises, options } from '../fastify-operations.js';
import { keyOf } from '../gate.js';
import { everyResponse, notFound, ready } from '../huechat.js';
import { packageOf } from '../version.js';

const { default: replyFrom } = await packageOf('reply-from-connection');

// The origin. Whoever does not come through the gateway is a service of the house, which needs no key.
const origin = Fastify(options);
keepPromises(origin);
origin.decorateRequest('apiKey');
origin.addHook('onRequest', async (request, reply) => {
  const address = request.headers['x-forwarded-for'];
  if (address === undefined) return;
  const { key, refusal } = keyOf(request.headers, address);
  if (!key) return reply.code(401).header('WWW-Authenticate', 'Bearer').send(refusal);
  request.apiKey = key;
});
addOperations(origin, '/v2');
const base = await origin.listen({ port: 0, host: '127.0.0.1' });

const gateway = Fastify(options);
gateway.addHook('onSend', async (request, reply) => void reply.headers(everyResponse()));
// It forwards no path with a parent segment.
gateway.setErrorHandler((error, request, reply) => reply.code(404).send(notFound));
await gateway.register(replyFrom, { base });
// A body is passed on as it comes.
gateway.removeAllContentTypeParsers();
gateway.addContentTypeParser('*', (request, payload, done) => done(null, payload));
gateway.all('/*', (request, reply) => {
  // It is no proxy for other hosts.
  if (!request.raw.url.startsWith('/')) return reply.code(404).send(notFound);
  return reply.from(request.raw.url, {
    rewriteRequestHeaders: (_, headers) => ({ ...headers, 'x-forwarded-for': request.ip }),
  });
});
await gateway.listen({ port: 0, host: '127.0.0.1' });
ready(gateway.server.address().port);
