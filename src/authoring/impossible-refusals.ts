import type { Contract, RefusalName } from '../model/contract.ts';
import { documentedResponse } from '../openapi/documented-response.ts';
import {
  decoded,
  descend,
  type DocumentNode,
  follow,
  isObject,
  members,
  nodeAt,
  tokensOf,
} from '../openapi/json-pointer.ts';
import type { SourceFiles } from '../openapi/source-files.ts';
import { inLine } from '../visible-text.ts';
import { type Gap, placeOfGap } from './gap.ts';

const REFUSALS: readonly RefusalName[] = ['missingKey', 'invalidKey', 'forbidden'];
/** Schemas may be cyclic, and parts of parts many. */
const DEPTH = 8;
const MOST_PARTS = 2000;
const LONGEST = 200;

/** Refusals whose `allOf` asks a required member for two fixed values at once, so that no body is right. */
export function impossibleRefusalGaps({ document, refusals, operations }: Contract, sources: SourceFiles): Gap[] {
  const pointers = new Set(
    REFUSALS.flatMap((name) => [
      refusals[name]?.schema,
      ...operations.flatMap((operation) =>
        (refusals[name]?.status ?? []).map((status) => documentedResponse(operation, status)?.schema),
      ),
    ]),
  );
  return [...pointers].flatMap((pointer): Gap[] => {
    const schema = pointer === undefined ? undefined : nodeAt(document, pointer);
    const conflict = schema && conflictIn(document, schema);
    if (!schema || !conflict) return [];
    const sentence = inLine(
      `no body is right by the refusal ${schema.pointer}: parts of its allOf ask ${conflict} for values that exclude each other, so every response will violate it; keep one of them`,
      LONGEST * 2,
    );
    return [{ kind: 'impossible-refusal', ...placeOfGap(sources, tokensOf(schema.pointer).map(decoded)), sentence }];
  });
}

interface Demands {
  /** The values that a member may have, as JSON, one set for each part that says so. */
  readonly fixed: Map<string, Set<string>[]>;
  readonly required: Set<string>;
}

/** The path of a member that is required and has no value left, such as `error/code`. */
function conflictIn(document: unknown, schema: DocumentNode): string | undefined {
  const demands: Demands = { fixed: new Map(), required: new Set() };
  let left = MOST_PARTS;
  const collect = (start: DocumentNode, path: readonly string[], depth: number): void => {
    const node = follow(document, start);
    if (!node || !isObject(node.value) || depth === 0 || left === 0) return;
    left -= 1;
    const { value } = node;
    const name = path.join('/');
    const values = 'const' in value ? [value['const']] : value['enum'];
    if (Array.isArray(values))
      demands.fixed.set(name, [
        ...(demands.fixed.get(name) ?? []),
        new Set(values.map((one: unknown) => JSON.stringify(one))),
      ]);
    if (Array.isArray(value['required']))
      for (const one of value['required']) demands.required.add([...path, String(one)].join('/'));
    for (const part of members(document, descend(document, node, 'allOf'))) collect(part, path, depth - 1);
    for (const member of members(document, descend(document, node, 'properties')))
      collect(member, [...path, member.key], depth - 1);
  };
  collect(schema, [], DEPTH);
  const isRequired = (name: string): boolean =>
    name.split('/').every((_, index, all) => demands.required.has(all.slice(0, index + 1).join('/')));
  return [...demands.fixed].find(([name, sets]) => {
    const [first, ...others] = sets;
    return isRequired(name) && first && ![...first].some((one) => others.every((set) => set.has(one)));
  })?.[0];
}
