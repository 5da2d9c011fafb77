import type { Contract, KeyKind, Operation, SecurityScheme } from '../model/contract.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { exampleRequest, inertRequest, type OperationRequest, unknownResourceRequest } from './example-requests.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { Secret, type Text } from '../secret.ts';
import type { Target } from '../model/target.ts';
import { NotSent } from './case.ts';
import {
  type Credentials,
  type SecurityAlternative,
  NO_CREDENTIALS,
  placeCredential,
  combinedCredentials,
} from './security-alternative.ts';
import type { OperationSamples } from './operation-samples.ts';
import type { HeaderLine, PlannedRequest } from '../model/request.ts';

export interface RequestParts {
  /** The credential in this probe's form; absent: none. A Text where it is not a key as such (an empty one, a literal). */
  readonly key?: Secret | Text;
  /** Further lines, after the credential. */
  readonly headers?: readonly HeaderLine[];
  /** What presents the credential, instead of the key in this probe's form. */
  readonly credentials?: Credentials;
  /**
   * `usual`: the example of a safe operation, the inert request of any other. `unknown`: the id of nothing. `example`: the
   * contract's example, which may have an effect.
   */
  readonly resource?: 'usual' | 'unknown' | 'example';
  readonly body?: Text;
  /** Replaces the media type of the usual body. */
  readonly bodyType?: string;
  readonly method?: string;
  /** Another request-target than the usual one, as it is to be written. */
  readonly target?: (place: TargetParts) => string;
  /** Further pairs of the query. */
  readonly query?: readonly Text[];
  readonly earlier?: PlannedRequest['earlier'];
  readonly newestTls?: PlannedRequest['newestTls'];
  readonly serverName?: string;
  readonly via?: PlannedRequest['via'];
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

/** What a case has at hand to build its request from: one operation of one target in one form of the credential. */
export class RequestBuilder {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly target: Target;
  readonly alternative: SecurityAlternative;
  readonly #validators: SchemaValidators;
  readonly #inventions: OperationSamples;

  constructor(
    contract: Contract,
    operation: Operation,
    target: Target,
    form: SecurityAlternative,
    validators: SchemaValidators,
    inventions: OperationSamples,
  ) {
    this.contract = contract;
    this.operation = operation;
    this.target = target;
    this.alternative = form;
    this.#validators = validators;
    this.#inventions = inventions;
  }

