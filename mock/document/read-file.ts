import { constants } from 'node:fs';
import { access, open, realpath } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { JsonObject } from '../types/json.ts';
import { LARGEST_FILE, MOST_FILES } from './bounds.ts';
import { upgradeFromTwoToThree } from '@scalar/openapi-upgrader/2.0-to-3.0';
import { isObject, listOf, objectOf } from './json.ts';
import { withOverlay } from './overlay.ts';
import { parseText } from './parse.ts';
import { withReferences } from './where-references-are.ts';

/** A document that cannot be read, in one sentence for the person who started the mock. */
export class DocumentError extends Error {}

export interface NamedDocument {
  readonly document: object;
  /** Name of the folder, or of a document that has a name of its own. */
  readonly name: string;
}

const DOCUMENT = /^(.+)\.(?:ya?ml|json)$/;
const FILE_NAMES = ['openapi.yaml', 'openapi.yml', 'openapi.json'];
/** Where other files stand in the document. */
const PARTS = 'x-parts';

/**
 * Reads the OpenAPI document in a folder such as `specs/huechat`, or one by itself. What its references lead to in other
 * files becomes a part of it.
 *
 * @throws DocumentError
 */
export async function readDocument(folder: string): Promise<NamedDocument> {
  const file = await findFile(folder);
  try {
    return {
      document: await withParts(await realpath(file), await realpath(dirname(file))),
      name: nameOf(resolve(folder)),
    };
  } catch (cause) {
    const problem = cause instanceof FileProblem ? cause.message : 'it cannot be read.';
    throw new DocumentError(`${file}: ${problem} The command check says where.`);
  }
}

/** Names a file and quotes nothing of it. */
class FileProblem extends Error {}

async function withParts(entry: string, folder: string): Promise<JsonObject> {
  const paths = [entry];
  const parts: unknown[] = [];
  /** The address that the document has by itself (OpenAPI 3.2 §4.1.2). */
  let self: string | undefined;
  for (const path of paths) {
    const value = path === entry ? await overlaid(await read(path, folder), path, folder) : await read(path, folder);
    const others = new Map<string, string>();
    self ??= isObject(value) && typeof value['$self'] === 'string' ? value['$self'] : '';
    withReferences(value, (reference) => {
      const [file = ''] = reference.split('#');
      if (file !== '' && file !== self) others.set(file, join(dirname(path), decodeURI(file)));
      return reference;
    });
    const places = new Map<string, number>();
    for (const [reference, other] of others) {
      if (/^[a-z][a-z0-9+.-]+:|^\/\//i.test(reference)) throw new FileProblem('it refers to an address.');
      const real = await realpath(other).catch(() => {
        throw new FileProblem(`a file that it refers to is missing.`);
      });
      if (!paths.includes(real)) paths.push(real);
      places.set(reference, paths.indexOf(real));
    }
    if (paths.length > MOST_FILES) throw new FileProblem('it has too many files.');
    const own = paths.indexOf(path);
    parts.push(
      withReferences(value, (reference) => {
        const [file = '', fragment = ''] = reference.split(/#(.*)/s);
        const index = file === self && file !== '' ? 0 : file === '' ? own : (places.get(file) ?? own);
        return index === 0 ? `#${fragment}` : `#/${PARTS}/${index - 1}${fragment}`;
      }),
    );
  }
  const [first, ...others] = parts;
  if (!isObject(first)) throw new FileProblem('it is no OpenAPI document.');
  const document = others.length === 0 ? first : { ...first, [PARTS]: others };
  return 'swagger' in first ? fromSwagger(document) : document;
}

/** The document with what the overlay beside it says. */
async function overlaid(document: unknown, path: string, folder: string): Promise<unknown> {
  const file = join(dirname(path), 'overlay.yaml');
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined) return document;
  try {
    return withOverlay(document, await read(real, folder));
  } catch (cause) {
    throw new FileProblem(`its overlay ${cause instanceof Error ? cause.message : ''}`);
  }
}

/** Swagger 2.0 in the words of OpenAPI 3.0. Parameters that are references would be taken for no bodies. */
function fromSwagger(document: JsonObject): JsonObject {
  const named = objectOf(document['parameters']);
  const plain = JSON.parse(JSON.stringify(document), (_name, value: unknown) => {
    const reference = isObject(value) ? value['$ref'] : undefined;
    const [, name = ''] = /^#\/parameters\/([^/]+)$/.exec(String(reference)) ?? [];
    return Object.hasOwn(named, name) ? structuredClone(named[name]) : value;
  }) as JsonObject;
  const entries = Object.entries(objectOf(plain['paths'])).filter(([, item]) => isObject(item));
  const paths = Object.fromEntries(entries.map(([path, item]) => [path, withParametersAlone(objectOf(item))]));
  try {
    return upgradeFromTwoToThree({ ...plain, paths, swagger: '2.0' }) as JsonObject;
  } catch {
    throw new FileProblem('it cannot be read as Swagger 2.0.');
  }
}

/** A path with its operations, and in both only parameters that are some: the library fails for anything else. */
function withParametersAlone(item: JsonObject): JsonObject {
  const parameters = (value: unknown): unknown[] =>
    listOf(value).filter((one) => isObject(one) && typeof one['in'] === 'string');
  const members = Object.entries(item).flatMap(([name, member]): (readonly [string, unknown])[] => {
    if (name === 'parameters') return [[name, parameters(member)]];
    if (name === '$ref' || name.startsWith('x-')) return [[name, member]];
    if (!isObject(member)) return [];
    return [[name, 'parameters' in member ? { ...member, parameters: parameters(member['parameters']) } : member]];
  });
  return Object.fromEntries(members);
}

/** A regular file of bounded size in the folder of the document, which is not hidden and has a name of YAML or JSON. */
async function read(path: string, folder: string): Promise<unknown> {
  const below = relative(folder, path);
  const isInside = below !== '' && !isAbsolute(below) && below.split(sep).every((name) => !name.startsWith('.'));
  if (!isInside) throw new FileProblem('it refers to a file outside of its folder, or to a hidden one.');
  if (!['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase()))
    throw new FileProblem(`it refers to a file that is no YAML or JSON by its name.`);
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > LARGEST_FILE)
      throw new FileProblem(`${below} is no regular file, or too large.`);
    const text = await file.readFile('utf8');
    try {
      return parseText(text);
    } catch (cause) {
      throw new FileProblem(`${below} ${cause instanceof Error ? cause.message : ''}`);
    }
  } finally {
    await file.close();
  }
}

function nameOf(path: string): string {
  const [, stem] = DOCUMENT.exec(basename(path)) ?? [];
  if (stem === undefined) return basename(path);
  return stem === 'openapi' ? basename(dirname(path)) : stem;
}

async function findFile(folder: string): Promise<string> {
  if (DOCUMENT.test(folder)) return folder;
  for (const file of FILE_NAMES.map((name) => join(folder, name))) {
    const exists = await access(file).then(
      () => true,
      () => false,
    );
    if (exists) return file;
  }
  throw new DocumentError(`${folder} has none of ${FILE_NAMES.join(', ')}: name the folder of an OpenAPI document.`);
}
