// https://srvx.h3.dev/guide/handler, /guide/middleware; https://h3.dev/guide/basics/routing
import { H3 } from 'h3';
import { isBelow, keyOf } from '../gate.js';
import { everyResponse, notFound, ready } from '../huechat.js';
import { answerOf, operations } from '../operation-table.js';
import { packageOf } from '../version.js';

const { serve } = await packageOf('srvx-absolute-form');

const answer = ({ status, body }, headers) =>
  Response.json(body, { status, headers: { ...everyResponse(), ...headers } });

const app = new H3();
for (const operation of operations)
  app.on(operation.method, `/v2${operation.path}`, async (event) => {
    const input = operation.schema && (await event.req.json().catch(() => undefined));
    return answer(answerOf(operation, { key: event.req.context?.key, id: event.context.params?.id, input }));
  });
app.all('/**', () => answer({ status: 404, body: notFound }));

const authenticate = (request, next) => {
  if (!isBelow('/v2/', new URL(request.url).pathname)) return next();
  const { key, refusal } = keyOf(Object.fromEntries(request.headers), request.ip);
  if (!key) return answer({ status: 401, body: refusal }, { 'WWW-Authenticate': 'Bearer' });
  request.context = { ...request.context, key };
  return next();
};

const server = serve({ fetch: app.fetch, middleware: [authenticate], port: 0, hostname: '127.0.0.1', silent: true });
await server.ready();
ready(Number(new URL(server.url).port));
