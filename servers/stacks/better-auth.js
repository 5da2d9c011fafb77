// https://www.better-auth.com/docs/plugins/api-key, https://www.better-auth.com/docs/integrations/express
import { randomBytes } from 'node:crypto';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { forbidden, invalidKey, issuedKeys, isUsable, missingKey, ready } from '../huechat.js';
import { openKeyConsole } from '../key-console.js';
import { addOperations, answerError, answerNotFound, limits } from '../operations.js';

const SCOPES = {
  contacts: ['read', 'write'],
  conversations: ['read', 'write'],
  channels: ['read', 'write'],
  webhooks: ['manage'],
  admin: ['read', 'write'],
};

// Those of the start are keys that whoever started this process knows.
const given = [];
const auth = betterAuth({
  secret: 'of a server that holds nothing of worth',
  baseURL: 'http://127.0.0.1',
  logger: { disabled: true },
  database: memoryAdapter({ user: [], session: [], account: [], verification: [], apikey: [] }),
  emailAndPassword: { enabled: true },
  plugins: [
    apiKey({
      customKeyGenerator: () => given.pop() ?? `sk_test_${randomBytes(16).toString('hex')}`,
      enableMetadata: true,
      // In days: no key ends within a day unless it says otherwise.
      keyExpiration: { minExpiresIn: 0 },
      // Ten requests a day unless it says otherwise.
      rateLimit: { enabled: false },
    }),
  ],
});

const { headers: signedUp, response } = await auth.api.signUpEmail({
  body: { name: 'Ada', email: 'ada@example.com', password: 'a password of no worth' },
  returnHeaders: true,
});
const { user } = response;
// Whoever is signed in reads and deletes their keys.
const headers = new Headers({ cookie: signedUp.get('set-cookie').split(';')[0] });
for (const { value, scopes, revoked, environment, address } of issuedKeys) {
  given.push(value);
  const permissions = scopes === 'all' ? SCOPES : permissionsOf(scopes);
  const metadata = { environment, address };
  const { id } = await auth.api.createApiKey({ body: { userId: user.id, permissions, metadata } });
  if (revoked) await auth.api.updateApiKey({ body: { keyId: id, userId: user.id, enabled: false } });
}

await openKeyConsole({
  create: async ({ scopes, expiresIn }) => {
    const permissions = scopes ? permissionsOf(scopes) : SCOPES;
    const metadata = { environment: 'sandbox' };
    const body = { userId: user.id, permissions, metadata, ...(expiresIn && { expiresIn }) };
    const { id, key } = await auth.api.createApiKey({ body });
    return { id, secret: key };
  },
  update: async ({ id, scopes }) => {
    await auth.api.updateApiKey({ body: { keyId: id, userId: user.id, permissions: permissionsOf(scopes) } });
  },
  revoke: async ({ id }) => {
    // One that has expired is gone already.
    await auth.api.deleteApiKey({ body: { keyId: id }, headers }).catch((error) => {
      if (error.status !== 'NOT_FOUND') throw error;
    });
  },
  read: async ({ id }) => {
    const { lastRequest, permissions } = await auth.api.getApiKey({ query: { id }, headers });
    return { lastUsedAt: lastRequest, scopes: scopesOf(permissions ?? {}) };
  },
});

/** `contacts:read` as `{ contacts: ['read'] }` */
function permissionsOf(scopes) {
  const pairs = scopes.map((scope) => scope.split(':'));
  return Object.fromEntries(
    pairs.map(([name]) => [name, pairs.filter((pair) => pair[0] === name).map((pair) => pair[1])]),
  );
}

/** The other way round. */
function scopesOf(permissions) {
  return Object.entries(permissions).flatMap(([name, actions]) => actions.map((action) => `${name}:${action}`));
}

const authenticate = async (req, res, next) => {
  const value = req.get('X-API-Key') || /^Bearer +(\S+)$/i.exec(req.get('Authorization') ?? '')?.[1];
  const { valid, key } = value ? await auth.api.verifyApiKey({ body: { key: value } }) : { valid: false };
  if (!valid || !isUsable(key.metadata, req.ip)) {
    const isGiven = value || req.get('Authorization');
    return res
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json(isGiven ? invalidKey : missingKey);
  }
  req.key = { value, scopes: scopesOf(key.permissions ?? {}) };
  next();
};

const scope = (name) => async (req, res, next) => {
  const permissions = permissionsOf([name]);
  const { valid } = await auth.api.verifyApiKey({ body: { key: req.key.value, permissions } });
  if (valid) return next();
  res.status(403).json(forbidden(name, req.key));
};

const app = express();
app.use(rateLimit(limits));
// Before express.json(), as the documentation says.
app.all('/api/auth/*splat', toNodeHandler(auth));
app.use(express.json());
app.use('/v2', authenticate, addOperations(express.Router(), scope));
app.use(answerNotFound);
app.use(answerError);

const server = app.listen(0, '127.0.0.1', () => ready(server.address().port));
