import type { Level, Mark, Operation, Parameter, RequestBody, SecurityRequirement } from '../model/contract.ts';
import { ContractError } from './contract-error.ts';
import { extensionProblems } from './json-schema.ts';
import { isToken, parseMediaType } from '../fields/field-parser.ts';
import { inLine, isPlain } from '../visible-text.ts';
import { isJson } from './media-type.ts';
import {
  type NamedNode,
  type DocumentNode,
  childOf,
  descend,
  follow,
  isObject,
  members,
  rootOf,
  schemaPointerBelow,
} from './json-pointer.ts';
import type { SourceFiles } from './source-files.ts';

const METHODS: ReadonlySet<string> = new Set([
  ...['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'],
]);
/** RFC 9110 §9.2.1, RFC 10008. */
const SAFE: ReadonlySet<string> = new Set(['get', 'head', 'options', 'trace', 'query']);

/**
 * The operations of a bundled document, in its order. Webhooks and callbacks are none: they are requests that the API
 * sends. An operation with servers of its own is not sent to: a target has one base URL.
 */
export function operationsOf(document: unknown, sources: SourceFiles, documentation: string | undefined): Operation[] {
  const reader = new Reader(document, sources);
  const paths = members(document, descend(document, rootOf(document), 'paths')).filter(({ key }) => {
    if (key.startsWith('x-')) return false;
    if (/^\/[^\s\\]*$/.test(key)) return true;
    sources.note(`the path ${JSON.stringify(key)} cannot be a part of a URL, so it is left out: correct it`, [
      'paths',
      key,
    ]);
    return false;
  });
  return paths.flatMap((path) => [
    ...members(document, path)
      .filter(({ key, value }) => METHODS.has(key) && isObject(value))
      .map((node) => reader.operation(path, node, documentation)),
    // OpenAPI 3.2: the methods that have no member of their own.
    ...members(document, descend(document, path, 'additionalOperations'))
      .filter(({ key, value }) => isToken(key) && key === key.toUpperCase() && isObject(value))
      .map((node) => reader.operation(path, node, documentation)),
  ]);
}

function urlsOf(document: unknown, owner: DocumentNode): string[] {
  return members(document, descend(document, owner, 'servers')).flatMap(({ value }) =>
    isObject(value) && typeof value['url'] === 'string' ? [value['url'].replace(/\/+$/, '')] : [],
  );
}

function isPlace(value: unknown): value is Parameter['in'] {
  return value === 'path' || value === 'query' || value === 'header' || value === 'cookie';
}

/** Whether a request can have the name: in a header and a cookie it stands as it is. */
function isWritable(name: string, where: Parameter['in']): boolean {
  return where === 'header' || where === 'cookie' ? isToken(name) : isPlain(name);
}

/** Reads the operations one after the other, and holds what all of them need. */
class Reader {
  readonly #document: unknown;
  readonly #sources: SourceFiles;
  /** What was noted of the whole document. */
  readonly #noted = new Set<string>();

  constructor(document: unknown, sources: SourceFiles) {
    this.#document = document;
    this.#sources = sources;
  }

  operation(path: NamedNode, node: NamedNode, documentation?: string): Operation {
    const isAdditional = !METHODS.has(node.key);
    const tokens = ['paths', path.key, ...(isAdditional ? ['additionalOperations'] : []), node.key];
    const ownServer = this.#ownServer(path, node);
    const requirements = this.#requirements(node, tokens);
    const security = this.#security(node, tokens, requirements ?? []);
    const body = this.#body(node);
    return {
      id: `${node.key.toUpperCase()} ${path.key}`,
      method: node.key.toUpperCase(),
      path: path.key,
      isSafe: SAFE.has(node.key),
      pointer: node.pointer,
      line: this.#sources.lineOf(tokens),
      security,
      ...(ownServer !== undefined && { ownServer }),
      ...(!requirements && { isSecurityUnstated: true as const }),
      scopes: [...new Set(security.find(({ schemes }) => schemes.length > 0)?.schemes.flatMap(({ scopes }) => scopes))],
      scopePromise: this.#scopePromise(node, tokens, documentation),
      parameters: this.#parameters(path, node, tokens),
      ...(body && { body }),
      responses: this.#responses(node),
    };
  }

