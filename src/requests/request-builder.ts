import type { Contract, KeyKind, Operation, SecurityScheme } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { exampleRequest, inertRequest, type OperationRequest, unknownResourceRequest } from './example-requests.ts';
import { inertFormFields } from './inert-body.ts';
import { isSafeRequest, proofOfNoEffect, requestText, schemasOfBody } from './proof-of-no-effect.ts';
import { remembered } from '../fields/remembered.ts';
import { isObject } from '../openapi/json-pointer.ts';
import { isJson } from '../openapi/media-type.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { Secret, type Text } from '../secret.ts';
import { NotSent } from './not-sent.ts';
import type { ClientCertificate, Target, WithoutFeature } from '../model/target.ts';
import {
  type Credentials,
  type SecurityAlternative,
  NO_CREDENTIALS,
  placeCredential,
  combinedCredentials,
  securityAlternativesOf,
} from './security-alternative.ts';
import { OperationSamples } from './operation-samples.ts';
import type { HeaderLine, Http2Parts, PlannedRequest } from '../model/request.ts';

export interface RequestParts {
  /** The credential, in this probe's security alternative; absent: none. A Text where it is not a key as such (an empty one, a literal). */
  readonly key?: Secret | Text;
  /** Further lines, after the credential. */
  readonly headers?: readonly HeaderLine[];
  /** Media types that are asked for; null: no `Accept` at all. Absent: `application/json`. */
  readonly accept?: string | null;
  /** Everything that presents a credential, in place of `key`. */
  readonly credentials?: Credentials;
  /**
   * `usual`: the contract's example on a safe operation, and the request without effect on any other. `unknown`: the id of
   * a resource that does not exist. `example`: the contract's example, which may have an effect.
   */
  readonly resource?: 'usual' | 'unknown' | 'example';
  /** Null: none, whatever the operation takes. */
  readonly body?: Text | null;
  /** Replaces the media type of the usual body. */
  readonly bodyType?: string;
  readonly method?: string;
  /** Another request-target than the usual one, as it is to be written. */
  readonly target?: (parts: TargetParts) => string;
  /** Further pairs of the query. */
  readonly query?: readonly Text[];
  readonly earlier?: PlannedRequest['earlier'];
  readonly newestTls?: PlannedRequest['newestTls'];
  readonly certificate?: PlannedRequest['certificate'];
  readonly serverName?: string;
  readonly via?: PlannedRequest['via'];
  readonly http2?: Http2Parts;
}

/** The parts of a usual request-target. */
export interface TargetParts {
  /** Scheme, host and port of the target. */
  readonly origin: string;
  /** Path of the base URL, without a trailing slash: `/v2`. */
  readonly base: string;
  /** Path of the operation below it: `/contacts`. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/** Builds the request of a case for one operation of one target in one security alternative. */
export class RequestBuilder {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly target: Target;
  readonly alternative: SecurityAlternative;
  readonly #validators: SchemaValidators;
  readonly #samples: OperationSamples;
  readonly #usual: 'usual' | 'example';

  /** @param usual what a case sends that does not say: `example` where writes are allowed and a valid request is wanted */
  constructor(
    contract: Contract,
    operation: Operation,
    target: Target,
    alternative: SecurityAlternative,
    validators: SchemaValidators,
    samples: OperationSamples,
    usual: 'usual' | 'example' = 'usual',
  ) {
    this.contract = contract;
    this.operation = operation;
    this.target = target;
    this.alternative = alternative;
    this.#validators = validators;
    this.#samples = samples;
    this.#usual = usual;
  }

