import type {
  DocumentedRefusal,
  RefusalName,
  Contract,
  KeyKind,
  Operation,
  DocumentedPromise,
  SecurityScheme,
} from '../model/contract.ts';
import { inWords } from './position.ts';
import { ContractError } from './contract-error.ts';
import { extensionProblems } from './json-schema.ts';
import { descend, members, rootOf, schemaPointerBelow } from './json-pointer.ts';
import { type LifecycleExtension, lifecycleOf } from './key-lifecycle.ts';
import { acceptedScopes, allowsAnonymous, presentableAlternatives, isBasic, reasonNotSupported } from './security.ts';
import type { SourceFiles } from './source-files.ts';

export type Authentication = Pick<
  Contract,
  | 'keyKinds'
  | 'equivalentSchemes'
  | 'scopes'
  | 'refusals'
  | 'rateLimitHeaders'
  | 'statusMember'
  | 'volatileMembers'
  | 'without'
  | 'promises'
  | 'lifecycle'
>;

/** `x-authentication` as it is written, once its schema has accepted it. */
interface AuthenticationExtension {
  readonly documentation?: string;
  readonly keyKinds?: readonly KeyKind[];
  readonly equivalentSchemes?: readonly string[];
  readonly schemes?: Readonly<Record<string, { readonly word: string }>>;
  readonly scopes?: readonly string[];
  readonly answers?: Readonly<Partial<Record<RefusalName, { readonly status: readonly number[] }>>>;
  readonly rateLimitHeaders?: NonNullable<Contract['rateLimitHeaders']>;
  readonly statusMember?: string;
  readonly volatileMembers?: readonly string[];
  readonly without?: readonly string[];
  readonly promises?: readonly (Omit<DocumentedPromise, 'source'> & {
    readonly page: string;
    readonly anchor?: string;
  })[];
  readonly lifecycle?: LifecycleExtension;
}

const ROOT = 'x-authentication';

/** @throws ContractError where the schema of the extension does not accept it */
export function readExtension(document: unknown, sources: SourceFiles): AuthenticationExtension {
  const node = descend(document, rootOf(document), ROOT);
  if (!node) return {};
  const [first, ...more] = extensionProblems(ROOT, node.value);
  if (first === undefined) return node.value as AuthenticationExtension;
  // The sentence begins with the JSON Pointer of what is wrong.
  const tokens = first.split(' ', 1)[0]?.split('/') ?? [ROOT];
  const problem = more.length > 0 ? `${first} (and ${more.length} more)` : first;
  const remedy = 'schemas/authentication-extension.schema.json says what can stand here';
  throw new ContractError(sources.locationOf(tokens), problem, remedy);
}

/**
 * What the extension says, completed with what follows from OpenAPI alone: so a document without the extension is a
 * contract too, of the statuses 401 and 403 and of whatever its operations say.
 */
export function authenticationOf(
  document: unknown,
  extension: AuthenticationExtension,
  contract: Pick<Contract, 'servers' | 'schemes' | 'operations'>,
  sources: SourceFiles,
): Authentication {
  checkKeyKinds(extension, contract.servers, sources);
  checkSchemes(extension, contract.schemes, sources);
  checkScopes(extension, contract, sources);
  checkPromises(extension, sources);
  return {
    keyKinds: (extension.keyKinds ?? []).map((kind) => ({ ...kind, server: withoutSlash(kind.server) })),
    equivalentSchemes: extension.equivalentSchemes ?? primaryScheme(contract),
    scopes: extension.scopes ?? [...new Set(contract.operations.flatMap(acceptedScopes))],
    refusals: refusalsOf(document, contract.operations),
    ...(extension.statusMember !== undefined && { statusMember: extension.statusMember }),
    ...(extension.rateLimitHeaders && { rateLimitHeaders: extension.rateLimitHeaders }),
    volatileMembers: extension.volatileMembers ?? [],
    without: extension.without ?? [],
    promises: (extension.promises ?? []).map(({ page, anchor, ...promise }) => ({
      ...promise,
      source: `${extension.documentation}/${page}${anchor === undefined ? '' : `#${anchor}`}`,
    })),
    ...(extension.lifecycle && {
      lifecycle: lifecycleOf(document, extension.lifecycle, contract.operations, sources),
    }),
  };
}

/**
 * The schemes with what the extension says of them.
 *
 * @throws ContractError where it names a scheme that has no key in a header
 */
