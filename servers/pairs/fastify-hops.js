// Documentation of Fastify: Server, trustProxy (a number of hops); Hooks, Scope
import { addOperations, guard, keepPromises, options } from '../fastify-operations.js';
import { ready } from '../huechat.js';
import { packageOf } from '../version.js';

const { default: Fastify } = await packageOf('fastify-hops');

// One load balancer stands in front of it, which nothing makes a client go through.
const fastify = Fastify({ ...options, trustProxy: 1 });
keepPromises(fastify);
guard(fastify);
addOperations(fastify, '/v2');

await fastify.listen({ port: 0, host: '127.0.0.1' });
ready(fastify.server.address().port);