  /** The server of an operation or its path, where it is none of the document's. */
  #ownServer(path: DocumentNode, node: DocumentNode): string | undefined {
    const ofDocument = urlsOf(this.#document, rootOf(this.#document));
    const [own] = [node, path].map((owner) => urlsOf(this.#document, owner)).filter((urls) => urls.length > 0);
    return own?.some((url) => ofDocument.includes(url)) === false ? inLine(own[0] ?? '') : undefined;
  }

  /**
   * OpenAPI: the document's security requirements are those of an operation that has none of its own. Undefined where neither
   * says anything: what is no list of requirements, or has none among others, is no promise that everyone is let in.
   */
  #requirements(node: DocumentNode, tokens: readonly string[]): readonly NamedNode[] | undefined {
    const own = this.#below(node, 'security');
    const stated = own ?? this.#below(rootOf(this.#document), 'security');
    if (!stated) return undefined;
    const all = Array.isArray(stated.value) ? members(this.#document, stated) : undefined;
    const requirements = all?.filter(({ value }) => isObject(value));
    if (!requirements || requirements.length < (all?.length ?? 0)) {
      const sentence =
        'security is a list of objects, each with the schemes that are asked for together; the rest of it is left out: correct it';
      this.#noteOnce(sentence, [...(own ? tokens : []), 'security'], own ? undefined : 'security');
    }
    return requirements?.length === 0 && all?.length !== 0 ? undefined : requirements;
  }

  /** @param once what the whole document says wrongly is said once, and has this name; absent: it is of one operation */
  #noteOnce(sentence: string, where: readonly string[], once?: string): void {
    if (once === undefined || !this.#noted.has(once)) this.#sources.note(sentence, where);
    if (once !== undefined) this.#noted.add(once);
  }

  #security(node: DocumentNode, tokens: readonly string[], alternatives: readonly NamedNode[]): SecurityRequirement[] {
    const known = members(this.#document, this.#below(rootOf(this.#document), 'components', 'securitySchemes'));
    const own = this.#below(node, 'security');
    return alternatives.map((alternative) => ({
      schemes: members(this.#document, alternative).map(({ key: name, value }) => {
        if (!known.some(({ key }) => key === name)) {
          const sentence = `security names the scheme ${name}, which components.securitySchemes does not have, so nothing is sent by it: describe the scheme there, or correct the name`;
          const where = [...(own ? tokens : []), 'security', alternative.key, name];
          this.#noteOnce(sentence, where, own ? undefined : `scheme ${name}`);
        }
        return { name, scopes: Array.isArray(value) ? value.map((scope) => inLine(String(scope))) : [] };
      }),
    }));
  }

  #scopePromise(node: DocumentNode, tokens: readonly string[], documentation?: string): Operation['scopePromise'] {
    const given = this.#below(node, 'x-scope')?.value;
    if (given === undefined) return { mark: 'documented', level: 'MUST' };
    const [problem] = extensionProblems('x-scope', given);
    if (problem !== undefined) {
      const remedy = 'x-scope has the members mark (documented or inferred), level (MUST, SHOULD or SURVEY) and source';
      throw new ContractError(this.#sources.locationOf([...tokens, 'x-scope']), problem, remedy);
    }
    const { mark, level, source } = given as { mark: Mark; level: Level; source?: string };
    return { mark, level, ...(source !== undefined && documentation && { source: `${documentation}/${source}` }) };
  }

  /** Those of the path, unless the operation has one of the same name in the same location. */
  #parameters(path: NamedNode, node: DocumentNode, tokens: readonly string[]): Parameter[] {
    const merged = new Map<string, Parameter>();
    const inPath = [...path.key.replace(/#.*$/, '').matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
    for (const owner of [path, node]) {
      for (const entry of members(this.#document, this.#below(owner, 'parameters'))) {
        const parameter = follow(this.#document, entry);
        if (!parameter || !isObject(parameter.value)) continue;
        const { name, in: where, required } = parameter.value;
        if (typeof name !== 'string' || !isPlace(where) || !isWritable(name, where)) continue;
        if (where === 'path' && !inPath.includes(name)) {
          const sentence = `the parameter ${name} of the path ${path.key} does not stand in it as {${name}}, so nothing is sent for it: correct one of them`;
          this.#sources.note(sentence, [...(owner === path ? tokens.slice(0, 2) : tokens), 'parameters', entry.key]);
          continue;
        }
        const content = members(this.#document, this.#below(parameter, 'content'))[0];
        const schema = this.#schema(parameter) ?? (content && this.#schema(content));
        const example = this.#example(parameter) ?? (content && this.#example(content));
        merged.set(`${where} ${name}`, {
          name,
          in: where,
          required: required === true,
          ...(example && { example: example.value }),
          ...(schema !== undefined && { schema }),
        });
      }
    }
    const implied = inPath.flatMap((name): Parameter[] =>
      merged.has(`path ${name}`) ? [] : [{ name, in: 'path', required: true, isImplied: true }],
    );
    return [...merged.values(), ...implied];
  }

  /** One media type of the body: JSON if there is one, because only JSON is checked against a schema. */
  #body(node: DocumentNode): RequestBody | undefined {
    const body = this.#below(node, 'requestBody');
    const content = body && this.#jsonFirst(this.#below(body, 'content'));
    // What is no media type cannot be written as the type of a body.
    if (!content || parseMediaType(content.key) === undefined) return undefined;
    const schema = this.#schema(content);
    const example = this.#example(content);
    return {
      mediaType: content.key,
      required: isObject(body.value) && body.value['required'] === true,
      ...(schema !== undefined && { schema }),
      ...(example && { example: example.value }),
    };
  }

  #responses(node: DocumentNode): Operation['responses'] {
    const entries = members(this.#document, this.#below(node, 'responses')).filter(({ key }) => !key.startsWith('x-'));
    return Object.fromEntries(
      entries.map((response) => {
        const types = this.#below(response, 'content');
        const content = this.#jsonFirst(types);
        const mediaTypes = members(this.#document, types).map(({ key }) => key);
        const json = content && isJson(content.key) ? content : undefined;
        const schema = json && this.#schema(json);
        const example = json && this.#example(json);
        const headers = members(this.#document, this.#below(response, 'headers')).map(({ key }) => key);
        const body = { ...(schema !== undefined && { schema }), ...(example && { example: example.value }) };
        return [response.key, { ...body, mediaTypes, headers }];
      }),
    );
  }

  #jsonFirst(content: DocumentNode | undefined): NamedNode | undefined {
    const types = members(this.#document, content);
    return types.find(({ key }) => isJson(key)) ?? types[0];
  }

  #schema(owner: DocumentNode): string | undefined {
    return schemaPointerBelow(this.#document, owner, 'schema');
  }

  /** The first example that the document gives, nearest first. */
  #example(owner: DocumentNode): DocumentNode | undefined {
    const named = members(this.#document, this.#below(owner, 'examples'))[0];
    const schema = this.#below(owner, 'schema');
    return (
      data(owner, 'example') ??
      (named && data(follow(this.#document, named) ?? named, 'value')) ??
      (schema && (data(schema, 'example') ?? data(schema, 'examples', '0') ?? data(schema, 'default')))
    );
  }

  #below(node: DocumentNode, ...tokens: readonly string[]): DocumentNode | undefined {
    return descend(this.#document, node, ...tokens);
  }
}

/** What stands below a node as it is: in data nothing is a reference. */
function data(node: DocumentNode, ...tokens: readonly string[]): DocumentNode | undefined {
  let found: DocumentNode | undefined = node;
  for (const token of tokens) found = found && childOf(found, token);
  return found;
}