  /** @throws NotSent where a key is missing or the policy forbids the request */
  build(parts: RequestParts): PlannedRequest {
    const resource = parts.resource ?? this.#usual;
    const usual = this.#resource(resource);
    const via = parts.via ?? 'base';
    const base = via === 'plain-http' ? new URL(this.#plainHttpUrl()) : baseOf(this.target);
    const method = parts.method ?? this.operation.method;
    const isExposed = via === 'plain-http' || method === 'TRACE';
    const { headers, query, cookies } =
      parts.credentials ??
      (parts.key === undefined ? NO_CREDENTIALS : this.credentialsFor(parts.key, this.alternative, isExposed));
    const usualBody = usual.body === undefined ? undefined : [usual.body];
    const body = parts.body === null ? undefined : (parts.body ?? usualBody);
    const usualTarget = targetPartsOf(base, usual.path);
    const request: PlannedRequest = {
      via,
      method,
      target: withQuery(parts.target?.(usualTarget) ?? usualTarget.base + usual.path, [
        ...query,
        ...(parts.query ?? []),
      ]),
      headers: [
        ...acceptLine(parts.accept),
        ...headers,
        ...withCookies(usual.headers, cookies).map(([name, value]): HeaderLine => [
          name,
          name === 'Content-Type' && parts.bodyType !== undefined ? [parts.bodyType] : value,
        ]),
        ...(parts.headers ?? []),
      ],
      ...(body !== undefined && { body }),
      ...(parts.earlier && { earlier: parts.earlier }),
      ...(parts.newestTls && { newestTls: parts.newestTls }),
      ...(parts.certificate && { certificate: parts.certificate }),
      ...(parts.serverName !== undefined && { serverName: parts.serverName }),
      inert: true,
      ...(parts.http2 && { http2: this.#offered(parts.http2) }),
    };
    return this.#withProof(request, resource === 'example', usual.madeUpId);
  }

  /**
   * The same request over HTTP/2.
   *
   * @throws NotSent where the target does not offer it
   */
  overHttp2(request: PlannedRequest): PlannedRequest {
    return { ...request, http2: this.#offered({}) };
  }

  #offered(parts: Http2Parts): Http2Parts {
    const { protocol, host } = new URL(this.target.baseUrl);
    if (protocol !== 'https:') throw new NotSent('policy', 'HTTP/2 is chosen in the TLS handshake, and there is none');
    if (this.target.offersHttp2 === false)
      throw new NotSent('policy', `${host} does not offer HTTP/2 in the TLS handshake (ALPN)`);
    return parts;
  }

  /**
   * Further fields that make a form one which the operation provably refuses, however a server reads it; none where it is
   * refused as it is, or where nothing makes it so. In a valid request those of the example.
   *
   * @param names of the fields that the form has already
   */
  inertFields(mediaType: string, names: readonly string[]): readonly (readonly [name: string, value: string])[] {
    const { contract, operation } = this;
    if (this.#usual === 'example') return this.#exampleFields();
    const schemas = schemasOfBody(contract, operation, mediaType);
    const beside = names.map((name) => [name, 'key'] as const);
    return this.#unlessUnusable(() => inertFormFields(contract, mediaType, schemas, beside, this.#validators)) ?? [];
  }

  /** What of the example's body can be written as the fields of a form. */
  #exampleFields(): readonly (readonly [name: string, value: string])[] {
    const { body } = this.#resource('example');
    const value: unknown = body === undefined || !isJson(this.operation.body?.mediaType ?? '') ? {} : JSON.parse(body);
    return Object.entries(isObject(value) ? value : {}).flatMap(([name, member]) =>
      typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean'
        ? [[name, String(member)] as const]
        : [],
    );
  }

  /** A request that may have an effect is planned only where writes are allowed. */
  #withProof(request: PlannedRequest, hasEffect: boolean, id: string | undefined): PlannedRequest {
    const text = requestText(request, (parts) => parts.join(''));
    if (isSafeRequest(text)) return request;
    if (hasEffect) return { ...request, inert: false };
    const { contract, operation } = this;
    const proof = this.#unlessUnusable(() => proofOfNoEffect(contract, operation, this.#validators, text, id));
    if (proof) return { ...request, proof };
    if (this.target.policy.allowWrites) return { ...request, inert: false };
    const { sandboxWrites } = this.target.variables;
    const mediaType = text.headers.findLast(([name]) => name.toLowerCase() === 'content-type')?.[1];
    const what = mediaType === undefined ? 'the request' : `a body of the type ${mediaType}`;
    throw new NotSent(
      'policy',
      `nothing proves that ${this.operation.id} refuses ${what}, so it is sent only where ${sandboxWrites}=allow`,
      sandboxWrites,
    );
  }

  /** A schema that cannot be used proves nothing about what it would refuse. */
  #unlessUnusable<Value>(make: () => Value): Value | undefined {
    try {
      return make();
    } catch (error) {
      if (error instanceof ContractError) return undefined;
      throw error;
    }
  }

  /** The request-target of the usual request. */
  targetParts(): TargetParts {
    return targetPartsOf(baseOf(this.target), this.#resource(this.#usual).path);
  }

  /**
   * Everything that presents a key in a security alternative: the key for the varied scheme, and the right credential for
   * each other scheme.
   *
   * @param isExposed nothing that could be accepted may be in the request
   */
  credentialsFor(
    key: Secret | Text,
    alternative: SecurityAlternative = this.alternative,
    isExposed = false,
  ): Credentials {
    const credential = key instanceof Secret ? [key] : key;
    return combinedCredentials(
      alternative.schemes.map((scheme) =>
        placeCredential(scheme, scheme === alternative.varied ? credential : [this.#companion(scheme, isExposed)]),
      ),
    );
  }

  /** The credentials that the alternative asks for beside the key, without the key. */
  companionCredentials(): Credentials {
    const { schemes, varied } = this.alternative;
    return combinedCredentials(
      schemes
        .filter((scheme) => scheme !== varied)
        .map((scheme) => placeCredential(scheme, [this.#companion(scheme, false)])),
    );
  }

  /** The header lines that carry a key in this probe's alternative, without what stands beside it. */
  headerLinesFor(key: Secret): readonly HeaderLine[] {
    return this.alternative.varied ? placeCredential(this.alternative.varied, [key]).headers : [];
  }

  /** The full-access key; in an alternative that takes another credential, that one. */
  fullKey(alternative: SecurityAlternative = this.alternative): Secret {
    const { varied } = alternative;
    if (!varied || this.#isPrimary(varied))
      return this.#permitted(this.target.keys.full, 'a full-access key', this.target.variables.apiKey);
    const variable = this.target.schemeVariables[varied.name] ?? '';
    return this.#permitted(this.target.keys.others[varied.name], `a credential of the scheme ${varied.name}`, variable);
  }

  otherEnvironmentKey(): Secret {
    this.#assertHas('other-environment', 'second environment');
    const { otherEnvironmentKey, liveKeyHosts } = this.target.variables;
    const key = this.#ofPrimary(
      this.target.keys.otherEnvironment,
      'a key of the other environment',
      otherEnvironmentKey,
    );
    const kind = this.contract.keyKinds.find(({ name }) => name === key.kind);
    const { host } = new URL(this.target.baseUrl);
    if (kind?.environment === 'production' && !this.target.liveKeyHosts.includes(host)) {
      throw new NotSent(
        'key',
        `a production key is not shown to ${host} unless ${liveKeyHosts} lists it`,
        liveKeyHosts,
      );
    }
    return key;
  }

  /** @throws NotSent where none is set: then nothing is asked about accounts, and nothing is missing */
  otherAccountKey(): Secret {
    const { keys, variables } = this.target;
    if (!keys.otherAccount)
      throw new NotSent('policy', `accounts are compared where ${variables.otherAccountKey} is a key of another one`);
    return this.#ofPrimary(keys.otherAccount, 'a key of another account', variables.otherAccountKey);
  }

  /** For the usual request of another operation, in the same security alternative where that has it. */
  ofOperation(operation: Operation): RequestBuilder {
    const { contract, target, alternative } = this;
    const all = securityAlternativesOf(contract, operation);
    const its = all.find(({ id }) => id === alternative.id) ?? all[0] ?? alternative;
    return new RequestBuilder(contract, operation, target, its, this.#validators, new OperationSamples(target));
  }

  /**
   * The certificate that the run presents, for a case about an operation that it opens by itself.
   *
   * @param mayOpen the request presents it
   * @throws NotSent where no connection presents one, and on production where the request could write
   */
  clientCertificate(mayOpen: boolean): ClientCertificate {
    const { certificate, baseUrl, variables } = this.target;
    if (!baseUrl.startsWith('https:'))
      throw new NotSent('policy', 'a certificate is presented in the TLS handshake, and there is none');
    if (mayOpen) this.#assertNoWriteOnProduction('the certificate that opens the operation');
    if (certificate) return certificate;
    throw new NotSent(
      'key',
      `a certificate of the client is not configured: set ${variables.clientCertificate}`,
      variables.clientCertificate,
    );
  }

  revokedKey(): Secret {
    return this.#ofPrimary(this.target.keys.revoked, 'a revoked key', this.target.variables.revokedKey);
  }

  lockedKey(): Secret {
    this.#assertHas('address-locks', 'keys that are locked to addresses');
    return this.#ofPrimary(
      this.target.keys.ipLocked,
      'a key locked to another address',
      this.target.variables.ipLockedKey,
    );
  }

  lockedAddress(): string {
    return this.target.keys.ipLockedAddress ?? '';
  }

  neverIssuedKey(alternative: SecurityAlternative = this.alternative): Secret {
    const { varied } = alternative;
    return this.#samples.neverIssued(
      !varied || this.#isPrimary(varied) ? this.target.keys.full : this.target.keys.others[varied.name],
    );
  }

  /**
   * @param what names the key to the user: `exactly contacts:read`
   * @param wanted says of a key's scopes whether the key is the one
   */
  scopedKey(
    what: string,
    wanted: (scopes: ReadonlySet<string>) => boolean,
    alternative: SecurityAlternative = this.alternative,
  ): Secret {
    this.#assertHas('scoped-keys', 'keys with some scopes only');
    const fitting = this.target.keys.scoped
      .filter(({ scopes }) => wanted(scopes))
      // A key without any scope shows the least: what holds for it need not hold for a key that opens something.
      .toSorted((a, b) => (a.scopes.size || Infinity) - (b.scopes.size || Infinity))[0];
    return this.#ofPrimary(fitting?.secret, `a key with ${what}`, this.target.variables.scopedKeys, alternative);
  }

  /** @throws NotSent on production, where nothing that could go wrong is tried */
  assertNotProduction(why: string): void {
    if (this.target.policy.production) throw new NotSent('policy', `it is not sent on production: ${why}`);
  }

  /** The kind of key of another environment. */
  otherKind(): KeyKind | undefined {
    return this.contract.keyKinds.find((kind) => kind.name !== this.target.kind?.name);
  }

  #isPrimary({ name }: SecurityScheme): boolean {
    return this.contract.equivalentSchemes.includes(name);
  }

  /** The credential of a scheme beside the varied one: the right one, so that a refusal is about the varied one. */
  #companion(scheme: SecurityScheme, isExposed: boolean): Secret {
    const alone: SecurityAlternative = { id: scheme.name, schemes: [scheme], varied: scheme };
    const isForbidden = this.target.policy.production && !this.operation.isSafe;
    return isExposed || isForbidden ? this.neverIssuedKey(alone) : this.fullKey(alone);
  }

  /** The keys of the variables that every contract has are credentials of its primary scheme. */
  #ofPrimary(
    key: Secret | undefined,
    what: string,
    variable: string,
    alternative: SecurityAlternative = this.alternative,
  ): Secret {
    const { varied } = alternative;
    if (varied && !this.#isPrimary(varied))
      throw new NotSent('alternative', `${variable} holds no credential of the scheme ${varied.name}`);
    return this.#permitted(key, what, variable);
  }

  #resource(resource: NonNullable<RequestParts['resource']>): OperationRequest {
    if (resource === 'example') return this.#exampleWithEffect();
    const { contract, operation } = this;
    const { pathValues } = this.target;
    const made = this.#samples.usual(resource, () => {
      if (!operation.isSafe)
        return this.#orImpossible(() => inertRequest(contract, operation, this.#validators, pathValues));
      return resource === 'usual'
        ? exampleRequest(contract, operation, pathValues)
        : this.#orImpossible(() => unknownResourceRequest(contract, operation, this.#validators, pathValues));
    });
    if ('impossible' in made) throw new NotSent('request', made.impossible);
    return made;
  }

  #orImpossible(make: () => ReturnType<typeof inertRequest>): ReturnType<typeof inertRequest> {
    try {
      return make();
    } catch (error) {
      if (error instanceof ContractError) return { impossible: error.message };
      throw error;
    }
  }

