import type { Contract } from '../src/model/contract.ts';
import { presentableAlternatives } from '../src/openapi/security.ts';
import type { Behaviour } from './behaviour.ts';
import { slotOf } from './keys.ts';

type Demands = readonly (readonly string[])[];

const everywhere = new WeakMap<Contract, Demands>();

/** What an operation asks for; where none is meant, whatever any of them asks for. */
export const demands: Behaviour['demands'] = ({ world: { contract }, operation }) => {
  if (operation) return demandsOf(contract, operation);
  const known = everywhere.get(contract) ?? contract.operations.flatMap((one) => demandsOf(contract, one));
  everywhere.set(contract, known);
  return known;
};

function demandsOf(contract: Contract, operation: Contract['operations'][number]): Demands {
  return presentableAlternatives(contract, operation).map((schemes) => [
    ...new Set(schemes.map(({ name }) => slotOf(contract, name))),
  ]);
}
