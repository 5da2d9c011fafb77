import type { Contract, KeyKind, Operation } from '../contract/contract.ts';
import { exampleRequest, inertRequest, type OperationRequest, unknownResourceRequest } from '../contract/requests.ts';
import type { Validators } from '../contract/validators.ts';
import { madeUpLike } from '../target/made-up.ts';
import { Secret, type Text } from '../target/secret.ts';
import type { Target } from '../target/target.ts';
import { Unprovable } from './case.ts';
import { type Form, present } from './form.ts';
import type { HeaderLine, WireRequest } from './request.ts';

export interface AskedFor {
  /** The credential in this probe's form; absent: none. A Text where it is not a key as such (an empty one, a literal). */
  readonly key?: Secret | Text;
  /** Further lines, after the credential. */
  readonly headers?: readonly HeaderLine[];
  /** Replaces the lines of the credential. */
  readonly credentials?: readonly HeaderLine[];
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
  readonly at?: (place: Place) => string;
  /** Further pairs of the query. */
  readonly query?: readonly Text[];
  readonly before?: WireRequest['before'];
  readonly newestTls?: WireRequest['newestTls'];
  readonly serverName?: string;
  readonly via?: WireRequest['via'];
}

/** The parts of a usual request-target. */
export interface Place {
  /** Scheme, host and port of the target. */
  readonly origin: string;
  /** Path of the base URL, without a trailing slash: `/v2`. */
  readonly base: string;
  /** Path of the operation below it: `/contacts`. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
}

/** Made-up keys of one operation: the same in every form of a case, so that its answers can be compared. */
export class Inventions {
  readonly #target: Target;
  #neverIssued: Secret | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  neverIssuedKey(): Secret {
    return (this.#neverIssued ??= madeUpLike(this.#target.keys.full, this.#target.kind?.prefix ?? ''));
  }
}

/** What a case has at hand to build its request from: one operation of one target in one form of the credential. */
export class Ask {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly target: Target;
  readonly form: Form;
  readonly #validators: Validators;
  readonly #inventions: Inventions;

  constructor(
    contract: Contract,
    operation: Operation,
    target: Target,
    form: Form,
    validators: Validators,
    inventions: Inventions,
  ) {
    this.contract = contract;
    this.operation = operation;
    this.target = target;
    this.form = form;
    this.#validators = validators;
    this.#inventions = inventions;
  }

  request(asked: AskedFor): WireRequest {
    const usual = this.#resource(asked.resource ?? 'usual');
    const via = asked.via ?? 'base';
    const base = new URL(via === 'plain-http' ? this.#plainHttpUrl() : this.target.baseUrl);
    const credential = asked.key === undefined ? undefined : asked.key instanceof Secret ? [asked.key] : asked.key;
    const { headers, query } = credential === undefined ? { headers: [], query: [] } : present(this.form, credential);
    const body = asked.body ?? (usual.body === undefined ? undefined : [usual.body]);
    const place = placeOf(base, usual.path);
    return {
      via,
      method: asked.method ?? this.operation.method,
      target: withQuery(asked.at?.(place) ?? place.base + usual.path, [...query, ...(asked.query ?? [])]),
      headers: [
        ['Accept', ['application/json']],
        ...(asked.credentials ?? headers),
        ...usual.headers.map(([name, value]): HeaderLine => [
          name,
          [name === 'Content-Type' ? (asked.bodyType ?? value) : value],
        ]),
        ...(asked.headers ?? []),
      ],
      ...(body !== undefined && { body }),
      ...(asked.before && { before: asked.before }),
      ...(asked.newestTls && { newestTls: asked.newestTls }),
      ...(asked.serverName !== undefined && { serverName: asked.serverName }),
      inert: asked.resource !== 'example' || this.operation.isSafe,
    };
  }

  /** Where the usual request goes. */
  place(): Place {
    return placeOf(new URL(this.target.baseUrl), this.#resource('usual').path);
  }

  /** The header lines that carry a key in this probe's form, for a case that respells them. */
  presented(key: Secret): readonly HeaderLine[] {
    return present(this.form, [key]).headers;
  }

  /** The full-access key. */
  fullKey(): Secret {
    return this.#permitted(this.target.keys.full, 'a full-access key', this.target.variables.apiKey);
  }

  otherEnvironmentKey(): Secret {
    const { otherEnvironmentKey, liveKeyHosts } = this.target.variables;
    const key = this.#permitted(
      this.target.keys.otherEnvironment,
      'a key of the other environment',
      otherEnvironmentKey,
    );
    const kind = this.contract.keyKinds.find(({ name }) => name === key.kind);
    const { host } = new URL(this.target.baseUrl);
    if (kind?.environment === 'production' && !this.target.liveKeyHosts.includes(host)) {
      throw new Unprovable(
        'key',
        `a production key is not shown to ${host} unless ${liveKeyHosts} lists it`,
        liveKeyHosts,
      );
    }
    return key;
  }

  revokedKey(): Secret {
    return this.#permitted(this.target.keys.revoked, 'a revoked key', this.target.variables.revokedKey);
  }

  lockedKey(): Secret {
    return this.#permitted(
      this.target.keys.ipLocked,
      'a key locked to another address',
      this.target.variables.ipLockedKey,
    );
  }

