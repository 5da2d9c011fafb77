import type { Exchange } from './exchange.ts';
import type { KeyEvent, KeyLinePromise, KeyPromises, KeySample } from './key-lifecycle.ts';

/** What a run recorded of keys over time, for the rules to judge. Times are seconds since the asking began. */

/** A sample with what it is judged by. */
export interface ObservedSample extends KeySample {
  /** Counts samples and changes in the order in which they were sent, since a clock may stand between two of them. */
  readonly order: number;
  readonly exchange: Exchange;
  /** Of a refusal: the same request with a key that is still valid, sent after it. */
  readonly control?: Exchange;
  /** Of one that shows neither: why. */
  readonly reason?: string;
}

/** Something that was done to a key. What the server did lies between the two times. */
export interface Change {
  /** As that of a sample: what has a higher one was sent after the response was read. */
  readonly order: number;
  readonly sentAt: number;
  /** When its response was read. */
  readonly at: number;
}

/** One key and all requests with it, in the order sent. */
export interface ObservedKey {
  readonly name: string;
  readonly events: readonly KeyEvent[];
  readonly samples: readonly ObservedSample[];
  readonly promise?: KeyLinePromise;
  /** The change that its first refusal and last acceptance are about. */
  readonly change?: Change;
}

/** Why something was not asked. */
export interface NotAsked {
  readonly outcome: 'not applicable' | 'not proven' | 'error';
  readonly reason: string;
}

export interface RevokedKeyPart {
  readonly key: ObservedKey;
  readonly made: Change;
  /** Scopes were asked for when it was made, and they are all that there are. */
  readonly hasAllScopes: boolean;
  readonly revoked?: Change | NotAsked;
  /** What the id of the revoked key gave; absent: it was not asked. */
  readonly byId?: RevokedIdPart;
}

export interface RevokedIdPart {
  /** The id in the place of the key. */
  readonly asKey: readonly ObservedSample[];
  /** The response to the operation that reads the key, and whether the key stands in it. */
  readonly read?: { readonly operation: string; readonly exchange: Exchange; readonly showsKey: boolean };
  /** The response to the operation that changes its scopes, and what the key opened afterwards. */
  readonly updated?: {
    readonly operation: string;
    readonly exchange: Exchange;
    readonly samples: readonly ObservedSample[];
  };
  /** The response to the operation that rolls the key, and what the key opened that it gave. */
  readonly rolled?: {
    readonly operation: string;
    readonly exchange: Exchange;
    readonly samples: readonly ObservedSample[];
  };
}

export interface RolledKeyPart {
  readonly old: ObservedKey;
  readonly new: ObservedKey;
  readonly rolled: Change;
}

export interface ScopedKeyPart {
  readonly key: ObservedKey;
  readonly changed: Change;
  /** Ids of operations that the key opens before the change and not after it. */
  readonly closed: readonly string[];
  /** Ids of operations that it opens after the change and not before it. */
  readonly opened: readonly string[];
}

export interface ExpiringKeyPart {
  readonly key: ObservedKey;
  readonly made: Change;
  /** Seconds from the making of the key until it expires. */
  readonly lifetime: number;
  /** Seconds by which a server may round the time, and our knowledge of its clock may be wrong. */
  readonly tolerance: number;
}

export interface EscalationPart {
  /** Id of the operation that makes keys. */
  readonly operation: string;
  readonly scopes: readonly string[];
  /** Scopes that it asked for, for another key. */
  readonly wanted: readonly string[];
  readonly exchange: Exchange;
  /** The same with the full-access key. */
  readonly control: Exchange;
  /** What the key that was made opened of what the restricted key does not; empty: no key was made. */
  readonly samples: readonly ObservedSample[];
  /** The restricted key at the same operations. */
  readonly restricted: readonly ObservedSample[];
}

export interface LastUsePart {
  /** Id of the operation that the use is shown on. */
  readonly operation: string;
  readonly key: ObservedKey;
  readonly used: Change;
  /** What was told, in the order in which it was asked. */
  readonly told: readonly {
    readonly at: number;
    readonly exchange?: Exchange;
    /** Seconds since the asking began by our clock; null: never; undefined: no time that can be read. */
    readonly lastUsed: number | null | undefined;
  }[];
  /** Seconds by which our knowledge of the target's clock may be wrong. */
  readonly tolerance: number;
}

export interface KeyObservations {
  readonly promises: KeyPromises;
  /** Ids of the operations that keys were shown to, in the order of the contract. */
  readonly operations: readonly string[];
  readonly revoked?: RevokedKeyPart | NotAsked;
  readonly rolled?: RolledKeyPart | NotAsked;
  readonly scoped?: ScopedKeyPart | NotAsked;
  readonly expiring?: ExpiringKeyPart | NotAsked;
  readonly escalation?: EscalationPart | NotAsked;
  readonly lastUse?: LastUsePart | NotAsked;
}
