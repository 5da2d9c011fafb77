import type { Contract } from '../model/contract.ts';

/** Characters of a key behind its prefix, at least: with fewer it is the prefix itself, in a sentence about it. */
const FEWEST_BEHIND_PREFIX = 4;

const known = new WeakMap<Contract, readonly string[]>();

/** Texts of the document that look like keys of the contract's kinds: `sk_test_4eC39HqLyjWDarjtT1zdp7dc`. In its order. */
export function keysShown(contract: Contract): readonly string[] {
  const found = known.get(contract) ?? search(contract);
  known.set(contract, found);
  return found;
}

function search({ document, keyKinds }: Contract): readonly string[] {
  const prefixes = keyKinds.map(({ prefix }) => prefix).filter((prefix) => prefix !== '');
  if (prefixes.length === 0) return [];
  const text = JSON.stringify(document);
  const any = prefixes.map((prefix) => prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const keys = new RegExp(`(?<![A-Za-z0-9])(?:${any})[A-Za-z0-9_-]{${FEWEST_BEHIND_PREFIX},}`, 'g');
  return [...new Set(text.match(keys))];
}
