import type { Operation } from '../model/contract.ts';

/** The first segment of a path that is a name and no version: what the operation is about. */
export function resourceOf({ path }: Operation): string {
  const segments = path.split(/[/?#]/).filter((segment) => segment !== '' && !segment.startsWith('{'));
  return segments.find((segment) => !/^(?:api|v?\d+(?:[.-]\d+)*)$/i.test(segment)) ?? '/';
}

/** Of each group what more than half of its operations have in common; a group of one or two has no usual. */
export function commonest(
  operations: readonly Operation[],
  groupOf: (operation: Operation) => string,
  trait: (operation: Operation) => string,
): ReadonlyMap<string, string> {
  const groups = new Map<string, string[]>();
  for (const operation of operations) {
    const traits = groups.get(groupOf(operation)) ?? [];
    traits.push(trait(operation));
    groups.set(groupOf(operation), traits);
  }
  const usual = [...groups].flatMap(([group, traits]) => {
    const found = majorityOf(traits);
    return traits.length > 2 && found !== undefined ? [[group, found] as const] : [];
  });
  return new Map(usual);
}

function majorityOf(traits: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const trait of traits) counts.set(trait, (counts.get(trait) ?? 0) + 1);
  return [...counts].find(([, count]) => count > traits.length / 2)?.[0];
}
