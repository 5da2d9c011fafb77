/** Tells the time, so that a test can move it. */
export interface Clock {
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** What can be done with the keys that a mock manages. */
export type KeyAction = 'create' | 'roll' | 'update' | 'revoke' | 'read';

/** Where a request or a response has something: a JSON Pointer (RFC 6901) into its body, or the name of a header. */
export type Place =
  { readonly in: 'body'; readonly pointer: string } | { readonly in: 'header'; readonly name: string };

/** An operation that manages keys, from `x-authentication.lifecycle`. */
export interface KeyOperation {
  readonly action: KeyAction;
  /** Where a request has the id of the key; absent: nowhere. */
  readonly idPlace?:
    { readonly in: 'path' | 'query'; readonly name: string } | { readonly in: 'body'; readonly pointer: string };
  /** In the response. */
  readonly secret?: Place;
  /** In the response. */
  readonly id?: Place;
  /** In the response. */
  readonly lastUsed?: Place;
  /** In the request; of `read` in the response. */
  readonly scopes?: Place;
  /** In the request: seconds. */
  readonly expiresIn?: Place;
  /** In the request: RFC 3339. */
  readonly expiresAt?: Place;
}

/** In seconds; absent: the document does not say. */
export interface KeyPromises {
  readonly revokedWithin?: number;
  readonly overlap?: number;
  readonly scopeChangeWithin?: number;
  readonly expiresWithin?: number;
  readonly lastUsedWithin?: number;
}

export interface Lifecycle {
  /** By the id of the operation, such as `POST /keys`; none where the document only promises. */
  readonly operations: Readonly<Record<string, KeyOperation>>;
  readonly promises: KeyPromises;
}

/** A key that somebody made while the mock ran. All times are Unix times in milliseconds. */
export interface ManagedKey {
  readonly id: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
  scopes: 'all' | readonly string[];
  revokedAt?: number;
  lastUsedAt?: number;
}

/** One of the secrets of a managed key: rolling adds one. */
export interface ManagedSecret {
  readonly key: ManagedKey;
  /** Whether a roll made it. */
  readonly isRolled: boolean;
  /** When a newer one took its place. */
  replacedAt?: number;
}

/** What a response may tell of a key besides its id. */
export interface KeyTold {
  readonly scopes: 'all' | readonly string[];
  readonly lastUsedAt: number | undefined;
  /** Only the responses that make a secret tell it. */
  readonly secret?: string;
}
