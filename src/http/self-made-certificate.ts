import { X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '../model/target.ts';
import { Secret } from '../secret.ts';
import type { ShownCertificate } from './repeat-command.ts';

/** The parts of a name (RFC 4514 §3) by which servers tell clients apart. */
const PARTS: readonly string[] = ['CN', 'O', 'OU'];

/** The name in a certificate: `[['CN', 'a client']]`. */
function nameIn({ cert }: Pick<ClientCertificate, 'cert'>): (readonly [part: string, value: string])[] {
  return new X509Certificate(cert).subject.split('\n').flatMap((line) => {
    const [part = '', ...value] = line.split('=');
    return PARTS.includes(part) ? [[part, value.join('=')] as const] : [];
  });
}

/** A certificate with the name of another one and a key of its own, signed by itself: nobody issued it. */
export async function selfMadeLike(real: ClientCertificate): Promise<ClientCertificate> {
  const name = nameIn(real).map(([part, value]) => ({
    shortName: part,
    value: value.replace(/[,+"\\<>;=#]/g, '\\$&'),
  }));
  // It takes a fifth of a second to load, which only a run with a certificate of the client needs.
  const { generate } = await import('selfsigned');
  const made = await generate(name.length > 0 ? name : [{ shortName: 'CN', value: 'client' }], {
    keyType: 'ec',
    algorithm: 'sha256',
  });
  const key = new Secret('the key of a certificate that nobody issued', made.private, {
    origin: 'made-up',
    shell: SELF_MADE[1],
  });
  return { cert: made.cert, key };
}

const SELF_MADE = ['self-made.pem', 'self-made.key'] as const;

/** The same for whoever repeats the request: a command that writes the two files. */
export function selfMadeFiles(real: Pick<ClientCertificate, 'cert'>): ShownCertificate {
  const name = nameIn(real).map(([part, value]) => `/${part}=${value.replace(/[\\/+]/g, '\\$&')}`);
  const subject = (name.join('') || '/CN=client').replace(/'/g, `'\\''`);
  return {
    files: SELF_MADE,
    madeBy: `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj '${subject}' -keyout ${SELF_MADE[1]} -out ${SELF_MADE[0]} 2> /dev/null`,
  };
}
