// README of @fastify/express: "Usage", "Encapsulation support"
import Fastify from 'fastify';
import { addOperations, keepPromises, options } from '../fastify-operations.js';
import { authenticate } from '../gate.js';
import { ready } from '../huechat.js';
import { packageOf } from '../version.js';

const { default: fastifyExpress } = await packageOf('fastify-express-prefix');

const fastify = Fastify(options);
keepPromises(fastify);
await fastify.register(fastifyExpress);
fastify.use('/v2', authenticate);
await fastify.register(async (api) => addOperations(api), { prefix: '/v2' });

await fastify.listen({ port: 0, host: '127.0.0.1' });
ready(fastify.server.address().port);
