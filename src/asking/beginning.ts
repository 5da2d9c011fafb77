import type { RunConfiguration } from '../config/run-configuration.ts';
import { planLine } from '../reporting/plan-text.ts';
import { grouped, many } from '../reporting/wording.ts';
import { type Catalogue, catalogueOf } from '../run/catalogue.ts';
import { inShard, planRun, type Shard } from '../run/plan-run.ts';
import type { SharedPlans } from '../run/shared-plans.ts';

/**
 * What a run says first: what is judged, by how much of the contract and of the rules, and what that sends.
 *
 * @param plans of whoever sends it
 */
export async function beginning(
  { contract, target, usesEmbeddedMock }: Pick<RunConfiguration, 'contract' | 'target' | 'usesEmbeddedMock'>,
  catalogue: Catalogue,
  {
    ofOperations: rules,
    aboutKeys,
  }: { readonly ofOperations: ReadonlySet<string>; readonly aboutKeys: ReadonlySet<string> },
  operations: ReadonlySet<string>,
  shard: Shard | null = null,
  plans?: SharedPlans,
): Promise<string> {
  const shared = inShard(target, shard);
  const plan = await planRun(contract, shared, catalogueOf(catalogue, rules), {
    chosen: { operations, aboutKeys },
    ...(plans && { plans }),
  });
  const judged = `${usesEmbeddedMock ? 'the embedded mock, ' : ''}${target.baseUrl} (${target.environment})`;
  const size = `${partOf(operations.size, contract.operations.length, 'operation')} × ${partOf(rules.size, catalogue.rules.length, 'rule')}`;
  return `${contract.title} ${contract.version} on ${judged}: ${size}\n${planLine(plan, shared)}\n`;
}

function partOf(chosen: number, all: number, one: string): string {
  return chosen === all ? many(all, one) : `${grouped(chosen)} of ${many(all, one)}`;
}
