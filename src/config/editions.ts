import type { Edition } from '../model/edition.ts';

/** The oldest first. */
export const EDITIONS = ['2026.11', '2026.12'] as const satisfies readonly Edition[];

/** Whether a rule is newer than the pinned edition; none is where no edition is pinned. */
export function isNewer(since: Edition, pinned: Edition | undefined): boolean {
  return pinned !== undefined && EDITIONS.indexOf(since) > EDITIONS.indexOf(pinned);
}