  #exampleWithEffect(): OperationRequest {
    const { policy, variables } = this.target;
    if (!policy.allowWrites)
      throw new NotSent(
        'policy',
        `a request that may have an effect is sent only where ${variables.sandboxWrites}=allow`,
        variables.sandboxWrites,
      );
    return exampleRequest(this.contract, this.operation, this.target.pathValues);
  }

  #plainHttpUrl(): string {
    if (this.target.proxy !== undefined)
      throw new NotSent(
        'request',
        `a proxy rewrites what goes over plain HTTP, so nothing is shown of it while ${this.target.variables.proxy} is set`,
      );
    if (this.target.plainHttpUrl !== undefined) return this.target.plainHttpUrl;
    throw new NotSent(
      'policy',
      `the target is a plain-HTTP address of this machine; ${this.target.variables.plainHttpUrl} names another`,
    );
  }

  /** @throws NotSent where the contract or a setting says that the API has no such thing */
  #assertHas(feature: WithoutFeature, what: string): void {
    const by = this.target.without[feature];
    if (by !== undefined) throw new NotSent('policy', `the API has no ${what}, as ${by} says`);
  }

  /** Holds the production profile while planning. The safety guard holds it once more when a request is sent. */
  #permitted(key: Secret | undefined, what: string, variable: string): Secret {
    this.#assertNoWriteOnProduction('a key that could be accepted');
    if (key) return key;
    throw new NotSent('key', `${what} is not configured: set ${variable}`, variable);
  }

  #assertNoWriteOnProduction(credential: string): void {
    if (this.target.policy.production && !this.operation.isSafe)
      throw new NotSent('policy', `on production no request that could write is sent with ${credential}`);
  }
}

