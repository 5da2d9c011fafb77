/**
 * The contract as the rest of the suite sees it: one plain JSON-serialisable value made from an OpenAPI document by
 * `loadContract`. It is parsed and validated once for a run and handed on as data, so nothing here holds a function.
 */
import type { OpenAPIV3_1 } from 'openapi-types';
import type { KeyLifecycle } from './key-lifecycle.ts';

/** Whether a source says a thing in words, or we concluded it. An inferred thing is never presented as documented. */
export type Mark = 'documented' | 'inferred';

/** RFC 2119 weight of a rule: MUST violates, SHOULD deviates, SURVEY only records. */
export type Level = 'MUST' | 'SHOULD' | 'SURVEY';

export type EnvironmentName = string;

/** A kind of key: its public prefix, the environment it belongs to and that environment's base URL. */
export interface KeyKind {
  readonly name: string;
  readonly prefix: string;
  readonly environment: EnvironmentName;
  readonly server: string;
}

/** One sentence of the documentation that can be kept or broken. */
export interface DocumentedPromise {
  readonly id: string;
  readonly text: string;
  readonly mark: Mark;
  /** Absolute address of the page that says it, with its fragment. */
  readonly source: string;
  /** Set where no request can check the promise: says why. */
  readonly uncheckable?: string;
}

/** What a refusal looks like: one of the statuses, such as 401, with a body that the schema at the pointer accepts. */
export interface DocumentedRefusal {
  readonly status: readonly number[];
  /** JSON pointer into `Contract.document`; absent when the contract describes no body. */
  readonly schema?: string;
}

export type RefusalName =
  'missingKey' | 'invalidKey' | 'forbidden' | 'otherEnvironment' | 'lockedOut' | 'rateLimited' | 'envelope';

/** A way to present a credential, from `components.securitySchemes`. */
export interface SecurityScheme {
  readonly name: string;
  readonly type: 'apiKey' | 'http' | 'oauth2' | 'openIdConnect' | 'mutualTLS';
  /** apiKey only. */
  readonly in?: 'header' | 'query' | 'cookie';
  /** apiKey only: the name of the header, query parameter or cookie. */
  readonly parameter?: string;
  /** apiKey in a header only: the word before the key, `Token` in `Authorization: Token KEY`. */
  readonly word?: string;
  /** http only, lower case: `bearer`, `basic`, … */
  readonly scheme?: string;
}

/** OpenAPI, Security Requirement Object: all its schemes are needed together. Without schemes it allows anonymous access. */
export interface SecurityRequirement {
  readonly schemes: readonly { readonly name: string; readonly scopes: readonly string[] }[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly example?: unknown;
  /** JSON pointer to its schema in `Contract.document`. */
  readonly schema?: string;
  /** The path has it and the document does not describe it. */
  readonly isImplied?: true;
}

export interface RequestBody {
  readonly mediaType: string;
  readonly required: boolean;
  /** JSON pointer to its schema in `Contract.document`. */
  readonly schema?: string;
  readonly example?: unknown;
}

export interface Operation {
  /** `GET /contacts`: method and path template, unique in a contract. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** RFC 9110 §9.2.1: GET, HEAD, OPTIONS, TRACE. */
  readonly isSafe: boolean;
  /** JSON pointer of the operation in `Contract.document`. */
  readonly pointer: string;
  /** Line of the operation in `Contract.file`, from 1. */
  readonly line: number;
  /** One of these security requirements is enough. Empty: public. */
  readonly security: readonly SecurityRequirement[];
  /** Neither the operation nor the document has `security`, so that nothing promises anonymous access. */
  readonly isSecurityUnstated?: true;
  /** URL of the first of its own servers, where it is none of the document's: nothing is sent to it. */
  readonly ownServer?: string;
  /** The roles that the key has to have: of the alternatives that take it, those of the one that asks for the fewest. */
  readonly scopes: readonly string[];
  /** How sure the contract is of `scopes`, and at which level they are judged. */
  readonly scopePromise: {
    readonly mark: Mark;
    readonly level: Level;
    /** Absolute address of the page that it was read or concluded from. */
    readonly source?: string;
  };
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody;
  /** Documented responses by status: `200`, a range such as `4XX`, or `default`. */
  readonly responses: Readonly<Record<string, DocumentedResponse>>;
}

export interface DocumentedResponse {
  /** JSON pointer to the schema of its JSON body in `Contract.document`. */
  readonly schema?: string;
  readonly example?: unknown;
  /** As they are written, parameters and ranges included; empty: the document shows no body. */
  readonly mediaTypes: readonly string[];
  readonly headers: readonly string[];
}

export interface RateLimitHeaders {
  readonly limit: string;
  readonly remaining: string;
  /** Its value is a Unix time in seconds. */
  readonly reset: string;
}

export interface Contract {
  /** Name of its folder below `specs/`; upper-cased it is the prefix of its environment variables. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** Path of the OpenAPI file, relative to the project. */
  readonly file: string;
  /** Of the document and every file it refers to. */
  readonly sha256: string;
  /** Those files, the document first; paths relative to the project. */
  readonly files: readonly string[];
  readonly servers: readonly string[];
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** The run presents a certificate in every TLS handshake, so that requests can satisfy schemes of the type `mutualTLS`. */
  readonly presentsCertificate?: true;
  readonly keyKinds: readonly KeyKind[];
  /** Names of schemes that the contract promises to be interchangeable, the primary one first. */
  readonly equivalentSchemes: readonly string[];
  /** Every scope that a key can be given. */
  readonly scopes: readonly string[];
  readonly refusals: Readonly<Partial<Record<RefusalName, DocumentedRefusal>>>;
  readonly rateLimitHeaders?: RateLimitHeaders;
  /** Name of the member of an error body that repeats the status. */
  readonly statusMember?: string;
  /** Names of body members and headers that differ from response to response by nature. */
  readonly volatileMembers: readonly string[];
  /** What the API does not have; see `WithoutFeature` for the names. */
  readonly without: readonly string[];
  readonly promises: readonly DocumentedPromise[];
  /** How keys are made and ended; absent: the document does not say. */
  readonly lifecycle?: KeyLifecycle;
  readonly operations: readonly Operation[];
  /** The bundled document: every `$ref` is internal. Pointers above point into it and look like a `$ref`: `#/paths/…`. */
  readonly document: OpenAPIV3_1.Document;
}
