// https://expressjs.com/en/guide/using-middleware.html, https://expressjs.com/en/guide/error-handling.html
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import { forbidden, hasScope, invalidKey, missingKey, ready, validKey } from '../huechat.js';
import { addOperations, answerError, answerNotFound, limits } from '../operations.js';

const authenticate = (req, res, next) => {
  const value = req.get('X-API-Key') || /^Bearer +(\S+)$/i.exec(req.get('Authorization') ?? '')?.[1];
  const key = value && validKey(value, req.ip);
  if (!key) {
    const isGiven = value || req.get('Authorization');
    return res
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json(isGiven ? invalidKey : missingKey);
  }
  req.key = key;
  next();
};

const scope = (name) => (req, res, next) =>
  hasScope(req.key, name) ? next() : res.status(403).json(forbidden(name, req.key));

const app = express();
app.use(rateLimit(limits));
app.use(express.json());
app.use('/v2', authenticate, addOperations(express.Router(), scope));
app.use(answerNotFound);
app.use(answerError);

const server = app.listen(0, '127.0.0.1', () => ready(server.address().port));
