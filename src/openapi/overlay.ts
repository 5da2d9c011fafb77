import { paths } from 'jsonpath-rfc9535';
import { BOUNDS } from './bounds.ts';
import { isObject } from './json-pointer.ts';
import { TookTooLong, withinTime } from './within-time.ts';

/** The name of an OpenAPI Overlay (1.0 or 1.1) beside a document, which says what the document lacks. */
export const OVERLAY_FILE = 'overlay.yaml';

/** What an overlay put where. */
export interface Overlaid {
  /** Where in the document. */
  readonly target: readonly string[];
  /** Where in the overlay. */
  readonly tokens: readonly string[];
  readonly update: unknown;
}

/** Why an overlay cannot be used, and where in it. */
export class OverlayProblem extends Error {
  readonly tokens: readonly string[];

  constructor(problem: string, tokens: readonly string[]) {
    super(problem);
    this.tokens = tokens;
  }
}

/**
 * Carries out the actions of an overlay, one after the other. Targets are JSONPath (RFC 9535), which has no code in it.
 *
 * @param document stays as it is
 * @throws OverlayProblem
 */
export function overlaid(
  document: unknown,
  overlay: unknown,
): { readonly document: unknown; readonly all: readonly Overlaid[]; readonly idle: readonly string[][] } {
  if (!isObject(overlay) || !/^1\.[01](?:\.|$)/.test(String(overlay['overlay'])))
    throw new OverlayProblem('this is no OpenAPI Overlay, which begins with "overlay: 1.1.0"', []);
  const actions = overlay['actions'] ?? [];
  if (!Array.isArray(actions)) throw new OverlayProblem('actions is no list', ['actions']);
  const root = { document: structuredClone(document) };
  const all: Overlaid[] = [];
  const idle: string[][] = [];
  for (const [index, action] of (actions as unknown[]).entries()) {
    const at = ['actions', String(index)];
    if (!isObject(action) || typeof action['target'] !== 'string')
      throw new OverlayProblem('an action has no target, which is a JSONPath', at);
    const targets = placesOf(root.document, action['target'], [...at, 'target']);
    if (targets.length === 0) idle.push([...at, 'target']);
    const update = 'copy' in action ? copied(root.document, action['copy'], [...at, 'copy']) : action['update'];
    // From the last one on, so that the places of the others stay what they are.
    for (const target of targets.toReversed()) {
      if (action['remove'] === true) remove(root, target);
      else if (update !== undefined) {
        put(root, target, (value) => merged(value, update));
        all.push({ target, update, tokens: [...at, 'copy' in action ? 'copy' : 'update'] });
      }
    }
  }
  return { document: root.document, all, idle };
}

function copied(document: unknown, source: unknown, tokens: readonly string[]): unknown {
  const [place, ...others] = placesOf(document, String(source), tokens);
  if (!place || others.length > 0) throw new OverlayProblem('copy does not select one place', tokens);
  return place.reduce<unknown>((value, token) => (value as Record<string, unknown>)[token], document);
}

function placesOf(document: unknown, path: string, tokens: readonly string[]): readonly (readonly string[])[] {
  try {
    const found = withinTime(BOUNDS.validation, () => paths(document as never, path));
    return found.map((place) =>
      [...place.matchAll(/\['((?:\\.|[^'\\])*)'\]|\[(\d+)\]/g)].map(
        ([, name, index]) => index ?? unescaped(name ?? ''),
      ),
    );
  } catch (cause) {
    const why = cause instanceof TookTooLong ? cause.message : 'it is no JSONPath of RFC 9535';
    throw new OverlayProblem(`the JSONPath ${path} cannot be used, ${why}`, tokens);
  }
}

/** RFC 9535 §2.7: the names of a normalised path are written as in JSON, in single quotes. */
function unescaped(name: string): string {
  return JSON.parse(`"${name.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`) as string;
}

/** Overlay 1.1 §4.4.3.1: members are merged, lists appended to, and anything else is replaced. */
function merged(value: unknown, update: unknown): unknown {
  if (Array.isArray(value))
    return [...(value as unknown[]), ...(Array.isArray(update) ? (update as unknown[]) : [update])];
  if (!isObject(value) || !isObject(update)) return structuredClone(update);
  const entries = Object.entries(update).map(([name, member]) => {
    const own = Object.hasOwn(value, name) ? value[name] : undefined;
    return [name, own === undefined ? structuredClone(member) : merged(own, member)] as const;
  });
  return { ...value, ...Object.fromEntries(entries) };
}

interface Root {
  document: unknown;
}

function put(root: Root, target: readonly string[], change: (value: unknown) => unknown): void {
  const last = target.at(-1);
  if (last === undefined) root.document = change(root.document);
  else {
    const owner = ownerOf(root, target);
    owner[last] = change(owner[last]);
  }
}

function remove(root: Root, target: readonly string[]): void {
  const last = target.at(-1);
  if (last === undefined) return;
  const owner = ownerOf(root, target);
  if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else Reflect.deleteProperty(owner, last);
}

function ownerOf({ document }: Root, target: readonly string[]): Record<string, unknown> {
  return target
    .slice(0, -1)
    .reduce<unknown>((value, token) => (value as Record<string, unknown>)[token], document) as Record<string, unknown>;
}

/** Where in the overlay the member stands that the tokens lead to; undefined: it is the document's own. */
export function placeInOverlay(
  all: readonly Overlaid[],
  document: unknown,
  tokens: readonly string[],
): readonly string[] | undefined {
  for (const { target, update, tokens: at } of all.toReversed()) {
    const below = tokens.slice(target.length);
    if (!target.every((token, index) => tokens[index] === token)) continue;
    const found = stepsInto(update, below);
    const isOwn = stepsInto(document, tokens) >= target.length + found;
    if (found > 0 && !isOwn) return [...at, ...below.slice(0, found)];
  }
  return undefined;
}

/** So many of the tokens lead into a value. */
function stepsInto(value: unknown, tokens: readonly string[]): number {
  let [current, steps] = [value, 0];
  for (const token of tokens) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, token)) break;
    current = (current as Record<string, unknown>)[token];
    steps++;
  }
  return steps;
}
