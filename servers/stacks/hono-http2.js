// README of @hono/node-server: "HTTP2"; https://hono.dev/docs/getting-started/nodejs#http2
import { createSecureServer } from 'node:http2';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { addOperations, authenticate, keepPromises } from '../hono-operations.js';
import { certificate, readyOverTls } from '../huechat.js';

const app = new Hono();
keepPromises(app);
const api = app.basePath('/v2');
api.use(authenticate((c) => getConnInfo(c).remote.address));
addOperations(api);

serve(
  {
    fetch: app.fetch,
    createServer: createSecureServer,
    serverOptions: { allowHTTP1: true, ...certificate },
    port: 0,
    hostname: '127.0.0.1',
  },
  ({ port }) => readyOverTls(port),
);
