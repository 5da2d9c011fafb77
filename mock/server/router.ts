import type { Operation } from '../types/api.ts';
import type { PathRouter, RouteMatch } from '../types/state.ts';

interface Template {
  readonly segments: readonly string[];
  readonly operations: readonly Operation[];
  /** In the order of precedence. */
  readonly rank: number;
}

type Spelling = (segment: string) => string;

const asWritten: Spelling = (segment) => segment;
const inLowerCase: Spelling = (segment) => segment.toLowerCase();

/** The paths of the document. Of two templates that fit, the one with more literal segments wins (OpenAPI 3.1 §4.8.8). */
export class Router implements PathRouter {
  readonly #asWritten: Index;
  readonly #inLowerCase: Index;

  constructor(operations: readonly Operation[]) {
    const paths = [...new Set(operations.map(({ path }) => path))];
    const byPath = new Map<string, Operation[]>(paths.map((path) => [path, []]));
    for (const operation of operations) byPath.get(operation.path)?.push(operation);
    const templates = [...byPath]
      .map(([path, its]) => ({ segments: path.split('/'), operations: its }))
      .sort((one, other) => other.segments.filter(isLiteral).length - one.segments.filter(isLiteral).length)
      .map((template, rank) => ({ ...template, rank }));
    this.#asWritten = new Index(templates, asWritten);
    this.#inLowerCase = new Index(templates, inLowerCase);
  }

  /** HEAD is GET without the content (RFC 9110 §9.3.2). */
  find(method: string, path: string): RouteMatch {
    // Decoded after the cut: an encoded slash separates nothing.
    const segments = path.split('/').map((segment) => decoded(segment) ?? segment);
    const template = this.#asWritten.find(segments);
    if (!template) return { kind: 'unknown-path' };
    const wanted = method === 'HEAD' ? 'GET' : method;
    const operation = template.operations.find((candidate) => candidate.method === wanted);
    if (operation) return { kind: 'operation', operation, parameters: parametersOf(template, segments) };
    const methods = template.operations.map((candidate) => candidate.method);
    return { kind: 'wrong-method', allow: methods.includes('GET') ? [...methods, 'HEAD'] : methods };
  }

  isWritten(path: string, decodesLetters: boolean): boolean {
    const segments = path.split('/').map((segment) => (decodesLetters ? (decoded(segment) ?? segment) : segment));
    return this.#asWritten.find(segments) !== undefined;
  }

  /** Of an unknown method the first operation of the path. */
  guess(method: string, path: string, basePath: string): Operation | undefined {
    const template = likelyPaths(plainest(path), plainest(basePath))
      .map((likely) => this.#inLowerCase.find(likely.split('/')))
      .find((found) => found !== undefined);
    const wanted = method.toUpperCase() === 'HEAD' ? 'GET' : method.toUpperCase();
    return template?.operations.find((candidate) => candidate.method === wanted) ?? template?.operations[0];
  }
}

/** Below the base path, below another prefix, or with something behind it. */
function likelyPaths(plain: string, base: string): string[] {
  if (plain === base) return ['/'];
  const below = plain.startsWith(`${base}/`) ? plain.slice(base.length) : plain;
  const withoutFirst = below.replace(/^\/[^/]*/, '');
  const nested = withoutFirst.startsWith(`${base}/`) ? withoutFirst.slice(base.length) : withoutFirst;
  return [below, nested, below.replace(/\/[^/]*$/, '')];
}

/** Templates by their length and first segment, so that a thousand paths are looked through as fast as ten. */
class Index {
  readonly #spelt: Spelling;
  readonly #templates = new Map<string, Template[]>();

  constructor(templates: readonly Template[], spelt: Spelling) {
    this.#spelt = spelt;
    for (const template of templates) {
      const [, first = ''] = template.segments;
      const key = keyOf(template.segments.length, isLiteral(first) ? spelt(first) : undefined);
      const alike = this.#templates.get(key);
      if (alike) alike.push(template);
      else this.#templates.set(key, [template]);
    }
  }

  /** The first in precedence that fits. */
  find(segments: readonly string[]): Template | undefined {
    const [named, unnamed] = [segments[1] ?? '', undefined].map((first) =>
      this.#templates.get(keyOf(segments.length, first))?.find((one) => fits(one, segments, this.#spelt)),
    );
    return named && unnamed ? (named.rank < unnamed.rank ? named : unnamed) : (named ?? unnamed);
  }
}

/** @param first undefined for a parameter, which no text is */
function keyOf(length: number, first: string | undefined): string {
  return first === undefined ? `${length}` : `${length}/${first}`;
}

function fits(template: Template, segments: readonly string[], spelt: Spelling): boolean {
  return (
    template.segments.length === segments.length &&
    template.segments.every((expected, index) => {
      const segment = segments[index] ?? '';
      if (isLiteral(expected)) return spelt(expected) === segment;
      return /^\{[^{}]*\}$/.test(expected) ? segment !== '' : partsOf(expected, spelt).pattern.test(segment) === true;
    })
  );
}

function isLiteral(segment: string): boolean {
  return !/\{[^{}]+\}/.test(segment);
}

/** A segment with more than a parameter in it, such as `{name}.json`: its names, and what it looks like. */
function partsOf(
  expected: string,
  spelt: Spelling = asWritten,
): { readonly names: string[]; readonly pattern: RegExp } {
  const [first = '', ...others] = expected
    .split(/\{[^{}]+\}/)
    .map((text) => spelt(text).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const names = [...expected.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  return { names, pattern: new RegExp(`^${first}${others.map((text) => `(.+?)${text}`).join('')}$`) };
}

function parametersOf(template: Template, segments: readonly string[]): Record<string, string> {
  const pairs = template.segments.flatMap((expected, index) => {
    if (isLiteral(expected)) return [];
    const { names, pattern } = partsOf(expected);
    const found = pattern.exec(segments[index] ?? '') ?? [];
    return names.map((name, place) => [name, found[place + 1] ?? ''] as const);
  });
  return Object.fromEntries(pairs);
}

/** Two spellings of one URI are one path (RFC 3986 §6.2.2.2). Undefined where the encoding is broken. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Undoes what the usual tricks with paths do: encodings, slashes, dots, path parameters, suffixes, case. */
function plainest(path: string): string {
  const once = decoded(path) ?? path;
  const twice = decoded(once) ?? once;
  const segments: string[] = [];
  for (const raw of twice.replaceAll('\\', '/').toLowerCase().split('/')) {
    const segment = raw.replace(/[;#\n].*$/s, '').trim();
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const last = segments.pop()?.replace(/\.(?:json|xml|html|css|js)$/, '');
  return ['', ...segments, ...(last === undefined ? [] : [last])].join('/');
}
