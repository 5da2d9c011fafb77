import { BudgetPlan, type Candidate } from '../../src/requests/budget.ts';
import { FULL_ACCESS_CASE } from '../../src/requests/case.ts';
import { catalogue } from '../../tests/catalogue/index.ts';

/** What is sent once a run before all else, so that each response can be attributed. */
const LANDMARKS = 4;

/** Names a probe among those of all operations. */
export const probeName = ({ operation, id }: Pick<Candidate, 'operation' | 'id'>): string => `${operation} ${id}`;

export interface Simulated {
  readonly requests: number;
  readonly seed: number;
  /** Operations on which the full-access key gets a success. */
  readonly opened: ReadonlySet<string>;
}

/**
 * The probes that a budget sends as long as nothing shows anything, in the order in which they are sent. A run of a server
 * with a defect sends the same until it meets the defect: so this says whether it does, without sending anything.
 */
export function orderWithin(candidates: readonly Candidate[], { requests, seed, opened }: Simulated): string[] {
  const plan = new BudgetPlan(candidates, catalogue.worth, { requests, seed });
  const order: string[] = [];
  const known = new Set<string>();
  let left = requests - LANDMARKS;
  for (let batch = plan.next(left); batch.length > 0; batch = plan.next(left)) {
    for (const one of batch) {
      left -= one.cost;
      order.push(probeName(one));
      if (one.id === FULL_ACCESS_CASE && opened.has(one.operation)) known.add(one.operation);
    }
    plan.learn(
      batch.map(({ operation, id }) => ({ operation, id, what: 'nothing' })),
      { opened: known, different: new Set() },
    );
  }
  return order;
}