export function withWords(
  schemes: Contract['schemes'],
  { schemes: described = {} }: AuthenticationExtension,
  sources: SourceFiles,
): Contract['schemes'] {
  for (const name of Object.keys(described)) {
    const { type, in: place } = (Object.hasOwn(schemes, name) ? schemes[name] : undefined) ?? {};
    if (type === 'apiKey' && place === 'header') continue;
    const problem = `x-authentication/schemes names ${name}, which is no scheme of components.securitySchemes with type apiKey and in header`;
    throw new ContractError(
      sources.locationOf([ROOT, 'schemes', name]),
      problem,
      'name such a scheme, or take it away',
    );
  }
  return Object.fromEntries(
    Object.entries(schemes).map(([name, scheme]) => [
      name,
      Object.hasOwn(described, name) ? { ...scheme, ...described[name] } : scheme,
    ]),
  );
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Named by what it is of: `X-App-Id`. */
function isId({ parameter = '' }: SecurityScheme): boolean {
  return /(?:^|[-_])id$|[a-z]Id$/i.test(parameter);
}

/** A scheme that holds a key as it is: the one header or parameter, or a bearer token. */
function carriesKey({ type, scheme }: SecurityScheme): boolean {
  return type === 'apiKey' || (type === 'http' && scheme === 'bearer');
}

/**
 * The scheme whose credential is *the* key where the document does not say: the one that most operations ask for; of
 * equals one that holds a key as it is, before a user and password, and before the id that a key stands beside.
 */
function primaryScheme(contract: Pick<Contract, 'schemes' | 'operations'>): string[] {
  const uses = new Map<string, number>();
  for (const operation of contract.operations) {
    const asked = new Set(
      presentableAlternatives({ ...contract, presentsCertificate: true }, operation).flatMap((schemes) =>
        schemes.map(({ name }) => name),
      ),
    );
    for (const name of asked) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return Object.values(contract.schemes)
    .filter((scheme) => reasonNotSupported(scheme) === undefined)
    .toSorted(
      (one, other) =>
        (uses.get(other.name) ?? 0) - (uses.get(one.name) ?? 0) ||
        Number(isBasic(one)) - Number(isBasic(other)) ||
        Number(isId(one)) - Number(isId(other)),
    )
    .slice(0, 1)
    .map(({ name }) => name);
}

/**
 * Where the extension does not say, a missing or invalid credential is refused with 401 if half of the operations that ask for
 * one have that response. A document that has it on a few operations (JupyterHub: 2 of 35), names no refusal, or 403 only,
 * promises neither status for the others, although HTTP asks for 401: then either is right.
 */
function refusalsOf(document: unknown, operations: readonly Operation[]): Contract['refusals'] {
  const asking = operations.filter((one) => !one.isSecurityUnstated && !allowsAnonymous(one));
  const documented = asking.filter(({ responses }) => Object.hasOwn(responses, '401'));
  const isPromised = documented.length > 0 && documented.length * 2 >= asking.length;
  const refused = { status: isPromised ? [401] : [401, 403] };
  const given = members(document, descend(document, rootOf(document), ROOT, 'answers')).map((node) => {
    const schema = schemaPointerBelow(document, node, 'schema');
    const { status } = node.value as { status: readonly number[] };
    return [node.key, { status, ...(schema !== undefined && { schema }) }] as const;
  });
  const derived = { missingKey: refused, invalidKey: refused, forbidden: { status: [403] } };
  return { ...derived, ...Object.fromEntries<DocumentedRefusal>(given) };
}

function checkKeyKinds(
  { keyKinds = [] }: AuthenticationExtension,
  servers: readonly string[],
  sources: SourceFiles,
): void {
  for (const [index, { name, server }] of keyKinds.entries()) {
    if (servers.includes(withoutSlash(server))) continue;
    const problem = `the key kind ${name} belongs to ${server}, which is none of the document's servers`;
    const where = sources.locationOf([ROOT, 'keyKinds', String(index), 'server']);
    throw new ContractError(where, problem, `add it to servers, or name one of ${servers.join(', ') || 'them'}`);
  }
}

function checkSchemes(
  { equivalentSchemes = [] }: AuthenticationExtension,
  schemes: Contract['schemes'],
  sources: SourceFiles,
): void {
  for (const [index, name] of equivalentSchemes.entries()) {
    if (Object.hasOwn(schemes, name)) continue;
    const problem = `equivalentSchemes names ${name}, which components.securitySchemes does not have`;
    const where = sources.locationOf([ROOT, 'equivalentSchemes', String(index)]);
    throw new ContractError(where, problem, `name one of ${Object.keys(schemes).join(', ') || 'its schemes'}`);
  }
}

/** Only the scopes beside a scheme that carries a key are compared: those of OAuth are not in the list. */
function checkScopes(
  { scopes: known }: AuthenticationExtension,
  { operations, schemes }: { readonly operations: readonly Operation[]; readonly schemes: Contract['schemes'] },
  sources: SourceFiles,
): void {
  if (!known) return;
  for (const { id, method, path, security } of operations) {
    const asked = security.flatMap((alternative) => alternative.schemes);
    const ofKeys = asked.filter(({ name }) => schemes[name] && carriesKey(schemes[name]));
    const unknown = ofKeys.flatMap(({ scopes }) => scopes).find((scope) => !known.includes(scope));
    if (unknown === undefined) continue;
    const where = sources.locationOf(['paths', path, method.toLowerCase(), 'security']);
    const problem = `${id} asks for the scope ${unknown}, which the list x-authentication/scopes does not have`;
    throw new ContractError(where, problem, 'add the scope to that list, or correct its name here');
  }
}

function checkPromises({ promises = [] }: AuthenticationExtension, sources: SourceFiles): void {
  for (const [index, { id }] of promises.entries()) {
    const first = promises.findIndex((promise) => promise.id === id);
    if (first === index) continue;
    const where = sources.locationOf([ROOT, 'promises', String(index), 'id']);
    const problem = `the promise ${id} is used twice, first in line ${inWords(sources.positionOf([ROOT, 'promises', String(first), 'id']))}`;
    throw new ContractError(where, problem, 'give each promise an id of its own');
  }
}
