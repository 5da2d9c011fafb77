import type { Line } from './gateway-lines.ts';

/** What a gateway that ends TLS knows of the certificate of a client. */
export interface CertificateShown {
  /** As RFC 4514 writes it: `CN=a client,O=Example`. */
  readonly name: string;
  /** In base64, on one line. */
  readonly der: string;
}

/** Headers that say that a certificate was verified. */
const VERIFIED = ['X-SSL-Client-Verify', 'SSL-Client-Verify', 'X-Client-Verify', 'X-SSL-Client-Verified'];
const NAMES = ['X-SSL-Client-S-DN', 'SSL-Client-S-DN', 'X-Client-DN', 'X-Client-Cert-Subject', 'X-SSL-Client-CN'];

/**
 * Header lines in which gateways (nginx, HAProxy, Envoy, Azure, AWS; RFC 9440) tell the server behind them of a client's
 * certificate that they have verified. A certificate is no secret: whoever listens to a handshake of TLS 1.2 has it.
 */
export function certificateLines({ name, der }: CertificateShown): Line[] {
  const pem = encodeURIComponent(`-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`);
  return [
    ...VERIFIED.map((header): Line => [header, 'SUCCESS']),
    ...NAMES.map((header): Line => [header, header.endsWith('-CN') ? name.replace(/^.*\bCN=|,.*$/g, '') : name]),
    ['X-Forwarded-Client-Cert', `Subject="${name.replace(/["\\]/g, '\\$&')}";Cert="${pem}"`],
    ['X-SSL-Client-Cert', pem],
    ['X-Client-Cert', pem],
    ['X-ARR-ClientCert', der],
    ['Client-Cert', `:${der}:`],
  ];
}
