import type { Api, EnvironmentName, Operation } from './api.ts';
import type { JsonObject, Schema } from './json.ts';
import type { IssuedKey } from './keys.ts';
import type { Clock } from './lifecycle.ts';
import type { Limiter } from './rate-limit.ts';
import type { Refusal, RefusalReason } from './refusal.ts';

export type RouteMatch =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly parameters: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'unknown-path' };

/** Finds operations by paths below the base path. */
export interface PathRouter {
  readonly find: (method: string, path: string) => RouteMatch;
  /** Whether a path is spelt as in the document, with or without regard to letters that are percent-encoded. */
  readonly isWritten: (path: string, decodesLetters: boolean) => boolean;
  /** The operation that a client probably means by a path, however it is spelt. */
  readonly guess: (method: string, path: string, basePath: string) => Operation | undefined;
}

/** The statuses and bodies of an API's responses. */
export interface ResponseBodies {
  readonly statusOf: (reason: RefusalReason) => number;
  /** The body of a refusal: of the operation's own where the document describes none for the API as a whole. */
  readonly of: (refusal: Refusal, operation?: Operation) => JsonObject;
  /** What is sent: the same, or a list or a text where the document describes such a body. */
  readonly sent: (refusal: Refusal, operation?: Operation) => unknown;
  /** The operation that describes how one is refused: as most do, where it does not say so itself, or there is none. */
  readonly likeWhich: (reason: RefusalReason, operation: Operation | undefined) => Operation | undefined;
  /** The body that names scopes; the plain one where the document describes no such body. */
  readonly naming: (refusal: Refusal, required: readonly string[], held: readonly string[]) => JsonObject;
  /** Samples of the members that any error body may have. */
  readonly optionalMembers: () => JsonObject;
  readonly ofSuccess: (operation: Operation) => { readonly status: number; readonly body: unknown };
}

/** Judges values by schemas of the document. */
export interface SchemaValidator {
  /** What is wrong with the value, one sentence for each fault. */
  readonly errors: (schema: Schema, value: unknown) => readonly string[];
}

/** What follows from a document alone: made once for a process. */
export interface ApiServices {
  readonly api: Api;
  readonly router: PathRouter;
  readonly bodies: ResponseBodies;
  readonly validator: SchemaValidator;
}

/** A request that changes something and was carried out. */
export interface Effect {
  readonly environment: EnvironmentName;
  /** Id of the operation. */
  readonly operation: string;
}

/** Everything behind the listeners of one mock. */
export interface ServerState extends ApiServices {
  /** Those that were issued at the start, then one for each secret that was made since. */
  readonly keys: IssuedKey[];
  readonly clock: Clock;
  readonly rateLimiter: Limiter;
  /** Counts the bad keys of each address. */
  readonly failures: Limiter;
  /** `host:port` of the TLS listener of each environment, once it listens. */
  readonly authorities: Map<EnvironmentName, string>;
  readonly effects: Effect[];
}
