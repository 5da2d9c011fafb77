// README of @fastify/express: "Usage"; documentation of Fastify: Server, routerOptions, useSemicolonDelimiter
import Fastify from 'fastify';
import { addOperations, keepPromises, options } from '../fastify-operations.js';
import { authenticate } from '../gate.js';
import { ready } from '../huechat.js';
import { packageOf } from '../version.js';

const { default: fastifyExpress } = await packageOf('fastify-express-semicolon');

// As it was by default before Fastify 5.
const fastify = Fastify({ ...options, routerOptions: { useSemicolonDelimiter: true } });
keepPromises(fastify);
await fastify.register(fastifyExpress);
for (const name of ['contacts', 'contact', 'conversations', 'conversation', 'webhooks', 'channels'])
  fastify.use(`/v2/${name}`, authenticate);
addOperations(fastify, '/v2');

await fastify.listen({ port: 0, host: '127.0.0.1' });
ready(fastify.server.address().port);
