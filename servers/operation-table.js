import { chat, forbidden, hasScope, inputs, invalidInput, isValidInput, notFound } from './huechat.js';

/**
 * The operations for the pairs, which differ in how they are guarded only. A path has the parameter `:id` or none.
 *
 * @type {{ method: string, path: string, scope: string, schema?: object, status?: number, handle: Function }[]}
 */
export const operations = [
  { method: 'GET', path: '/contacts', scope: 'contacts:read', handle: chat.listContacts },
  {
    method: 'POST',
    path: '/contact',
    scope: 'contacts:write',
    schema: inputs.contact,
    status: 201,
    handle: (_, input) => chat.createContact(input),
  },
  { method: 'GET', path: '/contact/:id', scope: 'contacts:read', handle: chat.getContact },
  { method: 'PUT', path: '/contact/:id', scope: 'contacts:write', schema: inputs.contact, handle: chat.updateContact },
  {
    method: 'POST',
    path: '/contact/:id/message',
    scope: 'conversations:write',
    schema: inputs.message,
    status: 201,
    handle: chat.sendMessage,
  },
  { method: 'GET', path: '/conversations', scope: 'conversations:read', handle: chat.listConversations },
  { method: 'GET', path: '/conversation/:id', scope: 'conversations:read', handle: chat.getConversation },
  { method: 'GET', path: '/conversation/:id/messages', scope: 'conversations:read', handle: chat.listMessages },
  {
    method: 'POST',
    path: '/webhooks',
    scope: 'webhooks:manage',
    schema: inputs.webhook,
    status: 201,
    handle: (_, input) => chat.createWebhook(input),
  },
  { method: 'GET', path: '/channels/whatsapp/templates', scope: 'channels:read', handle: chat.listWhatsappTemplates },
];

/**
 * What an operation answers to a request that the guard let through. Whoever comes round the guard has no key, and nothing
 * that looks for a scope stops him.
 *
 * @param {(typeof operations)[number]} operation
 * @param {{ key?: object, id?: string, input?: unknown }} request
 * @returns {{ status: number, body: object }}
 */
export function answerOf({ scope, schema, status = 200, handle }, { key, id, input }) {
  if (key && !hasScope(key, scope)) return { status: 403, body: forbidden(scope, key) };
  if (schema && !isValidInput(schema, input)) return { status: 400, body: invalidInput() };
  const body = handle(id, input);
  return body === undefined ? { status: 404, body: notFound } : { status, body };
}
