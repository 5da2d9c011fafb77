import { access } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { OpenAPIV3_1 } from 'openapi-types';
import { authenticationOf, extensionOf, withoutSlash } from './authentication-extension.ts';
import { bundledDocument } from './bundle.ts';
import type { Contract, Operation, SecurityScheme } from '../model/contract.ts';
import { ContractError } from './contract-error.ts';
import { contractIdOf } from './contract-id.ts';
import { operationsOf } from './operations.ts';
import { type JsonObject, descend, follow, members, rootOf } from './json-pointer.ts';
import { SourceFiles } from './source-files.ts';

const NAMES = ['openapi.yaml', 'openapi.yml', 'openapi.json'];

/** Reads `specs/NAME`. Whatever is wrong with it is a `ContractError` whose message is one sentence for its author. */
export async function loadContract(folder: string): Promise<Contract> {
  return (await readDocument(await findDocument(folder), contractIdOf(folder))).contract;
}

/** A document wherever it lies, and the places in it. */
export async function readDocument(path: string, id: string): Promise<{ contract: Contract; sources: SourceFiles }> {
  const sources = await SourceFiles.read(resolve(path));
  const document = await bundledDocument(resolve(path), sources);
  const extension = extensionOf(document, sources);
  const operations = operationsOf(document, sources, extension.documentation);
  const servers = serversOf(document);
  const schemes = schemesOf(document);
  const info = document['info'] as OpenAPIV3_1.InfoObject;
  const authentication = authenticationOf(document, extension, { servers, schemes, operations }, sources);
  const contract: Contract = {
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
  return { contract, sources };
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
  for (const name of NAMES) {
    const path = resolve(folder, name);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  const place = relative(process.cwd(), resolve(folder)).split(sep).join('/') || '.';
  const problem = `none of ${NAMES.join(', ')} is in this folder`;
  throw new ContractError(place, problem, 'put the OpenAPI document of the API there, or name another folder');
}

/** Base URLs without a slash at their end, their variables at their defaults. */
function serversOf(document: JsonObject): string[] {
  return members(document, descend(document, rootOf(document), 'servers')).map(({ value }) => {
    const { url, variables = {} } = value as OpenAPIV3_1.ServerObject;
    return withoutSlash(url.replaceAll(/\{([^}]+)\}/g, (whole, name: string) => variables[name]?.default ?? whole));
  });
}

function schemesOf(document: JsonObject): Contract['schemes'] {
  const places = members(document, descend(document, rootOf(document), 'components', 'securitySchemes'));
  return Object.fromEntries(
    places.map((place) => {
      const scheme = follow(document, place)?.value as OpenAPIV3_1.SecuritySchemeObject;
      return [place.key, { name: place.key, type: scheme.type, ...detailsOf(scheme) }];
    }),
  );
}

function detailsOf(scheme: OpenAPIV3_1.SecuritySchemeObject): Pick<SecurityScheme, 'in' | 'parameter' | 'scheme'> {
  if (scheme.type === 'http') return { scheme: scheme.scheme.toLowerCase() };
  if (scheme.type !== 'apiKey') return {};
  return { in: scheme.in as NonNullable<SecurityScheme['in']>, parameter: scheme.name };
}
