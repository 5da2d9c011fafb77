import { generate } from 'selfsigned';
import type { CertificateKind } from '../types/behaviour.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** The certificate of the authority, PEM. */
  readonly ca: string;
  readonly certificateOf: (kind: CertificateKind) => Promise<Certificate>;
  /** What a client presents. */
  readonly clientCertificate: () => Promise<Certificate>;
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>;
type AlternativeNames = Extract<Extensions[number], { name: 'subjectAltName' }>['altNames'];

const LOOPBACK: AlternativeNames = [
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
  { type: 7, ip: '::1' },
];
const ANOTHER_HOST: AlternativeNames = [{ type: 2, value: 'another-host.example' }];

let shared: Promise<Authority> | undefined;

/** The one authority of this process: making a certificate takes longer than starting a server. */
export function authority(): Promise<Authority> {
  shared ??= makeAuthority();
  return shared;
}

async function makeAuthority(): Promise<Authority> {
  const root = await issueRoot('Mock test authority');
  const certificates = new Map<CertificateKind, Promise<Certificate>>();
  let client: Promise<Certificate> | undefined;
  const make = async (kind: CertificateKind): Promise<Certificate> => {
    const issuer = kind === 'untrusted' ? await issueRoot('Authority that nobody trusts') : root;
    return issueLeaf(issuer, kind === 'another-host' ? ANOTHER_HOST : LOOPBACK);
  };
  return {
    ca: root.cert,
    clientCertificate: () => (client ??= issueClient(root)),
    certificateOf: (kind) => {
      const certificate = certificates.get(kind) ?? make(kind);
      certificates.set(kind, certificate);
      return certificate;
    },
  };
}

function issueRoot(commonName: string): Promise<Certificate> {
  return issue(commonName, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
}

function issueLeaf(issuer: Certificate, altNames: AlternativeNames): Promise<Certificate> {
  const extensions: Extensions = [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames },
  ];
  return issue(altNames[0]?.value ?? 'localhost', extensions, issuer);
}

function issueClient(issuer: Certificate): Promise<Certificate> {
  return issue(
    'A client of the mock',
    [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
    issuer,
  );
}

async function issue(commonName: string, extensions: Extensions, ca?: Certificate): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions,
    ...(ca && { ca }),
  });
  return { key, cert };
}