  lockedAddress(): string {
    return this.target.keys.ipLockedAddress ?? '';
  }

  neverIssuedKey(): Secret {
    return this.#inventions.neverIssuedKey();
  }

  /** @param wanted says of a key's scopes whether it is the one; `what` names it to the user */
  scopedKey(what: string, wanted: (scopes: ReadonlySet<string>) => boolean): Secret {
    const fitting = this.target.keys.scoped
      .filter(({ scopes }) => wanted(scopes))
      .toSorted((a, b) => a.scopes.size - b.scopes.size)[0];
    return this.#permitted(fitting?.secret, `a key with ${what}`, this.target.variables.scopedKeys);
  }

  /** @throws Unprovable on production, where nothing that could go wrong is tried */
  assertNotProduction(why: string): void {
    if (this.target.policy.production) throw new Unprovable('policy', `the production profile leaves it out: ${why}`);
  }

  /** The kind of key of another environment. */
  otherKind(): KeyKind | undefined {
    return this.contract.keyKinds.find((kind) => kind.name !== this.target.kind?.name);
  }

  #resource(resource: NonNullable<AskedFor['resource']>): OperationRequest {
    if (resource === 'example') return this.#exampleWithEffect();
    if (this.operation.isSafe && resource === 'usual') return exampleRequest(this.contract, this.operation);
    if (this.operation.isSafe) return unknownResourceRequest(this.contract, this.operation);
    const inert = inertRequest(this.contract, this.operation, this.#validators);
    if ('impossible' in inert) throw new Unprovable('request', inert.impossible);
    return inert;
  }

  #exampleWithEffect(): OperationRequest {
    const { policy, variables } = this.target;
    if (!policy.allowWrites)
      throw new Unprovable(
        'policy',
        `a request that may have an effect is sent only where ${variables.sandboxWrites}=allow`,
        variables.sandboxWrites,
      );
    return exampleRequest(this.contract, this.operation);
  }

  #plainHttpUrl(): string {
    if (this.target.plainHttpUrl !== undefined) return this.target.plainHttpUrl;
    throw new Unprovable(
      'policy',
      `the target is a plain-HTTP address of this machine; ${this.target.variables.plainHttpUrl} names another`,
    );
  }

  /** The production profile, told while planning; the guard of the wire holds even where this is forgotten. */
  #permitted(key: Secret | undefined, what: string, variable: string): Secret {
    if (this.target.policy.production && !this.operation.isSafe) {
      throw new Unprovable('policy', 'the production profile sends no unsafe method with a key that could be accepted');
    }
    if (key) return key;
    throw new Unprovable('key', `${what} is not configured: set ${variable}`, variable);
  }
}

function placeOf(base: URL, target: string): Place {
  const [path = '', ...rest] = target.split(/(?=\?)/);
  return { origin: base.origin, base: base.pathname.replace(/\/$/, ''), path, query: rest.join('') };
}

function withQuery(path: string, query: readonly Text[]): Text {
  return query.reduce<Text>((target, pair) => [...target, target.join('').includes('?') ? '&' : '?', ...pair], [path]);
}
