import type { JsonObject, Schema } from './json.ts';
import type { Lifecycle } from './lifecycle.ts';

/** Name of an environment, such as `sandbox`. */
export type EnvironmentName = string;

/** A kind of key, from `x-authentication`: `{ "prefix": "sk_live_", "environment": "production", "server": … }`. */
export interface KeyKind {
  /** Every key of this kind begins with it. */
  readonly prefix: string;
  readonly environment: EnvironmentName;
  /** Base URL of the environment. */
  readonly server: string;
}

/** A deployment of the API with keys and listeners of its own. */
export interface Environment {
  readonly name: EnvironmentName;
  /** What every key of the environment begins with; empty where the document names no kinds of key. */
  readonly keyPrefix: string;
  /** Path of the base URL without a slash at its end: `/v2`. */
  readonly basePath: string;
  /** Host that the document names: `api.example.com`. */
  readonly host: string;
}

/** Where a request has the credential of a security scheme. */
export type Carrier =
  | {
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      /** Stands before the key in a header: `Token` in `Authorization: Token KEY`. */
      readonly word?: string;
    }
  /** The header `Authorization` with an authentication scheme before the credential (RFC 9110 §11.4). */
  | { readonly in: 'authorization'; readonly scheme: 'basic' | 'bearer' };

/** One of `components.securitySchemes` (OpenAPI, Security Scheme Object). */
export interface SecurityScheme {
  /** Its name in the document. */
  readonly name: string;
  readonly type: 'apiKey' | 'http' | 'oauth2' | 'openIdConnect' | 'mutualTLS';
  /** The HTTP authentication scheme in lower case, of the type `http` only. */
  readonly httpScheme?: string;
  /** Absent where the mock cannot read the credential: mutual TLS, and HTTP schemes other than basic and bearer. */
  readonly carrier?: Carrier;
}

/** A Security Requirement Object: all its schemes are needed together. */
export interface SecurityRequirement {
  /** Scopes by the name of the scheme; empty: the alternative lets everyone in. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly isRequired: boolean;
  readonly schema?: Schema;
  /** Whether the items of a list are one value joined by commas. */
  readonly isJoined: boolean;
  /** Set where the value is a document of JSON. */
  readonly isJson: boolean;
  readonly example?: unknown;
}

/** A Media Type Object and its name, such as `application/json`. */
export interface Content {
  readonly mediaType: string;
  readonly schema?: Schema;
  /** Every example that the document shows beside the schema, in its order. */
  readonly examples: readonly unknown[];
}

export interface RequestBody {
  readonly isRequired: boolean;
  readonly content: readonly Content[];
}

export interface Operation {
  /** Method and path template: `GET /contacts`. */
  readonly id: string;
  /** The name that the document gives it. */
  readonly operationId?: string;
  /** In upper case. */
  readonly method: string;
  /** The path template. */
  readonly path: string;
  /** RFC 9110 §9.2.1. */
  readonly isSafe: boolean;
  /** Whether the document lets everyone in. */
  readonly isPublic: boolean;
  readonly security: readonly SecurityRequirement[];
  /** Whether each alternative asks for a certificate of the client. */
  readonly needsCertificate: boolean;
  /** Names of the schemes that a request presents together, for each alternative that the mock can check. */
  readonly alternatives: readonly (readonly string[])[];
  /** The fewest scopes with which the primary credential opens the operation. */
  readonly scopes: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: RequestBody;
  /** Contents of the responses by status, range (`4XX`) or `default`. */
  readonly responses: Readonly<Record<string, readonly Content[]>>;
}

/** Names of the refusals that `x-authentication` describes. */
export type DocumentedRefusalName =
  'missingKey' | 'invalidKey' | 'forbidden' | 'otherEnvironment' | 'lockedOut' | 'rateLimited' | 'envelope';

export interface DocumentedRefusal {
  /** Any of them may be sent. */
  readonly statuses: readonly number[];
  /** Of the body. */
  readonly schema?: Schema;
}

/** Names of headers. */
export interface RateLimitHeaders {
  readonly limit: string;
  readonly remaining: string;
  /** A Unix time in seconds. */
  readonly reset: string;
}

/** What the mock reads in an OpenAPI document, by itself. */
export interface Api {
  /** The name that its variables begin with: `huechat` gives `HUECHAT_BASE_URL`. */
  readonly name: string;
  readonly title: string;
  readonly document: JsonObject;
  readonly environments: readonly Environment[];
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** Names of the schemes that take the primary credential, the first of them first. */
  readonly primarySchemes: readonly string[];
  /** The schemes whose credentials are read: the primary ones, then those that operations ask for. */
  readonly acceptedSchemes: readonly SecurityScheme[];
  /** Every scope that a key can have. */
  readonly scopes: readonly string[];
  readonly keyKinds: readonly KeyKind[];
  readonly refusals: Readonly<Partial<Record<DocumentedRefusalName, DocumentedRefusal>>>;
  readonly rateLimitHeaders?: RateLimitHeaders;
  /** Absent: the document says nothing of keys that are made and revoked. */
  readonly lifecycle?: Lifecycle;
  readonly operations: readonly Operation[];
}
