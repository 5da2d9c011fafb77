// https://remix.run/docs/en/main/other-api/adapter, /guides/resource-routes
import express from 'express';
import { authenticate, isBelow } from '../gate.js';
import { everyResponse, notFound, ready } from '../huechat.js';
import { answerOf, operations } from '../operation-table.js';
import { packageOf } from '../version.js';

const { createRequestHandler } = await packageOf('remix-host');

const answer = ({ status, body }) => Response.json(body, { status, headers: everyResponse() });

/** A module of `app/routes/`, with what it does for each method. */
const resource = (path) => {
  const serve = async ({ request, params, context }) => {
    const operation = operations.find((one) => one.path === path && one.method === request.method);
    if (!operation) return answer({ status: 404, body: notFound });
    const input = operation.schema && (await request.json().catch(() => undefined));
    return answer(answerOf(operation, { key: context.key, id: params.id, input }));
  };
  return { loader: serve, action: serve };
};

const paths = [...new Set(operations.map(({ path }) => path))];
const routes = [
  ...paths.map((path) => ({ id: path, path: `v2${path}`, module: resource(path) })),
  { id: 'nothing', path: '*', module: resource() },
];

/** What `remix build` makes of such an app. */
const build = {
  entry: { module: { default: (request, status, headers) => new Response(null, { status, headers }) } },
  routes: Object.fromEntries(routes.map((route) => [route.id, route])),
  assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '' },
  publicPath: '/',
  assetsBuildDirectory: '',
  future: {},
  isSpaMode: false,
  mode: 'production',
};

const app = express();
// It is no proxy for other hosts.
app.use((req, res, next) =>
  req.originalUrl.startsWith('/') ? next() : res.status(404).set(everyResponse()).json(notFound),
);
app.use((req, res, next) => {
  // As the router reads it: without dot segments.
  const { pathname } = new URL(`http://localhost${req.path}`);
  return isBelow('/v2/', pathname) ? authenticate(req, res, next) : next();
});
app.use(createRequestHandler({ build, mode: 'production', getLoadContext: (req) => ({ key: req.key }) }));

const server = app.listen(0, '127.0.0.1', () => ready(server.address().port));
