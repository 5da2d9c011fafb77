// https://nodejs.org/docs/latest/api/http.html#httpcreateserveroptions-requestlistener
import { createServer } from 'node:http';
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
  tooManyRequests,
  validKey,
} from '../huechat.js';

const routes = [
  { method: 'GET', path: /^\/v2\/contacts$/, scope: 'contacts:read', handle: chat.listContacts },
  {
    method: 'POST',
    path: /^\/v2\/contact$/,
    scope: 'contacts:write',
    input: inputs.contact,
    status: 201,
    handle: (_, body) => chat.createContact(body),
  },
  { method: 'GET', path: /^\/v2\/contact\/([^/]+)$/, scope: 'contacts:read', handle: chat.getContact },
  {
    method: 'PUT',
    path: /^\/v2\/contact\/([^/]+)$/,
    scope: 'contacts:write',
    input: inputs.contact,
    handle: chat.updateContact,
  },
  {
    method: 'POST',
    path: /^\/v2\/contact\/([^/]+)\/message$/,
    scope: 'conversations:write',
    input: inputs.message,
    status: 201,
    handle: chat.sendMessage,
  },
  { method: 'GET', path: /^\/v2\/conversations$/, scope: 'conversations:read', handle: chat.listConversations },
  { method: 'GET', path: /^\/v2\/conversation\/([^/]+)$/, scope: 'conversations:read', handle: chat.getConversation },
  {
    method: 'GET',
    path: /^\/v2\/conversation\/([^/]+)\/messages$/,
    scope: 'conversations:read',
    handle: chat.listMessages,
  },
  {
    method: 'POST',
    path: /^\/v2\/webhooks$/,
    scope: 'webhooks:manage',
    input: inputs.webhook,
    status: 201,
    handle: (_, body) => chat.createWebhook(body),
  },
  {
    method: 'GET',
    path: /^\/v2\/channels\/whatsapp\/templates$/,
    scope: 'channels:read',
    handle: chat.listWhatsappTemplates,
  },
];

const server = createServer(async (request, response) => {
  try {
    const { status, body } = await answer(request);
    send(response, status, body);
  } catch {
    send(response, 500, failure);
  }
});

async function answer(request) {
  if (isOverLimit()) return { status: 429, body: tooManyRequests };
  const value = request.headers['x-api-key'] || /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (!value) return { status: 401, body: request.headers.authorization ? invalidKey : missingKey };
  const key = validKey(value, request.socket.remoteAddress);
  if (!key) return { status: 401, body: invalidKey };
  const path = request.url.split('?')[0];
  const route = routes.find((one) => one.method === request.method && one.path.test(path));
  if (!route) return { status: 404, body: notFound };
  if (!hasScope(key, route.scope)) return { status: 403, body: forbidden(route.scope, key) };
  const input = route.input && (await readJson(request));
  if (route.input && !isValidInput(route.input, input)) return { status: 400, body: invalidInput() };
  const [, id] = route.path.exec(path);
  const body = route.handle(id && decodeURIComponent(id), input);
  return body === undefined ? { status: 404, body: notFound } : { status: route.status ?? 200, body };
}

/** undefined where it is no JSON */
async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}

let window = { ends: 0, requests: 0 };

function isOverLimit() {
  if (Date.now() > window.ends) window = { ends: Date.now() + 60_000, requests: 0 };
  return ++window.requests > RATE_LIMIT;
}

function send(response, status, body) {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'X-RateLimit-Limit': RATE_LIMIT,
    'X-RateLimit-Remaining': Math.max(0, RATE_LIMIT - window.requests),
    'X-RateLimit-Reset': Math.ceil(window.ends / 1000),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    ...(status === 429 && { 'Retry-After': 60 }),
  });
  response.end(JSON.stringify(body));
}

server.listen(0, '127.0.0.1', () => ready(server.address().port));
