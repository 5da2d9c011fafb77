// https://fastify.dev/docs/latest/Reference/HTTP2/ (secure, with HTTP/1.1 as a fallback)
import Fastify from 'fastify';
import { addOperations, keepPromises, options } from '../fastify-operations.js';
import { keyOf } from '../gate.js';
import { certificate, readyOverTls } from '../huechat.js';

const fastify = Fastify({ ...options, http2: true, https: { allowHTTP1: true, ...certificate } });
keepPromises(fastify);
fastify.decorateRequest('apiKey');
fastify.addHook('onRequest', async (request, reply) => {
  const { key, refusal } = keyOf(request.headers, request.ip);
  if (!key) return reply.code(401).header('WWW-Authenticate', 'Bearer').send(refusal);
  request.apiKey = key;
});
addOperations(fastify, '/v2');

await fastify.listen({ port: 0, host: '127.0.0.1' });
readyOverTls(fastify.server.address().port);
