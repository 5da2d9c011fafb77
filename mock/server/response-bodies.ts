import { STATUS_CODES } from 'node:http';
import { withoutContradiction } from '../document/contradictions.ts';
import { contentsFor, examplesOf, jsonContent, shownBodies, shownInRequest } from '../document/examples.ts';
import { isObject } from '../document/json.ts';
import { sampleMembers, sampleWithConstants } from '../document/samples.ts';
import type { Api, DocumentedRefusal, DocumentedRefusalName, Operation } from '../types/api.ts';
import type { JsonObject, Schema } from '../types/json.ts';
import type { Refusal, RefusalReason } from '../types/refusal.ts';
import type { ResponseBodies, SchemaValidator } from '../types/state.ts';
import { fillRetryAfter, fillScopes, namesScopes, partsOf, refill, wordOf } from './error-body.ts';

interface Usual {
  readonly status: number;
  /** Of a body that the document does not describe. */
  readonly word?: string;
  readonly text?: string;
}

/** How servers usually refuse. The statuses and bodies of the document come first. */
const USUAL: Readonly<Record<RefusalReason, Usual>> = {
  missingKey: { status: 401 },
  invalidKey: { status: 401 },
  forbidden: { status: 403 },
  otherEnvironment: { status: 401 },
  lockedOut: { status: 403 },
  rateLimited: { status: 429 },
  plainHttp: { status: 403, word: 'https_required', text: 'HTTPS is required' },
  conflictingKeys: { status: 400, word: 'invalid_request', text: 'More than one API key was sent' },
  unknownPath: { status: 404, word: 'not_found', text: 'Nothing is here' },
  wrongMethod: { status: 405, word: 'method_not_allowed', text: 'The method is not allowed here' },
  invalidInput: { status: 400, word: 'invalid_input', text: 'The request is not valid' },
  unknownId: { status: 404, word: 'not_found', text: 'Nothing has this id' },
  misdirected: { status: 421, word: 'misdirected_request', text: 'Another server answers for this host' },
  headTooLarge: { status: 431, word: 'headers_too_large', text: 'The request headers are too large' },
  serverError: { status: 500, word: 'internal_error', text: 'Something went wrong' },
  unavailable: { status: 503, word: 'unavailable', text: 'The service is not available' },
};

/** Refusals that the extension does not describe, but whose bodies operations may show. */
const SHOWN_BY_OPERATIONS: readonly RefusalReason[] = ['invalidInput', 'unknownId'];

/** The bodies of an API, taken from the examples of its document; where it has none, shaped like those it has. */
export class Bodies implements ResponseBodies {
  readonly #api: Api;
  readonly #validator: SchemaValidator;
  readonly #documented = new Map<RefusalReason, readonly JsonObject[]>();
  readonly #allowed = new Map<string, readonly unknown[]>();
  readonly #refusals = new Map<string, JsonObject>();
  readonly #usual = new Map<RefusalReason, Operation | undefined>();
  readonly #successes = new Map<string, { readonly status: number; readonly body: unknown }>();

  constructor(api: Api, validator: SchemaValidator) {
    this.#api = api;
    this.#validator = validator;
  }

  statusOf(reason: RefusalReason): number {
    const usual = USUAL[reason].status;
    const allowed = this.#described(reason)?.statuses ?? [];
    return allowed.includes(usual) ? usual : (allowed[0] ?? usual);
  }

  /** The plainest body that is documented. */
  of({ reason, retryAfter }: Refusal, operation?: Operation): JsonObject {
    const key = `${reason} ${operation?.id ?? ''}`;
    const body =
      this.#refusals.get(key) ?? this.#ofOperation(reason, this.likeWhich(reason, operation)) ?? this.#ofApi(reason);
    this.#refusals.set(key, body);
    return retryAfter === undefined ? body : fillRetryAfter(body, retryAfter);
  }

