// Documentation of Fastify: Server, trustProxy (a number of hops); Hooks, Scope
import { addOperations, keepPromises, options } from '../fastify-operations.js';
import { keyOf } from '../gate.js';
import { ready } from '../huechat.js';
import { packageOf } from '../version.js';

const { default: Fastify } = await packageOf('fastify-hops');

// One load balancer stands in front of it, which nothing makes a client go through.
const fastify = Fastify({ ...options, trustProxy: 1 });
keepPromises(fastify);
fastify.decorateRequest('apiKey');
fastify.addHook('onRequest', async (request, reply) => {
  const { key, refusal } = keyOf(request.headers, request.ip);
  if (!key) return reply.code(401).header('WWW-Authenticate', 'Bearer').send(refusal);
  request.apiKey = key;
});
addOperations(fastify, '/v2');

await fastify.listen({ port: 0, host: '127.0.0.1' });
ready(fastify.server.address().port);
