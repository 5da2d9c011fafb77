import type { KeyEvent, KeyLine, KeyLinePromise, KeySample } from '../../model/key-lifecycle.ts';
import type { Change, ObservedKey, ObservedSample } from '../../model/key-observations.ts';

/** What becomes of one key, written down while it happens. */
export class KeyLog implements ObservedKey {
  readonly name: string;
  readonly events: KeyEvent[] = [];
  readonly samples: ObservedSample[] = [];
  promise?: KeyLinePromise;
  change?: Change;

  constructor(name: string) {
    this.name = name;
  }

  note(at: number, what: string): void {
    this.events.push({ at, what });
  }

  add(samples: readonly ObservedSample[]): readonly ObservedSample[] {
    this.samples.push(...samples);
    return samples;
  }
}

/** The line of a key as reports have it. */
export function lineOf({ name, events, samples, promise, change }: ObservedKey): KeyLine {
  const inOrder = samples.toSorted((one, other) => one.order - other.order);
  const after = change?.at ?? 0;
  const firstRefusal = change && inOrder.find(({ what, at }) => what === 'refused' && at >= after)?.at;
  const lastAcceptance = inOrder.findLast(({ what }) => what === 'opened')?.at;
  return {
    name,
    events: events.toSorted((one, other) => one.at - other.at),
    samples: inOrder.map(({ at, took, what, status, form, connection, operation }): KeySample => ({
      ...{ at, took, what },
      ...(status !== undefined && { status }),
      ...{ form, connection, operation },
    })),
    ...(promise && { promise }),
    ...(firstRefusal !== undefined && { firstRefusal }),
    ...(lastAcceptance !== undefined && { lastAcceptance }),
  };
}
