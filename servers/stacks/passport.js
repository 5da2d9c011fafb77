// https://www.passportjs.org/concepts/authentication/middleware/, READMEs of passport-headerapikey and passport-http-bearer
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import passport from 'passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { Strategy as BearerStrategy } from 'passport-http-bearer';
import { forbidden, hasScope, invalidKey, missingKey, ready, validKey } from '../huechat.js';
import { addOperations, answerError, answerNotFound, limits } from '../operations.js';

const verify = (value, done, req) => done(null, validKey(value, req.ip) ?? false);
passport.use(new HeaderAPIKeyStrategy({ header: 'X-API-Key', prefix: '' }, true, verify));
passport.use(new BearerStrategy({ passReqToCallback: true }, (req, value, done) => verify(value, done, req)));

const scope = (name) => (req, res, next) =>
  hasScope(req.user, name) ? next() : res.status(403).json(forbidden(name, req.user));

const app = express();
app.use(rateLimit(limits));
app.use(express.json());
app.use(
  '/v2',
  passport.authenticate(['headerapikey', 'bearer'], { session: false, failWithError: true }),
  addOperations(express.Router(), scope),
);
app.use(answerNotFound);
app.use((error, req, res, next) => {
  if (error.name !== 'AuthenticationError') return next(error);
  const isGiven = req.get('X-API-Key') || req.get('Authorization');
  res.json({ ...(isGiven ? invalidKey : missingKey), code: res.statusCode });
});
app.use(answerError);

const server = app.listen(0, '127.0.0.1', () => ready(server.address().port));
