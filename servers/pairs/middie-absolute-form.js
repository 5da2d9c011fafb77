// README of @fastify/middie: "Restrict middleware execution to a certain path(s)"
import Fastify from 'fastify';
import { addOperations, keepPromises, options } from '../fastify-operations.js';
import { authenticate } from '../gate.js';
import { ready } from '../huechat.js';
import { packageOf } from '../version.js';

const { default: middie } = await packageOf('middie-absolute-form');

const fastify = Fastify(options);
keepPromises(fastify);
await fastify.register(middie);
fastify.use('/v2', authenticate);
addOperations(fastify, '/v2');

await fastify.listen({ port: 0, host: '127.0.0.1' });
ready(fastify.server.address().port);
