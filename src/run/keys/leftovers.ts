import { HttpSender } from '../../http/sender.ts';
import type { Contract } from '../../model/contract.ts';
import type { Target } from '../../model/target.ts';
import { validatorsOf } from '../../openapi/schema-validators.ts';
import { keeperOf, ownerOf } from './ask-keys.ts';
import { type LeftBehind, leftBehind, noteEnded, removeJournal } from './journal.ts';
import { revokeAll } from './key-ring.ts';
import { systemClock } from './plays.ts';

export interface Tidied {
  /** Ids of the keys that were revoked. */
  readonly revoked: readonly string[];
  /** A sentence about each that could not be, and about each of which nobody knows whether it was made. */
  readonly problems: readonly string[];
}

/**
 * Revokes what runs that were killed have left at this target. Those of another target wait for a run of that.
 *
 * @param folder of the journals
 */
export async function revokeLeftovers(contract: Contract, target: Target, folder: string): Promise<Tidied> {
  const own = ownerOf(contract, target);
  const left = leftBehind(folder).filter(
    ({ owner }) => owner.contract === own.contract && owner.baseUrl === own.baseUrl,
  );
  if (left.length === 0) return { revoked: [], problems: [] };
  const wire = new HttpSender(contract, target, { timeout: target.run.timeout });
  try {
    const keeper = keeperOf(contract, target, { wire, schemas: validatorsOf(contract), clock: systemClock });
    const tidied = { revoked: [] as string[], problems: [] as string[] };
    for (const one of left) {
      const problems = await revokeAll(keeper, one.ids, (id) => {
        noteEnded(one.file, id);
        tidied.revoked.push(id);
      });
      if (problems.length > 0) tidied.problems.push(...problems, `Then delete ${one.file}.`);
      else {
        tidied.problems.push(...one.unknown.map((at) => unknownSentence(one, at)));
        // It is told once: nobody can say more of it the next time.
        removeJournal(one.file);
      }
    }
    return tidied;
  } finally {
    await wire.close();
  }
}

function unknownSentence({ owner }: LeftBehind, at: string): string {
  return `A run that was killed asked ${owner.baseUrl} to make a key at ${at}, but never received its id: look for a key that was made at that time, and revoke it.`;
}
