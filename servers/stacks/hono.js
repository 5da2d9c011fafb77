// https://hono.dev/docs/middleware/builtin/bearer-auth, https://hono.dev/docs/guides/validation
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { HTTPException } from 'hono/http-exception';
import { validator } from 'hono/validator';
import {
  chat,
  failure,
  forbidden,
  hasScope,
  inputs,
  invalidInput,
  invalidKey,
  isValidInput,
  missingKey,
  notFound,
  RATE_LIMIT,
  ready,
  validKey,
} from '../huechat.js';

const verifyToken = (token, c) => {
  const key = validKey(token, getConnInfo(c).remote.address);
  c.set('key', key);
  return key !== undefined;
};
const messages = {
  noAuthenticationHeader: { message: missingKey },
  // The middleware answers 400 to what is no token at all.
  invalidAuthenticationHeader: { message: { ...invalidKey, code: 400 } },
  invalidToken: { message: invalidKey },
};
const header = bearerAuth({ verifyToken, ...messages, headerName: 'X-API-Key', prefix: '' });
const bearer = bearerAuth({ verifyToken, ...messages });

const scope = (name) => async (c, next) => {
  const key = c.get('key');
  if (!hasScope(key, name)) return c.json(forbidden(name, key), 403);
  await next();
};

const input = (schema) =>
  validator('json', (value, c) => (isValidInput(schema, value) ? value : c.json(invalidInput(), 400)));

const found = (c, body, status = 200) => (body ? c.json(body, status) : c.json(notFound, 404));

const api = new Hono();
api.use((c, next) => (c.req.header('X-API-Key') ? header(c, next) : bearer(c, next)));

api.get('/contacts', scope('contacts:read'), (c) => c.json(chat.listContacts()));
api.post('/contact', scope('contacts:write'), input(inputs.contact), (c) =>
  c.json(chat.createContact(c.req.valid('json')), 201),
);
api.get('/contact/:id', scope('contacts:read'), (c) => found(c, chat.getContact(c.req.param('id'))));
api.put('/contact/:id', scope('contacts:write'), input(inputs.contact), (c) =>
  found(c, chat.updateContact(c.req.param('id'), c.req.valid('json'))),
);
api.post('/contact/:id/message', scope('conversations:write'), input(inputs.message), (c) =>
  found(c, chat.sendMessage(c.req.param('id'), c.req.valid('json')), 201),
);
api.get('/conversations', scope('conversations:read'), (c) => c.json(chat.listConversations()));
api.get('/conversation/:id', scope('conversations:read'), (c) => found(c, chat.getConversation(c.req.param('id'))));
api.get('/conversation/:id/messages', scope('conversations:read'), (c) =>
  found(c, chat.listMessages(c.req.param('id'))),
);
api.post('/webhooks', scope('webhooks:manage'), input(inputs.webhook), (c) =>
  c.json(chat.createWebhook(c.req.valid('json')), 201),
);
api.get('/channels/whatsapp/templates', scope('channels:read'), (c) => c.json(chat.listWhatsappTemplates()));

const app = new Hono();

let window = { ends: 0, requests: 0 };
app.use(async (c, next) => {
  await next();
  if (Date.now() > window.ends) window = { ends: Date.now() + 60_000, requests: 0 };
  c.header('X-RateLimit-Limit', String(RATE_LIMIT));
  c.header('X-RateLimit-Remaining', String(Math.max(0, RATE_LIMIT - ++window.requests)));
  c.header('X-RateLimit-Reset', String(Math.ceil(window.ends / 1000)));
});
app.route('/v2', api);

app.notFound((c) => c.json(notFound, 404));
app.onError((error, c) => {
  if (!(error instanceof HTTPException)) return c.json(failure, 500);
  // What the middleware for keys answers is complete; the validator answers a body that is no JSON in plain text.
  return error.res ?? c.json(invalidInput(), 400);
});

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => ready(port));
