/** What a contract and a run say about keys that change while the run watches: made, rolled, narrowed, revoked, expired. */

/** What can be done to a key. */
export type KeyAction = 'create' | 'roll' | 'update' | 'revoke' | 'read';

/**
 * Where a value stands, read from a JSON Pointer or an Arazzo runtime expression: `/key` or `$response.body#/key` in the JSON
 * body, `$response.header.X-Key` in a header of the response.
 */
export type ValuePlace =
  { readonly in: 'body'; readonly pointer: string } | { readonly in: 'header'; readonly name: string };

/** Where the id of the key goes in a request: the name of a path or query parameter, or a place in the JSON body. */
export type IdPlace =
  { readonly in: 'path' | 'query'; readonly name: string } | { readonly in: 'body'; readonly pointer: string };

/** An operation of the contract that does something to keys. */
export interface KeyOperation {
  /** Id of the operation: `POST /keys`. */
  readonly operation: string;
  /** Of all but `create`: where the id of the key goes. */
  readonly idPlace?: IdPlace;
  /** Of the response to `create` and `roll`: where the key stands. */
  readonly secret?: ValuePlace;
  /** Of the response to `create` and `roll`: where its id stands; absent at `roll`: the id stays. */
  readonly id?: ValuePlace;
  /** Of `create` and `update` a place in the request, of `read` in the response: a list of scopes. */
  readonly scopes?: ValuePlace;
  /** Of the request of `create`: seconds until the key expires. */
  readonly expiresIn?: ValuePlace;
  /** Of the request of `create`: when the key expires, in the form of RFC 3339. */
  readonly expiresAt?: ValuePlace;
  /** Of the response to `read`: when the key was last used, in the form of RFC 3339; null: never. */
  readonly lastUsed?: ValuePlace;
}

/** What is promised about the time that a change of a key takes, in seconds. Absent: not promised. */
export interface KeyPromises {
  /** From the response to a revocation until the key is refused. 0: in the first request that is sent after it. */
  readonly revokedWithin?: number;
  /** From the response to a roll: so long the old key opens as the new one does, and after it no more. */
  readonly overlap?: number;
  /** From the response to a change of scopes until it counts. */
  readonly scopeChangeWithin?: number;
  /** From the time at which a key expires until it is refused. */
  readonly expiresWithin?: number;
  /** From the use of a key until `read` tells of it. */
  readonly lastUsedWithin?: number;
}

export type KeyPromiseName = keyof KeyPromises;

/** `x-authentication.lifecycle`: how keys of the API are made and ended, and what is promised about it. */
export interface KeyLifecycle {
  /** Empty: the API has no operations for it, and a command or a person does it. */
  readonly operations: Readonly<Partial<Record<KeyAction, KeyOperation>>>;
  readonly promises: KeyPromises;
}

/** The rules about keys over time. */
export type KeyRuleId =
  | 'made-key-opens'
  | 'revoked-key-refused-in-time'
  | 'revoked-key-stays-refused'
  | 'rolled-keys-overlap'
  | 'rolled-key-ends'
  | 'changed-scopes-in-time'
  | 'expired-key-refused-in-time'
  | 'key-opens-until-it-expires'
  | 'key-makes-no-stronger-key'
  | 'last-use-told'
  | 'revoked-id-gives-nothing';

/**
 * What a request with a key shows at one moment.
 *
 * - `opened`: the response that a valid key gets there.
 * - `refused`: a refusal of the key, while a key that is still valid is accepted.
 * - `fault`: no response of the API.
 * - `unclear`: a response that shows neither, such as a 404.
 */
export type SampleResult = 'opened' | 'refused' | 'fault' | 'unclear';

/** One request with a key. Times are seconds since the asking began. */
export interface KeySample {
  /** When the request was sent. */
  readonly at: number;
  /** Seconds until its response was read. */
  readonly took: number;
  readonly what: SampleResult;
  /** Absent: no response came. */
  readonly status?: number;
  /** Id of the security alternative: `bearer`. */
  readonly form: string;
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** Id of the operation. */
  readonly operation: string;
}

/** Something that was done to a key, or became of it. */
export interface KeyEvent {
  /** Seconds since the asking began; of a change: when its response was read. */
  readonly at: number;
  /** In words: `made`, `revoked`, `rolled to key 3`, `expires`. */
  readonly what: string;
}

/** A promise about a key, as a mark on its line. */
export interface KeyLinePromise {
  readonly name: KeyPromiseName;
  readonly seconds: number;
  /** From when it counts, in seconds since the asking began. */
  readonly from: number;
}

/** The line of one key over time. */
export interface KeyLine {
  /** `key 1, revoked`. */
  readonly name: string;
  readonly events: readonly KeyEvent[];
  /** In the order sent. */
  readonly samples: readonly KeySample[];
  /** Absent: nothing is promised. */
  readonly promise?: KeyLinePromise;
  /** When the first request was sent, after the last change, that was refused; in seconds since the asking began. */
  readonly firstRefusal?: number;
  /** When the last request was sent that was accepted. */
  readonly lastAcceptance?: number;
}

/** What a run saw of keys over time: `keyLifecycle` of `conformance.json`. */
export interface KeyTimeline {
  /** Who made and ended the keys. */
  readonly keeper: 'operations' | 'command' | 'hand';
  /** RFC 3339; all other times are seconds since then. */
  readonly startedAt: string;
  readonly keys: readonly KeyLine[];
  /** Seconds between two rounds of requests: no time is known more exactly. */
  readonly samplingInterval: number;
  /** Seconds by which the clock of the target is ahead of ours, by its Date header; absent: it sends none. */
  readonly clockSkew?: number;
  /** Sent for it, those to make and end keys included. */
  readonly requests: number;
  /** How long it took. */
  readonly seconds: number;
}
