// https://fastify.dev/docs/latest/Reference/HTTP2/ (secure, with HTTP/1.1 as a fallback)
import Fastify from 'fastify';
import { addOperations, guard, keepPromises, options } from '../fastify-operations.js';
import { certificate, readyOverTls } from '../huechat.js';

const fastify = Fastify({ ...options, http2: true, https: { allowHTTP1: true, ...certificate } });
keepPromises(fastify);
guard(fastify);
addOperations(fastify, '/v2');

await fastify.listen({ port: 0, host: '127.0.0.1' });
readyOverTls(fastify.server.address().port);
