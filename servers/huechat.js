/**
 * What the stacks share: the key table, the data, the bodies of documented refusals, and how an input is checked where a
 * stack brings no validation of its own. How a key is read and how a refusal is sent is each stack's own.
 */

/** What this process serves. A key of another environment is no key here. */
const ENVIRONMENT = 'sandbox';

/**
 * @typedef {object} Key
 * @property {string} value
 * @property {string} environment
 * @property {string[] | 'all'} scopes
 * @property {boolean} [revoked]
 * @property {string} [address] the only address that may use it
 */

/** @type {Key[]} every key that was ever issued, as JSON in the environment variable HUECHAT_KEYS */
export const issuedKeys = JSON.parse(process.env.HUECHAT_KEYS ?? '[]');

const byValue = new Map(issuedKeys.map((key) => [key.value, key]));

/**
 * The key with this value if it is valid here and now.
 *
 * @param {string} value
 * @param {string | undefined} address where the request comes from
 */
export function validKey(value, address) {
  const key = byValue.get(value);
  return key !== undefined && isUsable(key, address) ? key : undefined;
}

/**
 * @param {Pick<Key, 'environment' | 'revoked' | 'address'>} key
 * @param {string | undefined} address
 */
export function isUsable(key, address) {
  const isElsewhere = key.address !== undefined && key.address !== address?.replace(/^::ffff:/, '');
  return key.environment === ENVIRONMENT && key.revoked !== true && !isElsewhere;
}

/**
 * @param {Pick<Key, 'scopes'>} key
 * @param {string} scope
 */
export const hasScope = (key, scope) => key.scopes === 'all' || key.scopes.includes(scope);

export const missingKey = { error: 'unauthorized', message: 'API key is required', code: 401 };
export const invalidKey = { error: 'unauthorized', message: 'Invalid API key', code: 401 };
export const notFound = { error: 'not_found', message: 'Nothing has this address.', code: 404 };
export const tooManyRequests = {
  error: 'rate_limited',
  message: 'Rate limit exceeded. Retry after 60 seconds.',
  code: 429,
  retry_after: 60,
};
export const failure = { error: 'internal_error', message: 'Something went wrong.', code: 500 };

/** @param {string} [message] */
export const invalidInput = (message = 'Invalid input.') => ({ error: 'invalid_input', message, code: 400 });

/**
 * @param {string} scope
 * @param {Pick<Key, 'scopes'>} key
 */
export const forbidden = (scope, key) => ({
  error: 'forbidden',
  message: `API key does not have permission for ${scope}`,
  code: 403,
  details: { required_permission: scope, key_permissions: key.scopes },
});

/** Requests a minute, far above what a run sends. */
export const RATE_LIMIT = 1_000_000;

let window = { ends: 0, requests: 0 };

/** Headers of every response, for the servers that bring no rate limiter: whatever they are judged for is their own then. */
export function everyResponse() {
  if (Date.now() > window.ends) window = { ends: Date.now() + 60_000, requests: 0 };
  return {
    'Cache-Control': 'no-store',
    'X-RateLimit-Limit': String(RATE_LIMIT),
    'X-RateLimit-Remaining': String(Math.max(0, RATE_LIMIT - ++window.requests)),
    'X-RateLimit-Reset': String(Math.ceil(window.ends / 1000)),
  };
}

const contacts = new Map([['cnt_abc123', { id: 'cnt_abc123', first_name: 'Ada', last_name: 'Lovelace' }]]);
const conversations = new Map([['conv_abc123', { id: 'conv_abc123', contact_id: 'cnt_abc123', channel: 'whatsapp' }]]);
let created = 0;
const newId = (/** @type {string} */ prefix) => `${prefix}_${++created}`;
const page = (/** @type {unknown[]} */ data) => ({
  data,
  pagination: { limit: 20, offset: 0, total: data.length, has_more: false },
});

/** What the operations do. Each answers undefined where nothing has the id. */
export const chat = {
  listContacts: () => page([...contacts.values()]),
  createContact: (/** @type {object} */ input) => {
    const contact = { first_name: '', last_name: '', ...input, id: newId('cnt') };
    contacts.set(contact.id, contact);
    return contact;
  },
  getContact: (/** @type {string} */ id) => contacts.get(id),
  updateContact: (/** @type {string} */ id, /** @type {object} */ input) => {
    const contact = contacts.get(id);
    if (contact) contacts.set(id, { ...contact, ...input, id });
    return contacts.get(id);
  },
  sendMessage: (/** @type {string} */ id, /** @type {object} */ input) =>
    contacts.has(id) ? { content: '', ...input, id: newId('msg'), conversation_id: 'conv_abc123' } : undefined,
  listConversations: () => page([...conversations.values()]),
  getConversation: (/** @type {string} */ id) => conversations.get(id),
  listMessages: (/** @type {string} */ id) =>
    conversations.has(id) ? page([{ id: 'msg_abc123', conversation_id: id, content: 'Hello' }]) : undefined,
  createWebhook: (/** @type {object} */ input) => ({ url: '', events: [], ...input, id: newId('whk') }),
  listWhatsappTemplates: () => page([]),
};

/** JSON schemas of what the operations take, as the contract has them. */
export const inputs = {
  contact: {
    type: 'object',
    properties: {
      phone: { type: 'string', pattern: '^\\+[1-9][0-9]{1,14}$' },
      email: { type: 'string' },
      first_name: { type: 'string' },
      last_name: { type: 'string' },
      preferred_channel: { type: 'string', enum: ['whatsapp', 'instagram', 'sms', 'email'] },
      metadata: { type: 'object' },
    },
  },
  message: {
    type: 'object',
    properties: {
      channel: { type: 'string' },
      message_type: { type: 'string', enum: ['text', 'template', 'image', 'document'] },
      content: { type: 'string' },
      template_name: { type: 'string' },
    },
  },
  webhook: {
    type: 'object',
    properties: {
      url: { type: 'string' },
      events: { type: 'array' },
      active: { type: 'boolean' },
    },
  },
};

/**
 * Says whether a value is what an operation takes, for stacks without validation of their own.
 *
 * @param {{ properties: Record<string, { type: string, pattern?: string, enum?: string[] }> }} schema one of `inputs`
 * @param {unknown} value
 */
export function isValidInput({ properties }, value) {
  if (typeOf(value) !== 'object') return false;
  return Object.entries(properties).every(([name, { type, pattern, enum: choices }]) => {
    const member = /** @type {Record<string, unknown>} */ (value)[name];
    if (member === undefined) return true;
    if (typeOf(member) !== type) return false;
    if (pattern !== undefined && !new RegExp(pattern, 'u').test(String(member))) return false;
    return choices === undefined || choices.includes(String(member));
  });
}

const typeOf = (/** @type {unknown} */ value) =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;

/** Tells whoever started this process where it listens. */
export const ready = (/** @type {number} */ port) => {
  process.stdout.write(`ready http://127.0.0.1:${port}/v2\n`);
};

/** @type {{ key: string, cert: string }} PEM, of a server of TLS, as JSON in the environment variable SERVER_CERTIFICATE */
export const certificate = JSON.parse(process.env.SERVER_CERTIFICATE ?? '{}');

/** The same, of a server that speaks TLS. */
export const readyOverTls = (/** @type {number} */ port) => {
  process.stdout.write(`ready https://127.0.0.1:${port}/v2\n`);
};
