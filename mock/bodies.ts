import { STATUS_CODES } from 'node:http';
import type { RefusalName, Contract, Operation } from '../src/model/contract.ts';
import { documentedResponse } from '../src/openapi/documented-response.ts';
import { isObject, type JsonObject } from '../src/openapi/json-pointer.ts';
import type { SchemaValidators } from '../src/openapi/schema-validators.ts';
import type { Reason, Refusal } from './behaviour.ts';
import { fillRetryAfter, fillScopes, namesScopes, partsOf, refill, wordOf } from './envelope.ts';
import { bodyOfSchema, documentedBodies, membersOfSchema, shownInRequest } from './examples.ts';

interface Usual {
  readonly status: number;
  /** Where the contract shows no body. */
  readonly word?: string;
  readonly text?: string;
}

/** How servers usually refuse. Statuses of the contract come first, its examples too. */
const USUAL: Readonly<Record<Reason, Usual>> = {
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
};

/** Refusals that no contract names, but whose bodies its operations may show. */
const SHOWN_BY_OPERATIONS: readonly Reason[] = ['invalidInput', 'unknownId'];

/** The bodies of a contract's answers, taken from its examples; where it has none, shaped like those it has. */
export class Bodies {
  readonly #contract: Contract;
  readonly #validators: SchemaValidators;
  readonly #documented = new Map<Reason, readonly JsonObject[]>();

  constructor(contract: Contract, validators: SchemaValidators) {
    this.#contract = contract;
    this.#validators = validators;
  }

  statusOf(reason: Reason): number {
    const usual = USUAL[reason].status;
    const allowed = this.#contract.refusals[reason as RefusalName]?.status ?? [];
    return allowed.includes(usual) ? usual : (allowed[0] ?? usual);
  }

  /** The plainest documented body; of the operation's own where the contract says nothing of the refusal at large. */
  of({ reason, retryAfter }: Refusal, operation?: Operation): JsonObject {
    const own = operation && this.#own(reason, operation);
    if (own) return own;
    const documented = this.#bodies(reason);
    const plain = documented.find((body) => !namesScopes(body, this.#contract.scopes));
    const body = plain ?? documented[0] ?? this.#shaped(reason);
    return retryAfter === undefined ? body : fillRetryAfter(body, retryAfter);
  }

  /** The body that names the scopes; the plain one where the contract documents no such form. */
  naming(refusal: Refusal, required: readonly string[], held: readonly string[]): JsonObject {
    const naming = this.#bodies(refusal.reason).find((body) => namesScopes(body, this.#contract.scopes));
    return naming ? fillScopes(naming, this.#contract.scopes, required, held) : this.of(refusal);
  }

  /** The members that any error may have. */
  optionalMembers(): JsonObject {
    const schema = this.#contract.refusals.envelope?.schema;
    return schema === undefined ? {} : membersOfSchema(this.#contract, schema);
  }

  /** The documented example, or a body made from the schema that shows what the request showed, if it may. */
  ofSuccess(operation: Operation): { status: number; body: unknown } {
    const status = Object.keys(operation.responses).find((candidate) => /^2\d\d$/.test(candidate)) ?? '200';
    const { example, schema } = operation.responses[status] ?? {};
    if (example !== undefined || schema === undefined) return { status: Number(status), body: example ?? {} };
    const made = bodyOfSchema(this.#contract, schema);
    const fuller = isObject(made) ? { ...made, ...shownInRequest(operation, made) } : made;
    const fits = this.#validators.errors(schema, fuller).length === 0;
    return { status: Number(status), body: fits ? fuller : made };
  }

  #own(reason: Reason, operation: Operation): JsonObject | undefined {
    const answer = this.#contract.refusals[reason as RefusalName];
    if (!answer || answer.schema !== undefined) return undefined;
    const documented = documentedResponse(operation, this.statusOf(reason));
    const { schema } = documented ?? {};
    if (schema === undefined) return undefined;
    return [documented?.example, bodyOfSchema(this.#contract, schema)]
      .filter(isObject)
      .find((body) => this.#validators.errors(schema, body).length === 0);
  }

  #bodies(reason: Reason): readonly JsonObject[] {
    let bodies = this.#documented.get(reason);
    if (!bodies) {
      bodies = this.#find(reason);
      this.#documented.set(reason, bodies);
    }
    return bodies;
  }

  #find(reason: Reason): readonly JsonObject[] {
    const answer = this.#contract.refusals[reason as RefusalName];
    if (!answer && !SHOWN_BY_OPERATIONS.includes(reason)) return [];
    const status = this.statusOf(reason);
    return documentedBodies(this.#contract, status, answer?.schema).filter((body) => {
      const own = body[partsOf(body).status ?? ''];
      const fits = answer?.schema === undefined || this.#validators.errors(answer.schema, body).length === 0;
      return fits && (own === undefined || Number(own) === status);
    });
  }

  #shaped(reason: Reason): JsonObject {
    const made = this.#made(reason);
    if (made) return made;
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
  #made(reason: Reason): JsonObject | undefined {
    const schema = this.#contract.refusals[reason as RefusalName]?.schema;
    if (schema === undefined) return undefined;
    const made = bodyOfSchema(this.#contract, schema);
    const fits = isObject(made) && this.#validators.errors(schema, made).length === 0;
    return fits && Number(made[partsOf(made).status ?? '']) === this.statusOf(reason) ? made : undefined;
  }
}
