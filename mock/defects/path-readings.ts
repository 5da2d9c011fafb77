import { posix } from 'node:path';
import { basePathOf } from '../server/request.ts';
import type { MockRequest } from '../types/request.ts';

/*
 * What routers make of a path, more or less of it. A gate that makes less of it than the router does not see which operation
 * is meant.
 */

/** RFC 3986 §5.2.4; nothing else about the path changes. */
export function resolved(path: string): string {
  return /(?:^|\/)\.\.?(?:\/|$)/.test(path) ? posix.normalize(path) : path;
}

/** Percent-decoded once; as it stands where that cannot be done. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Spelt as in the document, so that every reader makes the same of it. */
export function isPlain(request: MockRequest): boolean {
  return (
    request.target.startsWith(`${basePathOf(request)}/`) &&
    plainly(request) === request.path &&
    !/#|\/(?:health|public|login)\b|\.css$/.test(request.target)
  );
}

/**
 * The path as a router of good will reads it: a way up leads up, and what is odd before or behind a name is no part of it.
 */
export function plainly({ target, path }: MockRequest): string {
  const [, behind] = /^\w+:\/\/[^/?]*\?(\/[^?]*)/.exec(target) ?? [];
  const letters = (behind ?? path)
    .replace(/%25/g, '%')
    .replace(/%c0%af/gi, '/')
    .replace(/%([0-7][\da-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
  const cut = letters
    .replace(/[?#\0].*$/s, '')
    .replaceAll('\\', '/')
    .replace(/;[^/]*/g, '')
    .replace(/^\/?[^/]+\.\.\//, '/')
    .replace(/\/\s+/g, '/')
    .trim()
    .replace(/\/(?:x\.css|favicon\.ico)$/, '')
    .replace(/\.(?:json|css)$/, '');
  return posix
    .normalize(`/${cut}`)
    .replace(/^\/+/, '/')
    .replace(/(.)\/$/, '$1')
    .toLowerCase();
}
