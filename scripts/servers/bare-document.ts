import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMock } from '../../mock/start.ts';
import type { VariantId } from '../../mock/variants/index.ts';
import { KNOWN_ID } from '../../mock/variants/resources.ts';
import { variableNames } from '../../src/config/variables.ts';
import type { Contract } from '../../src/model/contract.ts';
import { judge, type JudgedStack } from './run-stack.ts';

/** A document as most APIs publish theirs, over a server that keeps every promise of the whole one. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * The document without examples, without refusals and without scopes, and without what the extension says of them. What
 * the extension says of kinds of key stays, because the base URLs and the keys of the mock go by it.
 */
export function withoutDetails(document: object): object {
  const bare = strip(document as Json) as Record<string, Json>;
  const extension = (bare['x-authentication'] ?? {}) as Record<string, Json>;
  const { documentation = '', keyKinds = [], equivalentSchemes = [] } = extension;
  return { ...bare, 'x-authentication': { documentation, keyKinds, equivalentSchemes } };
}

function strip(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(strip);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value as Readonly<Record<string, Json>>).flatMap(([name, member]) => {
    if (name === 'example' || name === 'examples' || name === 'x-scope') return [];
    if (name === 'responses') return [[name, successes(member)] as const];
    if (name === 'security') return [[name, withoutScopes(member)] as const];
    return [[name, strip(member)] as const];
  });
  return Object.fromEntries(members);
}

/** Of an operation; the responses of `components` have names instead of statuses, and nothing refers to them then. */
function successes(responses: Json): Json {
  const kept = Object.entries(responses as Readonly<Record<string, Json>>).filter(([status]) => status.startsWith('2'));
  return Object.fromEntries(kept.map(([status, response]) => [status, strip(response)]));
}

function withoutScopes(security: Json): Json {
  return (security as readonly Readonly<Record<string, Json>>[]).map((alternative) =>
    Object.fromEntries(Object.keys(alternative).map((scheme) => [scheme, []])),
  );
}

export interface JudgedByBareDocument extends JudgedStack {
  /** What the server is like and what the run was told. */
  readonly title: string;
}

const otherIds = 'the mock with other ids than the whole document shows';

/** Judges the mock, which is made of the whole document, by the bare one: as it is, with other ids, and told which. */
export async function judgeByBareDocument(contract: Contract): Promise<JudgedByBareDocument[]> {
  const names = contract.operations.flatMap(({ parameters }) => parameters.filter((one) => one.in === 'path'));
  const values = [...new Set(names.map(({ name }) => name))].map((name) => `${name}=${KNOWN_ID}`).join(';');
  const given = { [variableNames(contract.id).pathValues]: values };
  const judged = [
    { title: 'the mock', ...(await judgeMock(contract)) },
    { title: `${otherIds}, and nothing is given`, ...(await judgeMock(contract, 'other-ids')) },
    { title: `${otherIds}, and the path values are given`, ...(await judgeMock(contract, 'other-ids', given)) },
  ];
  return judged;
}

async function judgeMock(
  { document, id }: Contract,
  variant?: VariantId,
  variables: Readonly<Record<string, string>> = {},
): Promise<JudgedStack> {
  const folder = mkdtempSync(join(tmpdir(), 'bare-document-'));
  const contract = join(folder, id);
  mkdirSync(contract);
  // JSON is YAML.
  writeFileSync(join(contract, 'openapi.yaml'), JSON.stringify(withoutDetails(document)));
  const mock = await startMock({ document, name: id, variant });
  try {
    return await judge(id, { ...mock.settings('sandbox'), CONTRACT: contract, ...variables });
  } finally {
    await mock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
