import type { Exchange } from '../../model/exchange.ts';
import type { NotAsked } from '../../model/key-observations.ts';
import type { Secret } from '../../secret.ts';

/** What is wished of a key that is to be made. */
export interface KeyWish {
  /** Absent: those that a key gets of which nothing is said. */
  readonly scopes?: readonly string[];
  /** Absent: it does not expire. */
  readonly expiry?: {
    /** Seconds from now. */
    readonly in: number;
    /** The same as a Unix time in milliseconds, by the clock of the target. */
    readonly at: number;
  };
}

export interface MadeKey {
  readonly id: string;
  readonly secret: Secret;
}

/** What the target tells of a key. */
export interface ToldOfKey {
  /** Unix milliseconds, by the clock of the target; null: never; undefined: no time that can be read. */
  readonly lastUsed: number | null | undefined;
  /** The whole key stands in the response. */
  readonly showsKey: boolean;
}

/** Something was done, or why it was not. Times are Unix milliseconds by our clock. */
export type Kept<Value> =
  | {
      readonly value: Value;
      readonly sentAt: number;
      /** When the response was read. */
      readonly at: number;
      readonly exchange?: Exchange;
    }
  | (NotAsked & { readonly value?: undefined; readonly exchange?: Exchange });

/** Makes and ends keys of the target: by operations of the contract, or by a command of the settings. */
export interface KeyKeeper {
  readonly kind: 'operations' | 'command';
  /** Whether there is a way to say which scopes a key gets. */
  readonly setsScopes: boolean;
  /** Whether there is a way to say when a key expires. */
  readonly setsExpiry: boolean;
  /** Ids of the operations that do it; a command has none. */
  readonly operations: Readonly<Partial<Record<'create' | 'roll' | 'update' | 'revoke' | 'read', string>>>;
  /**
   * @param number of the key, by which messages name it
   * @param by a key that is to make it; absent: the full-access key
   */
  readonly make: (number: number, wish: KeyWish, by?: Secret) => Promise<Kept<MadeKey>>;
  /** The id stays or is another one. */
  readonly roll: (number: number, id: string) => Promise<Kept<MadeKey>>;
  readonly update: (id: string, scopes: readonly string[]) => Promise<Kept<true>>;
  /** `gone`: the target had no such key. */
  readonly revoke: (id: string) => Promise<Kept<'revoked' | 'gone'>>;
  readonly read: (id: string, secret?: Secret) => Promise<Kept<ToldOfKey>>;
}

export function unsupported(reason: string): NotAsked {
  return { outcome: 'not applicable', reason };
}
