import { everyResponse, invalidKey, missingKey, validKey } from './huechat.js';

/**
 * The key of a request, or the body of the refusal.
 *
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {string | undefined} address where the request comes from
 */
export function keyOf(headers, address) {
  const value = headers['x-api-key'] || /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (!value) return { refusal: headers.authorization ? invalidKey : missingKey };
  const key = validKey(value, address);
  return key ? { key } : { refusal: invalidKey };
}

/**
 * A middleware of Connect, as Express and the plugins of Fastify for middleware take it.
 *
 * @param {import('node:http').IncomingMessage} req
 * @param {import('node:http').ServerResponse} res
 * @param {() => void} next
 */
export function authenticate(req, res, next) {
  const { key, refusal } = keyOf(req.headers, req.socket.remoteAddress);
  if (key) {
    req.key = key;
    return next();
  }
  res.writeHead(401, { ...everyResponse(), 'Content-Type': 'application/json', 'WWW-Authenticate': 'Bearer' });
  res.end(JSON.stringify(refusal));
}

/**
 * Whether a path is decoded below another one, in whatever case. What cannot be decoded may be anywhere.
 *
 * @param {string} base
 * @param {string} path as it is written
 */
export function isBelow(base, path) {
  try {
    return decodeURI(path).toLowerCase().startsWith(base);
  } catch {
    return true;
  }
}
