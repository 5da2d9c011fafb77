import type { Level, Mark, Operation, Parameter, RequestBody, SecurityRequirement } from '../model/contract.ts';
import { ContractError } from './contract-error.ts';
import { extensionProblems } from './json-schema.ts';
import { isJson } from './media-type.ts';
import {
  type NamedNode,
  type DocumentNode,
  descend,
  follow,
  isObject,
  members,
  rootOf,
  schemaPointerBelow,
} from './json-pointer.ts';
import type { SourceFiles } from './source-files.ts';

const METHODS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);
const SAFE: ReadonlySet<string> = new Set(['get', 'head', 'options', 'trace']);

/**
 * The operations of a bundled document, in its order. Webhooks and callbacks are none: they are requests that the API
 * sends. `servers` of a path or an operation are not read either: a target has one base URL.
 */
export function operationsOf(document: unknown, sources: SourceFiles, documentation: string | undefined): Operation[] {
  const reader = new Reader(document, sources);
  const paths = members(document, descend(document, rootOf(document), 'paths')).filter(({ key }) =>
    key.startsWith('/'),
  );
  return paths.flatMap((path) =>
    members(document, path)
      .filter(({ key }) => METHODS.has(key))
      .map((node) => reader.operation(path, node, documentation)),
  );
}

/** Reads the operations one after the other, and holds what all of them need. */
class Reader {
  readonly #document: unknown;
  readonly #sources: SourceFiles;

  constructor(document: unknown, sources: SourceFiles) {
    this.#document = document;
    this.#sources = sources;
  }

  operation(path: NamedNode, node: NamedNode, documentation?: string): Operation {
    const tokens = ['paths', path.key, node.key];
    const security = this.#security(node, tokens);
    const body = this.#body(node);
    return {
      id: `${node.key.toUpperCase()} ${path.key}`,
      method: node.key.toUpperCase(),
      path: path.key,
      isSafe: SAFE.has(node.key),
      pointer: node.pointer,
      line: this.#sources.lineOf(tokens),
      security,
      ...(!this.#statesSecurity(node) && { isSecurityUnstated: true as const }),
      scopes: [...new Set(security.find(({ schemes }) => schemes.length > 0)?.schemes.flatMap(({ scopes }) => scopes))],
      scopePromise: this.#scopePromise(node, tokens, documentation),
      parameters: this.#parameters(path, node),
      ...(body && { body }),
      responses: this.#responses(node),
    };
  }

  /** OpenAPI: the document's security requirements are those of an operation that has none of its own. */
  #statesSecurity(node: DocumentNode): boolean {
    return (this.#below(node, 'security') ?? this.#below(rootOf(this.#document), 'security')) !== undefined;
  }

  #security(node: DocumentNode, tokens: readonly string[]): SecurityRequirement[] {
    const known = members(this.#document, this.#below(rootOf(this.#document), 'components', 'securitySchemes'));
    const own = this.#below(node, 'security');
    const alternatives = members(this.#document, own ?? this.#below(rootOf(this.#document), 'security'));
    return alternatives.map((alternative) => ({
      schemes: members(this.#document, alternative).map(({ key: name, value }) => {
        if (!known.some(({ key }) => key === name)) {
          const where = this.#sources.locationOf([...(own ? tokens : []), 'security', alternative.key, name]);
          const problem = `security names the scheme ${name}, which components.securitySchemes does not have`;
          throw new ContractError(where, problem, 'describe the scheme there, or correct the name');
        }
        return { name, scopes: Array.isArray(value) ? value.map(String) : [] };
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
  #parameters(path: DocumentNode, node: DocumentNode): Parameter[] {
    const merged = new Map<string, Parameter>();
    for (const owner of [path, node]) {
      for (const entry of members(this.#document, this.#below(owner, 'parameters'))) {
        const parameter = follow(this.#document, entry);
        if (!parameter || !isObject(parameter.value)) continue;
        const {
          name,
          in: where,
          required,
        } = parameter.value as { name: string; in: Parameter['in']; required?: boolean };
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
    return [...merged.values()];
  }

  /** One media type of the body: JSON if there is one, because only JSON is checked against a schema. */
  #body(node: DocumentNode): RequestBody | undefined {
    const body = this.#below(node, 'requestBody');
    const content = body && this.#jsonFirst(this.#below(body, 'content'));
    if (!content) return undefined;
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
      this.#below(owner, 'example') ??
      (named && this.#below(named, 'value')) ??
      (schema &&
        (this.#below(schema, 'example') ?? this.#below(schema, 'examples', '0') ?? this.#below(schema, 'default')))
    );
  }

  #below(node: DocumentNode, ...tokens: readonly string[]): DocumentNode | undefined {
    return descend(this.#document, node, ...tokens);
  }
}
