import type { MockOptions } from '../../mock/start.ts';
import type { Contract } from '../../src/model/contract.ts';
import { loadContract } from '../../src/openapi/load-contract.ts';

const loaded = new Map<string, Promise<Contract>>();

/** A contract of the suite's own, loaded once for a worker. */
function contractIn(folder: string): Promise<Contract> {
  const contract = loaded.get(folder) ?? loadContract(folder);
  loaded.set(folder, contract);
  return contract;
}

/** The suite's first contract. */
export function huechat(): Promise<Contract> {
  return contractIn('specs/huechat');
}

/** The first one with its key in a cookie, in the place of the header. */
export async function huechatInCookie(): Promise<Contract> {
  const contract = await huechat();
  const document = structuredClone(contract.document);
  const apiKey = { type: 'apiKey', in: 'cookie', name: 'session' } as const;
  document.components = {
    ...document.components,
    securitySchemes: { ...document.components?.securitySchemes, apiKey },
  };
  const scheme = { name: 'apiKey', type: apiKey.type, in: apiKey.in, parameter: apiKey.name };
  return { ...contract, document, schemes: { ...contract.schemes, apiKey: scheme } };
}

type Requirement = Readonly<Record<string, readonly string[]>>;

/**
 * The first one with a certificate of the client in what operations ask for.
 *
 * @param change of the security requirements of an operation: `GET /contacts`
 */
async function huechatAsking(
  change: (security: readonly Requirement[], id: string) => readonly Requirement[],
): Promise<Contract> {
  const contract = await huechat();
  const document = structuredClone(contract.document);
  const certificate = { type: 'mutualTLS' } as const;
  document.components = {
    ...document.components,
    securitySchemes: {
      ...document.components?.securitySchemes,
      // The types of OpenAPI 3.1 do not know it yet.
      certificate: certificate as unknown as { type: 'http'; scheme: string },
    },
  };
  const operations = contract.operations.map((operation) => {
    const members = Object.values(document.paths?.[operation.path] ?? {}) as { security?: Requirement[] }[];
    const methods = Object.keys(document.paths?.[operation.path] ?? {});
    const described = members[methods.indexOf(operation.method.toLowerCase())];
    const asked = (described?.security ?? document.security ?? []) as readonly Requirement[];
    const changed = change(asked, operation.id);
    if (described) described.security = [...changed];
    const security = changed.map((requirement) => ({
      schemes: Object.entries(requirement).map(([name, scopes]) => ({ name, scopes })),
    }));
    return { ...operation, security };
  });
  const schemes = { ...contract.schemes, certificate: { name: 'certificate', type: certificate.type } };
  return { ...contract, document, schemes, operations, presentsCertificate: true };
}

/** The first one with a certificate of the client beside each key. */
export function huechatWithCertificate(): Promise<Contract> {
  return huechatAsking((security) => security.map((one) => ({ ...one, certificate: [] })));
}

/** Operations that a certificate of the client opens by itself, and one that either it or a key opens. */
export const BY_CERTIFICATE: readonly string[] = ['GET /contact/{identifier}', 'PUT /contact/{identifier}'];
export const BY_CERTIFICATE_OR_KEY = 'GET /contacts';

/** The first one with some operations that ask for a certificate of the client and for no key. */
export function huechatByCertificate(): Promise<Contract> {
  return huechatAsking((security, id) => {
    if (BY_CERTIFICATE.includes(id)) return [{ certificate: [] }];
    return id === BY_CERTIFICATE_OR_KEY ? [...security, { certificate: [] }] : security;
  });
}

/** The first one with a secret of the application beside each key. */
export async function huechatWithSecret(): Promise<Contract> {
  const contract = await huechat();
  const document = structuredClone(contract.document);
  const secret = { type: 'apiKey', in: 'header', name: 'X-App-Secret' } as const;
  document.components = {
    ...document.components,
    securitySchemes: { ...document.components?.securitySchemes, secret },
  };
  for (const item of Object.values(document.paths ?? {}))
    for (const operation of Object.values(item ?? {}) as { security?: Requirement[] }[])
      if (Array.isArray(operation.security))
        operation.security = operation.security.map((one) => ({ ...one, secret: [] }));
  if (document.security) document.security = document.security.map((one) => ({ ...one, secret: [] }));
  const schemes = {
    ...contract.schemes,
    secret: { name: 'secret', type: secret.type, in: secret.in, parameter: secret.name },
  };
  const operations = contract.operations.map((operation) => ({
    ...operation,
    security: operation.security.map((requirement) => ({
      schemes: [...requirement.schemes, { name: 'secret', scopes: [] }],
    })),
  }));
  return { ...contract, document, schemes, operations };
}

/** The first one with a list that a request without a key gets as well. */
export async function huechatWithOptionalKey(): Promise<Contract> {
  const contract = await huechat();
  const document = structuredClone(contract.document);
  const list = document.paths?.['/contacts']?.get;
  if (!list) throw new Error('the contract of the tests has no GET /contacts any more');
  list.security = [...(list.security ?? document.security ?? []), {}];
  const operations = contract.operations.map((operation) =>
    operation.id === 'GET /contacts' ? { ...operation, security: [...operation.security, { schemes: [] }] } : operation,
  );
  return { ...contract, document, operations };
}

/** The second one: two credentials at once, scopes of which one of two is enough, an operation that asks for nothing. */
export function twitch(): Promise<Contract> {
  return contractIn('specs/twitch');
}

/** What a mock of the contract is started with. The mock reads the document by itself. */
export function mockOf({ document, id }: Contract): Pick<MockOptions, 'document' | 'name'> {
  return { document, name: id };
}
