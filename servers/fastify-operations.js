import { keyOf } from './gate.js';
import { everyResponse, failure, invalidInput, notFound } from './huechat.js';
import { answerOf, operations } from './operation-table.js';

/** The operations on Fastify, for the pairs that differ in how they are guarded only. */

/**
 * @param {import('fastify').FastifyInstance} api
 * @param {string} base in front of each path
 */
export function addOperations(api, base = '') {
  for (const operation of operations)
    api.route({
      method: operation.method,
      url: `${base}${operation.path}`,
      handler: async (request, reply) => {
        const key = request.apiKey ?? request.raw.key;
        const { status, body } = answerOf(operation, { key, id: request.params.id, input: request.body });
        return reply.code(status).send(body);
      },
    });
}

/** Options of Fastify: what it says itself of a path that it cannot decode, and of a request that it cannot read. */
export const options = {
  frameworkErrors: (error, request, reply) => reply.headers(everyResponse()).code(400).send(invalidInput()),
  clientErrorHandler(error, socket) {
    if (!socket.writable) return socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    const body = JSON.stringify(invalidInput());
    const headers = { ...everyResponse(), 'Content-Type': 'application/json', 'Content-Length': body.length };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status}\r\n${lines.join('')}Connection: close\r\n\r\n${body}`);
  },
};

/**
 * What the contract promises of every response.
 *
 * @param {import('fastify').FastifyInstance} fastify
 */
export function keepPromises(fastify) {
  fastify.addHook('onSend', async (request, reply) => void reply.headers(everyResponse()));
  fastify.setNotFoundHandler((request, reply) => reply.code(404).send(notFound));
  fastify.setErrorHandler((error, request, reply) =>
    error.statusCode >= 400 && error.statusCode < 500
      ? reply.code(400).send(invalidInput())
      : reply.code(500).send(failure),
  );
}

/**
 * A hook before every handler refuses what has no good key.
 *
 * @param {import('fastify').FastifyInstance} fastify
 */
export function guard(fastify) {
  fastify.decorateRequest('apiKey');
  fastify.addHook('onRequest', async (request, reply) => {
    const { key, refusal } = keyOf(request.headers, request.ip);
    if (!key) return reply.code(401).header('WWW-Authenticate', 'Bearer').send(refusal);
    request.apiKey = key;
  });
}
