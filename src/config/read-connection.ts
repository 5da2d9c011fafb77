import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ClientCertificate, Proxy, VariableNames } from '../model/target.ts';
import { Secret } from '../secret.ts';
import type { Variables } from './variables.ts';

/** The certificate authority that is trusted too, in PEM. */
export function readCa(file: string | undefined, name: string, problems: string[]): string | undefined {
  if (file === undefined) return undefined;
  const pem = certificateIn(file);
  if (pem === undefined)
    problems.push(
      `${name} names no file that can be read as a PEM certificate: give the file of the certificate authority.`,
    );
  return pem;
}

/** The certificate that the run presents, with its key; undefined: it presents none. */
export function readClientCertificate(
  variables: Variables,
  { clientCertificate, clientKey }: VariableNames,
  problems: string[],
): ClientCertificate | undefined {
  const [certificateFile, keyFile] = [variables[clientCertificate], variables[clientKey]];
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined) {
    const [set, unset] = keyFile === undefined ? [clientCertificate, clientKey] : [clientKey, clientCertificate];
    problems.push(`${set} is set, and ${unset} is not: a certificate and its private key belong together; set both.`);
    return undefined;
  }
  const cert = certificateIn(certificateFile);
  if (cert === undefined)
    problems.push(
      `${clientCertificate} names no file that can be read as a PEM certificate: give the file of the client's certificate.`,
    );
  const key = privateKeyIn(keyFile);
  if ('problem' in key) problems.push(`${clientKey} ${key.problem}`);
  if (cert === undefined || 'problem' in key) return undefined;
  if (!new X509Certificate(cert).checkPrivateKey(key.value)) {
    problems.push(
      `${clientKey} is not the key of the certificate of ${clientCertificate}: give the two that belong together.`,
    );
    return undefined;
  }
  return { cert, key: new Secret(clientKey, key.pem, { origin: 'issued', shell: `$${clientKey}` }) };
}

function certificateIn(file: string): string | undefined {
  try {
    const pem = readFileSync(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch {
    return undefined;
  }
}

function privateKeyIn(
  file: string,
): { readonly pem: string; readonly value: KeyObject } | { readonly problem: string } {
  let pem = '';
  try {
    pem = readFileSync(file, 'utf8');
    return { pem, value: createPrivateKey(pem) };
  } catch {
    return {
      problem: /ENCRYPTED/.test(pem)
        ? 'names a private key with a passphrase, and the run cannot ask for the passphrase: give a key without one.'
        : "names no file that can be read as a PEM private key: give the file of the certificate's key.",
    };
  }
}

/** The proxy that opens the connections; undefined: they are made directly. */
export function readProxy(
  variables: Variables,
  { proxy: name }: VariableNames,
  baseUrl: URL | undefined,
  problems: string[],
): Proxy | undefined {
  const value = variables[name];
  if (value === undefined) return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isAddress = url !== undefined && /^https?:$/.test(url.protocol);
  const [user, password] = isAddress ? [decoded(url.username), decoded(url.password)] : [];
  if (!isAddress || url.pathname !== '/' || url.search || url.hash || user === undefined || password === undefined) {
    problems.push(
      `${name} is not the address of a proxy: write http://host:port, with user:password@ before the host where it asks for them.`,
    );
    return undefined;
  }
  if (baseUrl?.protocol === 'http:')
    problems.push(
      `${name} cannot be used with a base URL over plain HTTP, because a proxy rewrites plain HTTP and nothing would be proven: give an https: base URL, or remove the proxy.`,
    );
  return {
    url: `${url.protocol}//${url.host}`,
    ...(user !== '' && { user }),
    ...(password !== '' && {
      password: new Secret(`password of ${name}`, password, { origin: 'issued', shell: `$${name}` }),
    }),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
