import { keyOf } from './gate.js';
import { everyResponse, failure, forbidden, hasScope, notFound } from './huechat.js';
import { answerOf, operations } from './operation-table.js';

/** The operations on Hono, for the pairs that differ in how they are guarded only. */

/**
 * @param {(c: import('hono').Context) => string | undefined} addressOf says where a request comes from
 * @returns {import('hono').MiddlewareHandler}
 */
export const authenticate = (addressOf) => async (c, next) => {
  const { key, refusal } = keyOf(c.req.header(), addressOf(c));
  if (!key) return c.json(refusal, 401, { 'WWW-Authenticate': 'Bearer' });
  c.set('key', key);
  await next();
};

/** A middleware that refuses a request whose key lacks the scope. */
export const scope = (name) => async (c, next) => {
  const key = c.get('key');
  if (key && !hasScope(key, name)) return c.json(forbidden(name, key), 403);
  await next();
};

/** @param {import('hono').Hono} api */
export function addOperations(api) {
  for (const operation of operations)
    api.on(operation.method, operation.path, async (c) => {
      const input = operation.schema && (await c.req.json().catch(() => undefined));
      const { status, body } = answerOf(operation, { key: c.get('key'), id: c.req.param('id'), input });
      return c.json(body, status);
    });
}

/**
 * What the contract promises of every response.
 *
 * @param {import('hono').Hono} app
 */
export function keepPromises(app) {
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(everyResponse())) c.header(name, value);
  });
  app.notFound((c) => c.json(notFound, 404));
  app.onError((error, c) => c.json(failure, 500));
}
