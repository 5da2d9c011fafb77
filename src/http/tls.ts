import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

const contexts = new Map<string, SecureContext>();

/**
 * The certificate authorities that Node trusts and the one that the user names. Made once: reading them takes longer than
 * a handshake.
 */
export function secureContextFor(ca: string): SecureContext {
  const known = contexts.get(ca);
  if (known) return known;
  const made = createSecureContext({ ca: [...rootCertificates, ca] });
  contexts.set(ca, made);
  return made;
}
