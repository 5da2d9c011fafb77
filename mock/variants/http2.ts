import type { VariantGroup } from './variant.ts';

/** Servers that speak more than one version of HTTP. */
export const http2 = {
  'speaks-http2': {
    title: 'HTTP/2 is offered in the TLS handshake, with the same gate as HTTP/1.1',
    patch: () => ({ speaksHttp2: true }),
  },
} as const satisfies VariantGroup;
