// README of @hono/node-server: "serveStatic", "rewriteRequestPath"; https://hono.dev/docs/guides/middleware
import { Hono } from 'hono';
import { addOperations, authenticate, keepPromises, scope } from '../hono-operations.js';
import { ready } from '../huechat.js';
import { packageOf } from '../version.js';

const { serve } = await packageOf('hono-static');
const { getConnInfo } = await packageOf('hono-static', '/conninfo');
const { serveStatic } = await packageOf('hono-static', '/serve-static');

const app = new Hono();
keepPromises(app);
app.use(
  '/v2/*',
  authenticate((c) => getConnInfo(c).remote.address),
);
// Two lists are exported every night and served as files.
app.get('/v2/contacts', scope('contacts:read'));
app.get('/v2/channels/whatsapp/templates', scope('channels:read'));
app.get('*', serveStatic({ root: './pairs/exports', rewriteRequestPath: (path) => `${path}.json` }));
addOperations(app.basePath('/v2'));

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => ready(port));
