// https://expressjs.com/en/guide/using-middleware.html: "Middleware functions are executed sequentially"
import express from 'express';
import { authenticate } from '../gate.js';
import { everyResponse, forbidden, hasScope, ready } from '../huechat.js';
import { addOperations, answerError, answerNotFound } from '../operations.js';

const isVulnerable = process.argv[2] === 'vulnerable';

const scope = (name) => (req, res, next) =>
  hasScope(req.key, name) ? next() : res.status(403).json(forbidden(name, req.key));

const app = express();
app.use((req, res, next) => {
  res.set(everyResponse());
  next();
});
// What reads a body reads a stranger's too where it stands in front.
const order = isVulnerable ? [express.json(), authenticate] : [authenticate, express.json()];
app.use('/v2', ...order, addOperations(express.Router(), scope));
app.use(answerNotFound);
app.use(answerError);

const server = app.listen(0, '127.0.0.1', () => ready(server.address().port));