  likeWhich(reason: RefusalReason, operation: Operation | undefined): Operation | undefined {
    if (operation && contentsFor(operation, this.statusOf(reason)).length > 0) return operation;
    if (!this.#usual.has(reason)) this.#usual.set(reason, this.#usualOperation(reason));
    return this.#usual.get(reason) ?? operation;
  }

  sent(refusal: Refusal, operation?: Operation): unknown {
    const described = this.#candidates(refusal.reason, this.likeWhich(refusal.reason, operation));
    const [first] = described;
    if (first === undefined || described.some(isObject)) return this.of(refusal, operation);
    return typeof first === 'string' ? JSON.stringify(first) : first;
  }

  naming(refusal: Refusal, required: readonly string[], held: readonly string[]): JsonObject {
    const { scopes } = this.#api;
    const naming = this.#bodies(refusal.reason).find((body) => namesScopes(body, scopes));
    return naming ? fillScopes(naming, scopes, required, held) : this.of(refusal);
  }

  optionalMembers(): JsonObject {
    const schema = this.#api.refusals.envelope?.schema;
    return schema === undefined ? {} : sampleMembers(this.#api.document, schema);
  }

  /** The documented example, or a sample of the schema that shows what the request showed, where the schema allows it. */
  ofSuccess(operation: Operation): { readonly status: number; readonly body: unknown } {
    const success = this.#successes.get(operation.id) ?? this.#success(operation);
    this.#successes.set(operation.id, success);
    return success;
  }

  #success(operation: Operation): { readonly status: number; readonly body: unknown } {
    const status = Object.keys(operation.responses).find((candidate) => /^2\d\d$/.test(candidate)) ?? '200';
    const content = jsonContent(operation.responses[status] ?? []);
    const [example] = content ? examplesOf(this.#api, content) : [];
    const { schema } = content ?? {};
    if (example !== undefined || schema === undefined) return { status: Number(status), body: example ?? {} };
    const sample = sampleWithConstants(this.#api.document, schema);
    const fuller = isObject(sample) ? { ...sample, ...shownInRequest(this.#api, operation, sample) } : sample;
    return { status: Number(status), body: this.#isValid(schema, fuller) ? fuller : sample };
  }

  /** The first of those whose refusals have the form that most have; undefined: none describes one. */
  #usualOperation(reason: RefusalReason): Operation | undefined {
    const byForm = new Map<string, Operation[]>();
    for (const operation of this.#api.operations) {
      const types = contentsFor(operation, this.statusOf(reason)).map(({ mediaType }) => mediaType);
      if (types.length === 0 || this.#described(reason)?.schema !== undefined) continue;
      const form = JSON.stringify([types, Object.keys(this.#ofOperation(reason, operation) ?? {}).toSorted()]);
      byForm.set(form, [...(byForm.get(form) ?? []), operation]);
    }
    return [...byForm.values()].toSorted((one, other) => other.length - one.length)[0]?.[0];
  }

  /** A body of the operation itself counts only where the extension has no schema of the refusal. */
  #ofOperation(reason: RefusalReason, operation: Operation | undefined): JsonObject | undefined {
    return this.#candidates(reason, operation).find(isObject);
  }

  /** Bodies of any type that the operation's own schema allows. */
  #candidates(reason: RefusalReason, operation: Operation | undefined): readonly unknown[] {
    const key = `${reason} ${operation?.id ?? ''}`;
    const known = this.#allowed.get(key) ?? this.#findCandidates(reason, operation);
    this.#allowed.set(key, known);
    return known;
  }

  #findCandidates(reason: RefusalReason, operation: Operation | undefined): readonly unknown[] {
    const described = this.#described(reason);
    if (!operation || !described || described.schema !== undefined) return [];
    const content = jsonContent(contentsFor(operation, this.statusOf(reason)));
    if (content?.schema === undefined) return [];
    const schema = withoutContradiction(this.#api.document, content.schema);
    const candidates = [examplesOf(this.#api, content)[0], sampleWithConstants(this.#api.document, schema)];
    return candidates.filter((body) => body !== undefined && this.#isValid(schema, body));
  }

  #ofApi(reason: RefusalReason): JsonObject {
    const documented = this.#bodies(reason);
    const plain = documented.find((body) => !namesScopes(body, this.#api.scopes));
    return plain ?? documented[0] ?? this.#shaped(reason);
  }

  #described(reason: RefusalReason): DocumentedRefusal | undefined {
    return this.#api.refusals[reason as DocumentedRefusalName];
  }

  #isValid(schema: Schema, body: unknown): boolean {
    return this.#validator.errors(schema, body).length === 0;
  }

  #bodies(reason: RefusalReason): readonly JsonObject[] {
    const bodies = this.#documented.get(reason) ?? this.#find(reason);
    this.#documented.set(reason, bodies);
    return bodies;
  }

  #find(reason: RefusalReason): readonly JsonObject[] {
    const described = this.#described(reason);
    if (!described && !SHOWN_BY_OPERATIONS.includes(reason)) return [];
    const status = this.statusOf(reason);
    const schema = described?.schema;
    return shownBodies(this.#api, status, schema).filter((body) => {
      const own = body[partsOf(body).status ?? ''];
      return (schema === undefined || this.#isValid(schema, body)) && (own === undefined || Number(own) === status);
    });
  }

  #shaped(reason: RefusalReason): JsonObject {
    const sample = this.#sample(reason);
    if (sample) return sample;
    const status = this.statusOf(reason);
    const shown = (['forbidden', 'invalidKey', 'missingKey'] as const).flatMap((other) =>
      this.#bodies(other).slice(0, 1),
    );
    const sameStatus = shown.find((body) => Number(body[partsOf(body).status ?? '']) === status);
    const phrase = STATUS_CODES[status] ?? 'Refused';
    const usualWord = phrase.toLowerCase().replaceAll(' ', '_');
    const reference = sameStatus ?? shown[0] ?? { error: usualWord, message: phrase };
    const { word = (sameStatus && wordOf(sameStatus)) ?? usualWord, text = phrase } = USUAL[reason];
    return refill(reference, { status, word, text });
  }

  /** A schema of constants needs no example. */
  #sample(reason: RefusalReason): JsonObject | undefined {
    const whole = this.#described(reason)?.schema;
    if (whole === undefined) return undefined;
    const schema = withoutContradiction(this.#api.document, whole);
    const sample = sampleWithConstants(this.#api.document, schema);
    if (!isObject(sample) || !this.#isValid(schema, sample)) return undefined;
    return Number(sample[partsOf(sample).status ?? '']) === this.statusOf(reason) ? sample : undefined;
  }
}
