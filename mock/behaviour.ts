import type { SecureVersion } from 'node:tls';
import type { RefusalName, EnvironmentName, Operation } from '../src/model/contract.ts';
import type { Call } from './call.ts';
import type { CertificateKind } from './certificates.ts';
import type { IssuedKey } from './keys.ts';
import type { Quota } from './meter.ts';
import type { Routed } from './routes.ts';

/** What a request presents in one of the contract's forms; the value is empty where the form is there without a key. */
export interface Credential {
  /** Name of the security scheme. */
  readonly form: string;
  readonly value: string;
}

/** What the server looks at, in the order in which `order` names it. */
export type Step =
  'rate-limit' | 'authentication' | 'address-lock' | 'route' | 'permission' | 'validation' | 'resource';

/** Why a request is refused: the answers that contracts name, and those of any HTTP server. */
export type Reason =
  | Exclude<RefusalName, 'envelope'>
  | 'plainHttp'
  | 'conflictingKeys'
  | 'unknownPath'
  | 'wrongMethod'
  | 'invalidInput'
  | 'unknownId'
  | 'headTooLarge'
  | 'misdirected'
  | 'serverError';

export interface Refusal {
  readonly reason: Reason;
  /** forbidden: the key that lacks the scopes, and the scopes. */
  readonly key?: IssuedKey | undefined;
  readonly required?: readonly string[] | undefined;
  /** wrongMethod: what the path does allow. */
  readonly allow?: readonly string[] | undefined;
  /** rateLimited: seconds. */
  readonly retryAfter?: number | undefined;
}

export type HeaderLine = readonly [name: string, value: string];

export interface Reply {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  /** A string is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly delivery?: Delivery;
}

/** How an answer travels, for servers that are unusual there. */
interface Delivery {
  readonly chunked?: boolean;
  /** Behind a chunked body. */
  readonly trailers?: readonly HeaderLine[];
  readonly indented?: boolean;
  readonly compressed?: boolean;
  /** The end of the connection is the end of the body, as before HTTP/1.1. */
  readonly untilClose?: boolean;
  /** A 103 goes ahead. */
  readonly hinted?: boolean;
  /** Text behind the status; the usual one by default. */
  readonly phrase?: string;
  /** Milliseconds before the answer begins. */
  readonly delay?: number;
  /** No answer at all: the connection is reset. */
  readonly hangUp?: boolean;
}

/** Settled when the mock starts, hence the same for every request. */
export interface Setup {
  readonly certificate: CertificateKind;
  readonly oldestTls: SecureVersion;
  /** Makes the part of a key after its prefix. */
  readonly secret: () => string;
}

/**
 * The stages a request passes. Each sees the whole call first, so that a defect of any stage can be confined to some
 * calls without the stage knowing.
 */
interface Stages {
  /** What the parser is given for the head that came: Latin-1 text, its empty line included. */
  readonly front: (call: Call, head: string) => string;
  /** What plain HTTP gets instead of an answer; undefined goes on as if the request had come over TLS. */
  readonly plainHttp: (call: Call) => Refusal | undefined;
  /** Answers in place of everything behind it, as gateways and caches do. */
  readonly early: (call: Call) => Reply | undefined;
  /** Whether the operation is open to everyone. */
  readonly isOpen: (call: Call, operation: Operation) => boolean;
  /** Alternatives of credentials that are asked for together, each by its slot. */
  readonly demands: (call: Call) => readonly (readonly string[])[];
  /** Whether a key is asked for; where not, none is looked at either. */
  readonly isGuarded: (call: Call) => boolean;
  readonly readCredentials: (call: Call) => readonly Credential[];
  readonly environmentOf: (call: Call) => EnvironmentName;
  /** The key that was sent, revoked or not, among the keys of the environment. */
  readonly lookUp: (call: Call, sent: string, environment: EnvironmentName) => IssuedKey | undefined;
  readonly isAlive: (call: Call, key: IssuedKey) => boolean;
  /** Whom a request without a key is taken for. */
  readonly anonymous: (
    call: Call,
    presented: readonly Credential[],
  ) => IssuedKey | undefined | Promise<IssuedKey | undefined>;
  /** Counts a bad key; undefined where nobody counts. */
  readonly attempt: (call: Call) => Quota | undefined;
  /** Whose requests are counted together. */
  readonly bucketOf: (call: Call, key: IssuedKey | undefined) => string;
  readonly addressOf: (call: Call) => string;
  readonly isLockedOut: (call: Call, key: IssuedKey, address: string) => boolean;
  readonly routeOf: (call: Call) => Routed;
  readonly admits: (call: Call, key: IssuedKey, operation: Operation) => boolean;
  readonly mistakes: (
    call: Call,
    operation: Operation,
    parameters: Readonly<Record<string, string>>,
  ) => Promise<readonly string[]>;
  readonly order: (call: Call) => readonly Step[];
  readonly succeed: (call: Call, operation: Operation) => Reply;
  readonly refuse: (call: Call, refusal: Refusal) => Reply;
  /** Adds what every answer carries. */
  readonly finish: (call: Call, reply: Reply, quota: Quota) => Reply;
}

export type Behaviour = Setup & Stages;

/** What is changed in a behaviour, given that behaviour to fall back on. */
export type Patch = (sound: Behaviour) => Partial<Behaviour>;
