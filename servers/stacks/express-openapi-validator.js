// https://cdimascio.github.io/express-openapi-validator-documentation/guide-standard/ and .../ref-security-handlers/
import express from 'express';
import { middleware as openApiValidator } from 'express-openapi-validator';
import { rateLimit } from 'express-rate-limit';
import { fileURLToPath } from 'node:url';
import { hasScope, invalidInput, invalidKey, missingKey, ready, validKey } from '../huechat.js';
import { addOperations, answerError, answerNotFound, limits } from '../operations.js';

const authorize = (value, req, scopes) => {
  const key = value && validKey(value, req.ip);
  if (!key) throw { status: 401, message: value ? invalidKey.message : missingKey.message };
  if (!scopes.every((scope) => hasScope(key, scope)))
    throw { status: 403, message: `API key does not have permission for ${scopes[0]}` };
  return true;
};

const app = express();
app.use(rateLimit(limits));
app.use(express.json());
app.use(
  openApiValidator({
    apiSpec: fileURLToPath(new URL('../../specs/huechat/openapi.yaml', import.meta.url)),
    validateSecurity: {
      handlers: {
        apiKey: (req, scopes) => authorize(req.get('X-API-Key'), req, scopes),
        bearer: (req, scopes) => authorize(/^Bearer +(\S+)$/i.exec(req.get('Authorization'))?.[1], req, scopes),
      },
    },
  }),
);
// The validator has checked the scopes of the document already.
app.use(
  '/v2',
  addOperations(express.Router(), () => (req, res, next) => next()),
);
app.use(answerNotFound);
app.use((error, req, res, next) => {
  const { status, message } = error;
  if (status === 401) {
    const isGiven = req.get('X-API-Key') || req.get('Authorization');
    return res
      .status(401)
      .set('WWW-Authenticate', 'Bearer')
      .json(isGiven ? invalidKey : missingKey);
  }
  if (status === 403) return res.status(403).json({ error: 'forbidden', message, code: 403 });
  if (status === 404) return answerNotFound(req, res, next);
  if (status === 400) return res.status(400).json(invalidInput(message));
  if (status === 405) return res.status(405).json({ error: 'method_not_allowed', message, code: 405 });
  next(error);
});
app.use(answerError);

const server = app.listen(0, '127.0.0.1', () => ready(server.address().port));
