import { access } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { OpenAPIV3_1 } from 'openapi-types';
import { authenticationOf, readExtension, withoutSlash } from './authentication-extension.ts';
import { bundledDocument } from './bundle.ts';
import type { Contract, Operation, SecurityScheme } from '../model/contract.ts';
import { ContractError } from './contract-error.ts';
import { contractIdOf, isDocument } from './contract-id.ts';
import { operationsOf } from './operations.ts';
import { type JsonObject, descend, follow, members, rootOf } from './json-pointer.ts';
import { SourceFiles } from './source-files.ts';

const NAMES = ['openapi.yaml', 'openapi.yml', 'openapi.json'];

/**
 * Reads the contract in a folder, or a document by itself.
 *
 * @param folder such as `specs/example` or `specs/example/openapi.yaml`
 * @throws ContractError whose message is one sentence for the author of the document
 */
export async function loadContract(folder: string): Promise<Contract> {
  return (await readDocument(await findDocument(folder), contractIdOf(folder))).contract;
}

/**
 * Reads an OpenAPI document in any folder, and the files that it refers to.
 *
 * @param id of the contract that it becomes
 * @throws ContractError
 */
export async function readDocument(path: string, id: string): Promise<{ contract: Contract; sources: SourceFiles }> {
  const sources = await SourceFiles.read(resolve(path));
  const document = await bundledDocument(resolve(path), sources);
  return { contract: contractOf(document, id, sources), sources };
}

/**
 * The contract that a valid document makes.
 *
 * @param document bundled: every `$ref` is internal
 * @param sources of the document, for the lines in messages
 * @throws ContractError where what the document says of authentication contradicts itself
 */
export function contractOf(document: JsonObject, id: string, sources: SourceFiles): Contract {
  const extension = readExtension(document, sources);
  const operations = operationsOf(document, sources, extension.documentation);
  const servers = serversOf(document);
  const schemes = schemesOf(document);
  const info = document['info'] as OpenAPIV3_1.InfoObject;
  const authentication = authenticationOf(document, extension, { servers, schemes, operations }, sources);
  return {
    id,
    title: info.title,
    version: info.version,
    file: sources.file,
    sha256: sources.sha256,
    files: sources.files,
    servers,
    schemes,
    ...authentication,
    operations: operations.map((operation) => withScopesOfKey(operation, authentication.equivalentSchemes)),
    // Of 3.0 documents too: the types of the two versions differ in schemas, and those are reached by pointer only.
    document: document as unknown as OpenAPIV3_1.Document,
  };
}

/** Scopes are asked of the key: so they are those of an alternative that takes it, and of several the fewest are enough. */
function withScopesOfKey(operation: Operation, keySchemes: readonly string[]): Operation {
  const scopes = operation.security
    .filter(({ schemes }) => schemes.some(({ name }) => keySchemes.includes(name)))
    .map(({ schemes }) => [...new Set(schemes.flatMap((scheme) => scheme.scopes))])
    .toSorted((one, other) => one.length - other.length)[0];
  return scopes ? { ...operation, scopes } : operation;
}

async function findDocument(folder: string): Promise<string> {
  if (isDocument(folder)) return resolve(folder);
  for (const name of NAMES) {
    const path = resolve(folder, name);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  const shown = relative(process.cwd(), resolve(folder)).split(sep).join('/') || '.';
  const problem = `none of ${NAMES.join(', ')} is in this folder`;
  throw new ContractError(shown, problem, 'put the OpenAPI document of the API there, or name another folder');
}

/** Base URLs without a slash at their end, their variables at their defaults. */
function serversOf(document: JsonObject): string[] {
  return members(document, descend(document, rootOf(document), 'servers')).map(({ value }) => {
    const { url, variables = {} } = value as OpenAPIV3_1.ServerObject;
    return withoutSlash(url.replaceAll(/\{([^}]+)\}/g, (whole, name: string) => variables[name]?.default ?? whole));
  });
}

function schemesOf(document: JsonObject): Contract['schemes'] {
  const nodes = members(document, descend(document, rootOf(document), 'components', 'securitySchemes'));
  return Object.fromEntries(
    nodes.map((node) => {
      const scheme = follow(document, node)?.value as OpenAPIV3_1.SecuritySchemeObject;
      return [node.key, { name: node.key, type: scheme.type, ...detailsOf(scheme) }];
    }),
  );
}

function detailsOf(scheme: OpenAPIV3_1.SecuritySchemeObject): Pick<SecurityScheme, 'in' | 'parameter' | 'scheme'> {
  if (scheme.type === 'http') return { scheme: scheme.scheme.toLowerCase() };
  if (scheme.type !== 'apiKey') return {};
  return { in: scheme.in as NonNullable<SecurityScheme['in']>, parameter: scheme.name };
}
