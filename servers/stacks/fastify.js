// https://github.com/fastify/fastify-bearer-auth#integration-with-fastifyauth, https://fastify.dev/docs/latest/Reference/Validation-and-Serialization/
import fastifyAuth from '@fastify/auth';
import bearerAuth from '@fastify/bearer-auth';
import rateLimit from '@fastify/rate-limit';
import Fastify from 'fastify';
import {
  chat,
  failure,
  forbidden,
  hasScope,
  inputs,
  invalidInput,
  invalidKey,
  missingKey,
  notFound,
  RATE_LIMIT,
  ready,
  tooManyRequests,
  validKey,
} from '../huechat.js';

const fastify = Fastify();

fastify.setNotFoundHandler((request, reply) => reply.code(404).send(notFound));
fastify.setErrorHandler((error, request, reply) => {
  const status = error.statusCode ?? reply.statusCode;
  if (status === 401) {
    const isGiven = request.headers['x-api-key'] || request.headers.authorization;
    return reply
      .code(401)
      .header('WWW-Authenticate', 'Bearer')
      .send(isGiven ? invalidKey : missingKey);
  }
  if (status === 429) return reply.code(429).send(tooManyRequests);
  if (status >= 400 && status < 500) return reply.code(400).send(invalidInput(error.message));
  return reply.code(500).send(failure);
});

const authenticate = (value, request) => {
  request.apiKey = validKey(value, request.ip);
  return request.apiKey !== undefined;
};

fastify.decorateRequest('apiKey');
fastify.decorate('verifyApiKey', (request, reply, done) => {
  const value = request.headers['x-api-key'];
  done(value && authenticate(value, request) ? undefined : new Error('no valid X-API-Key'));
});
await fastify.register(rateLimit, { max: RATE_LIMIT, timeWindow: '1 minute' });
await fastify
  .register(fastifyAuth)
  .register(bearerAuth, { addHook: false, keys: [], auth: authenticate, verifyErrorLogLevel: 'debug' });

const scope = (name) => (request, reply, done) => {
  if (hasScope(request.apiKey, name)) return done();
  reply.code(403).send(forbidden(name, request.apiKey));
};

const found = (reply, body, status = 200) => (body ? reply.code(status).send(body) : reply.code(404).send(notFound));

await fastify.register(
  async (api) => {
    api.addHook('onRequest', fastify.auth([fastify.verifyApiKey, fastify.verifyBearerAuth]));

    const read = (name) => ({ onRequest: scope(name) });
    const write = (name, body) => ({ onRequest: scope(name), schema: { body } });

    api.get('/contacts', read('contacts:read'), async () => chat.listContacts());
    api.post('/contact', write('contacts:write', inputs.contact), async (request, reply) =>
      reply.code(201).send(chat.createContact(request.body)),
    );
    api.get('/contact/:id', read('contacts:read'), async (request, reply) =>
      found(reply, chat.getContact(request.params.id)),
    );
    api.put('/contact/:id', write('contacts:write', inputs.contact), async (request, reply) =>
      found(reply, chat.updateContact(request.params.id, request.body)),
    );
    api.post('/contact/:id/message', write('conversations:write', inputs.message), async (request, reply) =>
      found(reply, chat.sendMessage(request.params.id, request.body), 201),
    );
    api.get('/conversations', read('conversations:read'), async () => chat.listConversations());
    api.get('/conversation/:id', read('conversations:read'), async (request, reply) =>
      found(reply, chat.getConversation(request.params.id)),
    );
    api.get('/conversation/:id/messages', read('conversations:read'), async (request, reply) =>
      found(reply, chat.listMessages(request.params.id)),
    );
    api.post('/webhooks', write('webhooks:manage', inputs.webhook), async (request, reply) =>
      reply.code(201).send(chat.createWebhook(request.body)),
    );
    api.get('/channels/whatsapp/templates', read('channels:read'), async () => chat.listWhatsappTemplates());
  },
  { prefix: '/v2' },
);

await fastify.listen({ port: 0, host: '127.0.0.1' });
ready(fastify.server.address().port);
