/** A server of `servers/stacks/` and the packages whose documentation it follows. */
export interface Stack {
  /** Also the name of its file, without the extension. */
  readonly name: string;
  readonly file: string;
  readonly title: string;
  /** Their versions stand in the table. */
  readonly packages: readonly string[];
}

export const stacks: readonly Stack[] = [
  { name: 'node-http', file: 'node-http.js', title: 'bare `node:http`', packages: [] },
  { name: 'express', file: 'express.js', title: 'Express', packages: ['express', 'express-rate-limit'] },
  {
    name: 'fastify',
    file: 'fastify.js',
    title: 'Fastify with @fastify/bearer-auth',
    packages: ['fastify', '@fastify/auth', '@fastify/bearer-auth', '@fastify/rate-limit'],
  },
  { name: 'fastify-http2', file: 'fastify-http2.js', title: 'Fastify over HTTP/2', packages: ['fastify'] },
  { name: 'hono', file: 'hono.js', title: 'Hono', packages: ['hono', '@hono/node-server'] },
  {
    name: 'hono-http2',
    file: 'hono-http2.js',
    title: 'Hono over HTTP/2',
    packages: ['hono', '@hono/node-server'],
  },
  {
    name: 'nestjs',
    file: 'nestjs.ts',
    title: 'NestJS with guards',
    packages: ['@nestjs/core', '@nestjs/platform-express'],
  },
  {
    name: 'passport',
    file: 'passport.js',
    title: 'Passport on Express',
    packages: ['passport', 'passport-headerapikey', 'passport-http-bearer', 'express'],
  },
  {
    name: 'express-openapi-validator',
    file: 'express-openapi-validator.js',
    title: 'express-openapi-validator',
    packages: ['express-openapi-validator', 'express'],
  },
  {
    name: 'openapi-backend',
    file: 'openapi-backend.js',
    title: 'openapi-backend on Express',
    packages: ['openapi-backend', 'express'],
  },
  {
    name: 'better-auth',
    file: 'better-auth.js',
    title: "better-auth's API keys on Express",
    packages: ['better-auth', '@better-auth/api-key', 'express'],
  },
  { name: 'prism', file: 'prism.js', title: 'Prism as a mock', packages: ['@stoplight/prism-cli'] },
];

/** The part of a package-lock.json that names versions. */
export interface Lock {
  readonly packages: Readonly<Record<string, { readonly name?: string; readonly version?: string } | undefined>>;
}

/**
 * `express 5.3.0` for each package of a stack, and nothing for a stack without any.
 *
 * @throws Error where the lock has no such package
 */
export function versionsOf({ packages }: Stack, lock: Lock): string[] {
  return packages.map((name) => `${name} ${versionOf(name, lock)}`);
}

/** @throws Error where the lock has no such package */
export function versionOf(name: string, lock: Lock): string {
  const version = lock.packages[`node_modules/${name}`]?.version;
  if (version === undefined)
    throw new Error(`servers/package-lock.json has no ${name}: run npm install --prefix servers.`);
  return version;
}
