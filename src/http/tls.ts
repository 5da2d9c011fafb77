import { createSecureContext, rootCertificates, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { Target } from '../model/target.ts';
import { reveal } from '../secret.ts';

interface Trust {
  readonly ca?: Target['ca'] | undefined;
  readonly certificate?: Target['certificate'] | undefined;
}

const contexts = new Map<string, SecureContext>();

/**
 * The certificate authorities that Node trusts and the one that the user names, and the certificate that is presented. Made
 * once: reading them takes longer than a handshake.
 *
 * @returns undefined where Node's own will do
 */
export function secureContextFor({ ca, certificate }: Trust): SecureContext | undefined {
  if (ca === undefined && !certificate) return undefined;
  const name = JSON.stringify([ca, certificate?.cert]);
  const known = contexts.get(name);
  if (known) return known;
  const made = createSecureContext({
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    ...presented({ certificate }),
  });
  contexts.set(name, made);
  return made;
}

/** What is presented in a handshake for which a context of its own is made. */
export function presented({
  certificate,
}: {
  readonly certificate?: Target['certificate'] | undefined;
}): SecureContextOptions {
  return certificate ? { cert: certificate.cert, key: reveal(certificate.key) } : {};
}