function acceptLine(accept: string | null = 'application/json'): HeaderLine[] {
  return accept === null ? [] : [['Accept', [accept]]];
}

const baseOf = remembered(({ baseUrl }: Target) => new URL(baseUrl));

function targetPartsOf(base: URL, target: string): TargetParts {
  const [path = '', ...rest] = target.split(/(?=\?)/);
  return { origin: base.origin, base: base.pathname.replace(/\/$/, ''), path, query: rest.join('') };
}

/** One Cookie header for what the operation asks for and what presents a credential (RFC 6265 §5.4). */
function withCookies(
  headers: OperationRequest['headers'],
  cookies: readonly Text[],
): readonly (readonly [name: string, value: Text])[] {
  const usual = headers.map(([name, value]): [string, Text] => [name, [value]]);
  if (cookies.length === 0) return usual;
  const own = usual.filter(([name]) => name === 'Cookie').map(([, value]) => value);
  const joinedUp = [...own, ...cookies].flatMap((pair, index): Text => (index === 0 ? pair : ['; ', ...pair]));
  return [...usual.filter(([name]) => name !== 'Cookie'), ['Cookie', joinedUp]];
}

function withQuery(path: string, query: readonly Text[]): Text {
  return query.reduce<Text>((target, pair) => [...target, target.join('').includes('?') ? '&' : '?', ...pair], [path]);
}
