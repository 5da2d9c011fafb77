import type { Cell } from '../../model/cell.ts';
import type { Contract } from '../../model/contract.ts';
import type { KeyObservations } from '../../model/key-observations.ts';
import { outcomeOfCell } from '../level.ts';
import type { KeyRule } from './key-rule.ts';

/** The cells of the rules about keys over time: of each operation that keys were shown to, in the contract's order. */
export function judgeKeys(rules: readonly KeyRule[], observations: KeyObservations, contract: Contract): Cell[] {
  return rules.flatMap((rule) => cellsOf(rule, observations, contract));
}

function cellsOf(rule: KeyRule, observations: KeyObservations, contract: Contract): Cell[] {
  const isPromised = rule.promise === undefined || observations.promises[rule.promise] !== undefined;
  const level = isPromised ? rule.level : 'SURVEY';
  const cell = { rule: rule.id, level };
  const judged = rule.judge({ contract, observations, level });
  if ('outcome' in judged) {
    // Where no key could be shown to anything there is still one place to say so.
    const operations = observations.operations.length > 0 ? observations.operations : firstOf(contract);
    return operations.map((operation) => ({ ...cell, ...judged, operation, cases: [] }));
  }
  return judged.map(({ operation, cases }) => ({ ...cell, operation, ...outcomeOfCell(level, cases), cases }));
}

function firstOf({ operations }: Contract): readonly string[] {
  return operations.slice(0, 1).map(({ id }) => id);
}