  build(asked: RequestParts): PlannedRequest {
    const usual = this.#resource(asked.resource ?? 'usual');
    const via = asked.via ?? 'base';
    const base = new URL(via === 'plain-http' ? this.#plainHttpUrl() : this.target.baseUrl);
    const method = asked.method ?? this.operation.method;
    const isExposed = via === 'plain-http' || method === 'TRACE';
    const { headers, query, cookies } =
      asked.credentials ??
      (asked.key === undefined ? NO_CREDENTIALS : this.credentialsFor(asked.key, this.alternative, isExposed));
    const body = asked.body ?? (usual.body === undefined ? undefined : [usual.body]);
    const place = placeOf(base, usual.path);
    return {
      via,
      method,
      target: withQuery(asked.target?.(place) ?? place.base + usual.path, [...query, ...(asked.query ?? [])]),
      headers: [
        ['Accept', ['application/json']],
        ...headers,
        ...withCookies(usual.headers, cookies).map(([name, value]): HeaderLine => [
          name,
          name === 'Content-Type' && asked.bodyType !== undefined ? [asked.bodyType] : value,
        ]),
        ...(asked.headers ?? []),
      ],
      ...(body !== undefined && { body }),
      ...(asked.earlier && { earlier: asked.earlier }),
      ...(asked.newestTls && { newestTls: asked.newestTls }),
      ...(asked.serverName !== undefined && { serverName: asked.serverName }),
      inert: asked.resource !== 'example' || this.operation.isSafe,
    };
  }

  /** Where the usual request goes. */
  targetParts(): TargetParts {
    return placeOf(new URL(this.target.baseUrl), this.#resource('usual').path);
  }

  /**
   * All that presents a key in a form: the key in the place of the lead scheme, and what the form asks for beside it.
   *
   * @param isExposed nothing that could be accepted may be in the request
   */
  credentialsFor(key: Secret | Text, form: SecurityAlternative = this.alternative, isExposed = false): Credentials {
    const credential = key instanceof Secret ? [key] : key;
    return combinedCredentials(
      form.schemes.map((scheme) =>
        placeCredential(scheme, scheme === form.varied ? credential : [this.#companion(scheme, isExposed)]),
      ),
    );
  }

  /** What the form asks for beside the key, without the key. */
  companionCredentials(): Credentials {
    const { schemes, varied } = this.alternative;
    return combinedCredentials(
      schemes
        .filter((scheme) => scheme !== varied)
        .map((scheme) => placeCredential(scheme, [this.#companion(scheme, false)])),
    );
  }

  /** The header lines that carry a key in this probe's form, without what stands beside it. */
  headerLinesFor(key: Secret): readonly HeaderLine[] {
    return this.alternative.varied ? placeCredential(this.alternative.varied, [key]).headers : [];
  }

  /** The full-access key; in a form that takes another credential, that one. */
  fullKey(form: SecurityAlternative = this.alternative): Secret {
    const { varied } = form;
    if (!varied || this.#isPrimary(varied))
      return this.#permitted(this.target.keys.full, 'a full-access key', this.target.variables.apiKey);
    const variable = this.target.schemeVariables[varied.name] ?? '';
    return this.#permitted(this.target.keys.others[varied.name], `a credential of the scheme ${varied.name}`, variable);
  }

  otherEnvironmentKey(): Secret {
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

  revokedKey(): Secret {
    return this.#ofPrimary(this.target.keys.revoked, 'a revoked key', this.target.variables.revokedKey);
  }

  lockedKey(): Secret {
    return this.#ofPrimary(
      this.target.keys.ipLocked,
      'a key locked to another address',
      this.target.variables.ipLockedKey,
    );
  }

  lockedAddress(): string {
    return this.target.keys.ipLockedAddress ?? '';
  }

  neverIssuedKey(form: SecurityAlternative = this.alternative): Secret {
    const { varied } = form;
    return this.#inventions.neverIssued(
      !varied || this.#isPrimary(varied) ? this.target.keys.full : this.target.keys.others[varied.name],
    );
  }

  /** @param wanted says of a key's scopes whether it is the one; `what` names it to the user */
  scopedKey(
    what: string,
    wanted: (scopes: ReadonlySet<string>) => boolean,
    form: SecurityAlternative = this.alternative,
  ): Secret {
    const fitting = this.target.keys.scoped
      .filter(({ scopes }) => wanted(scopes))
      .toSorted((a, b) => a.scopes.size - b.scopes.size)[0];
    return this.#ofPrimary(fitting?.secret, `a key with ${what}`, this.target.variables.scopedKeys, form);
  }

  /** @throws Unprovable on production, where nothing that could go wrong is tried */
  assertNotProduction(why: string): void {
    if (this.target.policy.production) throw new NotSent('policy', `the production profile leaves it out: ${why}`);
  }

  /** The kind of key of another environment. */
  otherKind(): KeyKind | undefined {
    return this.contract.keyKinds.find((kind) => kind.name !== this.target.kind?.name);
  }

  #isPrimary({ name }: SecurityScheme): boolean {
    return this.contract.equivalentSchemes.includes(name);
  }

  /** What a form asks for beside its lead: as it is to be, so that a refusal is about the lead. */
  #companion(scheme: SecurityScheme, isExposed: boolean): Secret {
    const form = { id: scheme.name, schemes: [scheme], lead: scheme };
    const isForbidden = this.target.policy.production && !this.operation.isSafe;
    return isExposed || isForbidden ? this.neverIssuedKey(form) : this.fullKey(form);
  }

  /** The keys of the variables that every contract has are credentials of its primary scheme. */
  #ofPrimary(
    key: Secret | undefined,
    what: string,
    variable: string,
    form: SecurityAlternative = this.alternative,
  ): Secret {
    const { varied } = form;
    if (varied && !this.#isPrimary(varied))
      throw new NotSent('form', `${variable} holds no credential of the scheme ${varied.name}`);
    return this.#permitted(key, what, variable);
  }

  #resource(resource: NonNullable<RequestParts['resource']>): OperationRequest {
    if (resource === 'example') return this.#exampleWithEffect();
    const { contract, operation } = this;
    const made = this.#inventions.usual(resource, () => {
      if (!operation.isSafe) return this.#inertRequest();
      return resource === 'usual' ? exampleRequest(contract, operation) : unknownResourceRequest(contract, operation);
    });
    if ('impossible' in made) throw new NotSent('request', made.impossible);
    return made;
  }

  /** A schema that cannot be used proves nothing about what it would refuse. */
  #inertRequest(): ReturnType<typeof inertRequest> {
    try {
      return inertRequest(this.contract, this.operation, this.#validators);
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
    return exampleRequest(this.contract, this.operation);
  }

  #plainHttpUrl(): string {
    if (this.target.plainHttpUrl !== undefined) return this.target.plainHttpUrl;
    throw new NotSent(
      'policy',
      `the target is a plain-HTTP address of this machine; ${this.target.variables.plainHttpUrl} names another`,
    );
  }

  /** The production profile, told while planning; the guard of the wire holds even where this is forgotten. */
  #permitted(key: Secret | undefined, what: string, variable: string): Secret {
    if (this.target.policy.production && !this.operation.isSafe) {
      throw new NotSent('policy', 'the production profile sends no unsafe method with a key that could be accepted');
    }
    if (key) return key;
    throw new NotSent('key', `${what} is not configured: set ${variable}`, variable);
  }
}

function placeOf(base: URL, target: string): TargetParts {
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
