import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonObject, Schema } from '../types/json.ts';
import type { SchemaValidator } from '../types/state.ts';
import { isObject } from './json.ts';
import { inTime } from './time-limit.ts';

const DOCUMENT = 'https://mock.invalid/openapi.json';

/** Judges values by the schemas of a document; each schema is compiled when it is first needed. */
export class DocumentValidator implements SchemaValidator {
  readonly #ajv: Ajv2020;
  readonly #isVersion30: boolean;
  readonly #compiled = new Map<Schema, ValidateFunction>();

  constructor(document: JsonObject) {
    this.#isVersion30 = String(document['openapi']).startsWith('3.0');
    // The rest of an OpenAPI document is no JSON Schema, and compiled schemas are used a few times only.
    this.#ajv = new Ajv2020({
      strict: false,
      validateSchema: false,
      allErrors: true,
      logger: false,
      code: { optimize: false, regExp: patternOf },
    });
    formats.default(this.#ajv);
    this.#ajv.addSchema(this.#asJsonSchema(document) as JsonObject, DOCUMENT);
  }

  errors(schema: Schema, value: unknown): readonly string[] {
    const known = this.#compiled.get(schema);
    const validate = known ?? this.#compile(schema);
    if (!validate) return [];
    this.#compiled.set(schema, validate);
    const isValid = isSimple(schema) ? validate(value) : inTime(() => validate(value));
    if (isValid === true) return [];
    if (isValid === undefined) return ['the value cannot be judged in time'];
    return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath || 'the value'} ${message}`);
  }

  /** Undefined where nothing can be made of the schema: then it refuses nothing. */
  #compile(schema: Schema): ValidateFunction | undefined {
    try {
      return this.#ajv.compile(this.#asJsonSchema(schema) as JsonObject);
    } catch {
      return undefined;
    }
  }

  /**
   * A copy in which references name the document, so that a schema can be compiled outside of it. `$id` is left out, for
   * it would change what references are relative to, and the words of OpenAPI 3.0, which stand in later documents too, are those of 3.1.
   */
  #asJsonSchema(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#asJsonSchema(one));
    if (!isObject(value)) return value;
    const { $ref: reference } = value;
    // What stands beside a reference is ignored in 3.0 (OpenAPI 3.0.4 §4.23).
    if (this.#isVersion30 && typeof reference === 'string') return { $ref: withDocument(reference) };
    const members = Object.entries(value)
      .filter(([name, member]) => name !== '$id' || typeof member !== 'string')
      .map(([name, member]): [string, unknown] => [
        name,
        name === '$ref' && typeof member === 'string' ? withDocument(member) : this.#asJsonSchema(member),
      ]);
    const copy = Object.fromEntries(members);
    return withNull(withExclusiveBounds(copy));
  }
}

const simple = new WeakMap<object, boolean>();

/** Whether a schema looks at a value once: it has no patterns, no alternatives and no other schemas. */
function isSimple(schema: Schema): boolean {
  if (!isObject(schema)) return true;
  const known = simple.get(schema);
  if (known !== undefined) return known;
  const found = !/"(?:\$ref|allOf|anyOf|oneOf|not|if|pattern|patternProperties|uniqueItems)":/.test(
    JSON.stringify(schema),
  );
  simple.set(schema, found);
  return found;
}

function withDocument(reference: string): string {
  return reference.startsWith('#') ? DOCUMENT + reference : reference;
}

/** `nullable: true` is a second type, where the schema names a type. */
function withNull(schema: JsonObject): JsonObject {
  const { nullable, ...rest } = schema;
  if (typeof nullable !== 'boolean') return schema;
  const { type, enum: values } = rest;
  if (!nullable || typeof type !== 'string') return rest;
  const allowed = Array.isArray(values) && { enum: [...new Set([...(values as unknown[]), null])] };
  return { ...rest, type: [type, 'null'], ...allowed };
}

/** `exclusiveMinimum: true` says of `minimum` that it is excluded; in 3.1 the keyword holds the bound. */
function withExclusiveBounds(schema: JsonObject): JsonObject {
  return withExclusive(withExclusive(schema, 'exclusiveMinimum', 'minimum'), 'exclusiveMaximum', 'maximum');
}

function withExclusive(schema: JsonObject, keyword: string, bound: string): JsonObject {
  const { [keyword]: isExclusive, [bound]: value, ...rest } = schema;
  if (typeof isExclusive !== 'boolean') return schema;
  return value === undefined ? rest : { ...rest, [isExclusive ? keyword : bound]: value };
}

/** A pattern that is no regular expression of ECMAScript, with or without Unicode, matches everything. */
const patternOf = Object.assign(
  (pattern: string, flags: string): RegExp => {
    for (const tried of [flags, '']) {
      try {
        return new RegExp(pattern, tried);
      } catch {
        continue;
      }
    }
    return /(?:)/;
  },
  { code: 'new RegExp' },
);
