import { access } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { OpenAPIV3_1 } from 'openapi-types';
import { authenticationOf, readExtension, withoutSlash, withWords } from './authentication-extension.ts';
import { bundledDocument } from './bundle.ts';
import type { Contract, Operation, SecurityScheme } from '../model/contract.ts';
import { ContractError } from './contract-error.ts';
import { contractIdOf, isDocument } from './contract-id.ts';
import { operationsOf } from './operations.ts';
import { type JsonObject, descend, follow, isObject, members, rootOf } from './json-pointer.ts';
import { SourceFiles } from './source-files.ts';
import { asTitle, inLine, isPlain } from '../visible-text.ts';

/** What the document in the folder of a contract is named, the first that is there. */
export const DOCUMENT_NAMES = ['openapi.yaml', 'openapi.yml', 'openapi.json'];

/**
 * Reads the contract in a folder, or a document by itself.
 *
 * @param folder such as `specs/example` or `specs/example/openapi.yaml`
 * @throws ContractError whose message is one sentence for the author of the document
 */
export async function loadContract(folder: string): Promise<Contract> {
  const within = isDocument(folder) ? undefined : folder;
  return (await readDocument(await findDocument(folder), contractIdOf(folder), within)).contract;
}

/**
 * Reads an OpenAPI document in any folder, and the files that it refers to.
 *
 * @param id of the contract that it becomes
 * @param folder that the document has to be in; absent: it may be a link
 * @throws ContractError
 */
export async function readDocument(
  path: string,
  id: string,
  folder?: string,
): Promise<{ contract: Contract; sources: SourceFiles }> {
  const sources = await SourceFiles.read(path, folder);
  return { contract: contractOf(bundledDocument(sources), id, sources), sources };
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
  const servers = serversOf(document, sources);
  const schemes = withWords(schemesOf(document, sources), extension, sources);
  const info = isObject(document['info']) ? document['info'] : {};
  const authentication = authenticationOf(document, extension, { servers, schemes, operations }, sources);
  return {
    id,
    title: asTitle(textOf(info['title'])) || 'Untitled API',
    version: inLine(textOf(info['version']), LONGEST_VERSION),
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
  for (const name of DOCUMENT_NAMES) {
    const path = resolve(folder, name);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (exists) return path;
  }
  const shown = relative(process.cwd(), resolve(folder)).split(sep).join('/') || '.';
  const problem = `none of ${DOCUMENT_NAMES.join(', ')} is in this folder`;
  throw new ContractError(shown, problem, 'put the OpenAPI document of the API there, or name another folder');
}

const LONGEST_VERSION = 60;

/** Base URLs without a slash at their end, their variables at their defaults. What is no URL is left out, and said. */
function serversOf(document: JsonObject, sources: SourceFiles): string[] {
  return members(document, descend(document, rootOf(document), 'servers')).flatMap(({ key, value }) => {
    if (!isObject(value) || typeof value['url'] !== 'string') return [];
    const variables = isObject(value['variables']) ? value['variables'] : {};
    const url = value['url'].replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return isObject(variable) && variable['default'] !== undefined ? textOf(variable['default']) : whole;
    });
    if (isUrl(url)) return [withoutSlash(url)];
    const sentence = `the server ${JSON.stringify(value['url'])} is no URL, so it is left out: write one, and variables as {name} with a default`;
    sources.note(sentence, ['servers', key, 'url']);
    return [];
  });
}

/** Absolute, or relative to where the document is (OpenAPI 3.1 §4.8.5). */
function isUrl(url: string): boolean {
  return isPlain(url) && !/[\s{}<>"'`\\^|]/.test(url) && URL.canParse(url, 'https://localhost');
}

const TYPES: readonly string[] = ['apiKey', 'http', 'oauth2', 'openIdConnect', 'mutualTLS'];
const PLACES: readonly unknown[] = ['header', 'query', 'cookie'];

function schemesOf(document: JsonObject, sources: SourceFiles): Contract['schemes'] {
  const nodes = members(document, descend(document, rootOf(document), 'components', 'securitySchemes'));
  return Object.fromEntries(
    nodes.flatMap((node) => {
      const found = follow(document, node)?.value;
      const scheme = isObject(found) ? schemeOf(node.key, found) : undefined;
      if (scheme) return [[node.key, scheme] as const];
      const sentence = `the security scheme ${node.key} is not described as OpenAPI describes one, so nothing is sent by it: correct its type and what belongs to it`;
      sources.note(sentence, ['components', 'securitySchemes', node.key]);
      return [];
    }),
  );
}

function schemeOf(name: string, scheme: JsonObject): SecurityScheme | undefined {
  // A name that every object has is none of the document's.
  const type = TYPES.find((known) => known === scheme['type']) as SecurityScheme['type'] | undefined;
  if (type === undefined || name in {}) return undefined;
  if (type === 'http') {
    if (typeof scheme['scheme'] !== 'string') return undefined;
    return { name, type, scheme: inLine(scheme['scheme'].toLowerCase()) };
  }
  if (type !== 'apiKey') return { name, type };
  if (!PLACES.includes(scheme['in']) || typeof scheme['name'] !== 'string') return undefined;
  return { name, type, in: scheme['in'] as NonNullable<SecurityScheme['in']>, parameter: inLine(scheme['name']) };
}

/** Some documents have a number where a text belongs. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
