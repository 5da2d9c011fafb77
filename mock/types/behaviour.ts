import type { SecureVersion } from 'node:tls';
import type { EnvironmentName, Operation } from './api.ts';
import type { MockResponse } from './http.ts';
import type { IssuedKey, KeyType, PresentedCredential } from './keys.ts';
import type { KeyAction, KeyTold, ManagedKey, ManagedSecret } from './lifecycle.ts';
import type { Quota } from './rate-limit.ts';
import type { Refusal } from './refusal.ts';
import type { MockRequest } from './request.ts';
import type { RouteMatch } from './state.ts';

/** What a listener shows: a good certificate, one of an unknown authority, or one for another host. */
export type CertificateKind = 'trusted' | 'untrusted' | 'another-host';

/** One of the checks that a request has to pass, in the order that `checkOrder` gives. */
export type Check =
  'rate-limit' | 'authentication' | 'address-lock' | 'route' | 'permission' | 'validation' | 'resource';

/** Settled when the mock starts, hence the same for every request. */
export interface Setup {
  readonly certificate: CertificateKind;
  readonly oldestTls: SecureVersion;
  /** Makes the part of a key after its prefix, of a key of this type and with these scopes. */
  readonly secret: (type: KeyType, scopes: IssuedKey['scopes']) => string;
  /** Whether a key without any scope is issued although nothing asks for one. */
  readonly issuesScopelessKey: boolean;
  /** Whether keys with several scopes are issued: for each scope one with all others, and one with those of other resources. */
  readonly issuesKeysOfSeveralScopes: boolean;
  /** Whether another account has a key as well. */
  readonly issuesOtherAccountKey: boolean;
  /** Whether HTTP/2 is offered in the TLS handshake, beside HTTP/1.1. */
  readonly speaksHttp2: boolean;
  /** When a request that expects it is told to go on with its body (RFC 9110 §10.1.1). Node's servers do so at once. */
  readonly continues: 'at once' | 'when the body is read';
}

/** The stages that a request passes. Each has the request as its first argument, so that any can be confined to some. */
export interface Stages {
  /** What the HTTP parser reads in place of the head that came: Latin-1 text with its empty line. */
  readonly headFilter: (request: MockRequest, head: string) => string;
  /**
   * What the HTTP parser answers by itself to what is no HTTP, of which the request is as much as could be read. Nothing is
   * added to it; undefined: the API refuses it in its own words.
   */
  readonly parser: (request: MockRequest, isTooLarge: boolean) => MockResponse | undefined;
  /**
   * What becomes of a request to upgrade the connection. A server without a listener for upgrades answers it as it answers
   * every other request.
   *
   * @param respond makes that usual response
   */
  readonly upgrade: (
    request: MockRequest,
    respond: () => Promise<MockResponse>,
  ) => MockResponse | Promise<MockResponse>;
  /**
   * What stands before the API and answers in its place: a proxy, a firewall, a web page. Nothing is added to it; undefined:
   * the request goes on to the API.
   */
  readonly edge: (request: MockRequest) => MockResponse | undefined;
  /** The refusal of plain HTTP; undefined: the request is treated as if it had come over TLS. */
  readonly plainHttp: (request: MockRequest) => Refusal | undefined;
  /** A response in place of everything behind it, as gateways and caches give. */
  readonly shortCircuit: (request: MockRequest) => MockResponse | undefined | Promise<MockResponse | undefined>;
  /** Whether the operation is open to everyone. */
  readonly isPublic: (request: MockRequest, operation: Operation) => boolean;
  /** Whether the operation asks for a certificate of the client. */
  readonly needsCertificate: (request: MockRequest, operation: Operation) => boolean;
  /** Alternatives of credentials, each a list of those that are needed together; see `credentialOf`. */
  readonly alternatives: (request: MockRequest) => readonly (readonly string[])[];
  /** Whether a key is asked for; where not, none is looked at. */
  readonly isGuarded: (request: MockRequest) => boolean;
  readonly readCredentials: (request: MockRequest) => readonly PresentedCredential[];
  /** The environment whose keys count. */
  readonly environmentOf: (request: MockRequest) => EnvironmentName;
  /** The key with this value in the environment, revoked or not. */
  readonly lookUp: (request: MockRequest, sent: string, environment: EnvironmentName) => IssuedKey | undefined;
  /** Whether the key is not revoked. */
  readonly isActive: (request: MockRequest, key: IssuedKey) => boolean;
  /** The key that a request without a key is treated as having. */
  readonly anonymousKey: (
    request: MockRequest,
    presented: readonly PresentedCredential[],
  ) => IssuedKey | undefined | Promise<IssuedKey | undefined>;
  /** Counts a bad key; undefined: nobody counts. */
  readonly countFailure: (request: MockRequest) => Quota | undefined;
  /** Requests with the same bucket are counted together. */
  readonly bucketOf: (request: MockRequest, key: IssuedKey | undefined) => string;
  /** Address of the client. */
  readonly addressOf: (request: MockRequest) => string;
  readonly isLockedOut: (request: MockRequest, key: IssuedKey, address: string) => boolean;
  readonly matchRoute: (request: MockRequest) => RouteMatch;
  readonly isPermitted: (request: MockRequest, key: IssuedKey, operation: Operation) => boolean;
  /** What is wrong with the parameters and the body. */
  readonly inputErrors: (
    request: MockRequest,
    operation: Operation,
    parameters: Readonly<Record<string, string>>,
  ) => Promise<readonly string[]>;
  /** Whether what the path names is there. */
  readonly exists: (
    request: MockRequest,
    operation: Operation,
    parameters: Readonly<Record<string, string>>,
    key?: IssuedKey,
  ) => boolean;
  readonly checkOrder: (request: MockRequest) => readonly Check[];
  readonly succeed: (request: MockRequest, operation: Operation, key?: IssuedKey) => MockResponse;
  readonly refuse: (request: MockRequest, refusal: Refusal) => MockResponse;
  /** Adds what every response has. */
  readonly finish: (request: MockRequest, response: MockResponse, quota: Quota) => MockResponse;
}

/** What is decided about the keys that somebody makes while the mock runs. */
export interface KeyStages {
  /** Whether the time of a managed key is over. */
  readonly hasExpired: (request: MockRequest, key: ManagedKey) => boolean;
  /** Whether a newer secret of a managed key has ended this one. */
  readonly isReplaced: (request: MockRequest, secret: ManagedSecret) => boolean;
  /** Remembers that a managed key was accepted. */
  readonly noteUse: (request: MockRequest, key: ManagedKey) => void;
  /** Whether whoever has the key may give these scopes to a key; undefined: whoever has the console. */
  readonly mayGrant: (request: MockRequest, by: IssuedKey | undefined, scopes: ManagedKey['scopes']) => boolean;
  /** Whether the id of the managed key still leads to it. */
  readonly isFound: (request: MockRequest, key: ManagedKey, action: KeyAction) => boolean;
  readonly rolledId: (request: MockRequest, key: ManagedKey) => string;
  readonly changeScopes: (request: MockRequest, key: ManagedKey, scopes: ManagedKey['scopes']) => void;
  /** What a response tells of a managed key, beside a secret that it makes. */
  readonly tell: (request: MockRequest, key: ManagedKey) => KeyTold;
}

export type Behaviour = Setup & Stages & KeyStages;

/** What is changed in a behaviour, given that behaviour to fall back on. */
export type Patch = (sound: Behaviour) => Partial<Behaviour>;
