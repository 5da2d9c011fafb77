import { chat, failure, inputs, invalidInput, isValidInput, notFound, RATE_LIMIT, tooManyRequests } from './huechat.js';

/** The operations on Express, for the stacks that differ in how they authenticate only. */

const input = (schema) => (req, res, next) =>
  isValidInput(schema, req.body) ? next() : res.status(400).json(invalidInput());

const found = (res, body) => (body ? res.json(body) : res.status(404).json(notFound));

/**
 * @param {import('express').Router} router
 * @param {(scope: string) => import('express').RequestHandler} scope refuses a request whose key lacks the scope
 */
export function addOperations(router, scope) {
  router.get('/contacts', scope('contacts:read'), (req, res) => res.json(chat.listContacts()));
  router.post('/contact', scope('contacts:write'), input(inputs.contact), (req, res) =>
    res.status(201).json(chat.createContact(req.body)),
  );
  router.get('/contact/:id', scope('contacts:read'), (req, res) => found(res, chat.getContact(req.params.id)));
  router.put('/contact/:id', scope('contacts:write'), input(inputs.contact), (req, res) =>
    found(res, chat.updateContact(req.params.id, req.body)),
  );
  router.post('/contact/:id/message', scope('conversations:write'), input(inputs.message), (req, res) =>
    found(res.status(201), chat.sendMessage(req.params.id, req.body)),
  );
  router.get('/conversations', scope('conversations:read'), (req, res) => res.json(chat.listConversations()));
  router.get('/conversation/:id', scope('conversations:read'), (req, res) =>
    found(res, chat.getConversation(req.params.id)),
  );
  router.get('/conversation/:id/messages', scope('conversations:read'), (req, res) =>
    found(res, chat.listMessages(req.params.id)),
  );
  router.post('/webhooks', scope('webhooks:manage'), input(inputs.webhook), (req, res) =>
    res.status(201).json(chat.createWebhook(req.body)),
  );
  router.get('/channels/whatsapp/templates', scope('channels:read'), (req, res) =>
    res.json(chat.listWhatsappTemplates()),
  );
  return router;
}

/** Options of express-rate-limit. */
export const limits = { limit: RATE_LIMIT, windowMs: 60_000, legacyHeaders: true, message: tooManyRequests };

/** @type {import('express').RequestHandler} */
export const answerNotFound = (req, res) => res.status(404).json(notFound);

/** @type {import('express').ErrorRequestHandler} */
export const answerError = (error, req, res, next) => {
  if (res.headersSent) return next(error);
  const isInput = error.status >= 400 && error.status < 500;
  res.status(isInput ? 400 : 500).json(isInput ? invalidInput() : failure);
};
