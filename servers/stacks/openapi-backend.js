// README of openapi-backend: "Express", "Auth / Security Handlers", "Request validation"
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { fileURLToPath } from 'node:url';
import { OpenAPIBackend } from 'openapi-backend';
import {
  chat,
  forbidden,
  hasScope,
  invalidInput,
  invalidKey,
  missingKey,
  notFound,
  ready,
  validKey,
} from '../huechat.js';
import { answerError, limits } from '../operations.js';

const found = (res, body, status = 200) => (body ? res.status(status).json(body) : res.status(404).json(notFound));

/** The scopes of the operation are those of its security requirement, the same in both. */
const requiredScope = (c) => c.operation.security[0].apiKey[0];

const api = new OpenAPIBackend({
  definition: fileURLToPath(new URL('../../specs/huechat/openapi.yaml', import.meta.url)),
  apiRoot: '/v2',
  // Without it the document is checked by the schema of OpenAPI 3.0, which knows no `const`.
  quick: true,
});

api.register({
  listContacts: (c, req, res) => res.json(chat.listContacts()),
  createContact: (c, req, res) => res.status(201).json(chat.createContact(c.request.requestBody)),
  getContact: (c, req, res) => found(res, chat.getContact(c.request.params.identifier)),
  updateContact: (c, req, res) => found(res, chat.updateContact(c.request.params.identifier, c.request.requestBody)),
  sendMessage: (c, req, res) => found(res, chat.sendMessage(c.request.params.identifier, c.request.requestBody), 201),
  listConversations: (c, req, res) => res.json(chat.listConversations()),
  getConversation: (c, req, res) => found(res, chat.getConversation(c.request.params.id)),
  listMessages: (c, req, res) => found(res, chat.listMessages(c.request.params.id)),
  createWebhook: (c, req, res) => res.status(201).json(chat.createWebhook(c.request.requestBody)),
  listWhatsappTemplates: (c, req, res) => res.json(chat.listWhatsappTemplates()),
  validationFail: (c, req, res) => res.status(400).json(invalidInput()),
  notFound: (c, req, res) => res.status(404).json(notFound),
  unauthorizedHandler: (c, req, res) => {
    const key = c.security.apiKey?.error?.lacking ?? c.security.bearer?.error?.lacking;
    if (key) return res.status(403).json(forbidden(requiredScope(c), key));
    const isGiven = req.get('X-API-Key') || req.get('Authorization');
    return res
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json(isGiven ? invalidKey : missingKey);
  },
});

const authorize = (c, req, value) => {
  const key = value && validKey(value, req.ip);
  if (!key) return false;
  return hasScope(key, requiredScope(c)) ? key : Promise.reject({ lacking: key });
};
api.registerSecurityHandler('apiKey', (c, req) => authorize(c, req, c.request.headers['x-api-key']));
api.registerSecurityHandler('bearer', (c, req) =>
  authorize(c, req, /^Bearer +(\S+)$/i.exec(c.request.headers.authorization ?? '')?.[1]),
);
await api.init();

const app = express();
app.use(rateLimit(limits));
app.use(express.json());
app.use((req, res) => api.handleRequest(req, req, res));
app.use(answerError);

const server = app.listen(0, '127.0.0.1', () => ready(server.address().port));
