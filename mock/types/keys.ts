import type { EnvironmentName } from './api.ts';
import type { ManagedSecret } from './lifecycle.ts';

export type KeyType = 'full' | 'scoped' | 'revoked' | 'address-locked' | 'other-account' | 'managed';

/** A credential that a mock has issued: when it started, or because somebody made a key. */
export interface IssuedKey {
  readonly type: KeyType;
  /** Which of the API's credentials it is; see `credentialOf`. */
  readonly credential: string;
  readonly environment: EnvironmentName;
  readonly prefix: string;
  /** What follows the prefix. */
  readonly secret: string;
  readonly value: string;
  /** SHA-256 of the value. */
  readonly digest: Buffer;
  readonly scopes: 'all' | readonly string[];
  readonly isRevoked: boolean;
  /** The only address that may use it. */
  readonly allowedAddress?: string;
  /** Set where somebody made the key. */
  readonly managed?: ManagedSecret;
}

/** What a request has in the place of a security scheme; the value is empty where the place is there without a key. */
export interface PresentedCredential {
  /** Name of the security scheme. */
  readonly scheme: string;
  readonly value: string;
}
