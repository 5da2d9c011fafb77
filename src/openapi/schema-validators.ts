import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { RegExpEngine } from 'ajv/dist/types/index.js';
import { remembered } from '../fields/remembered.ts';
import type { Contract } from '../model/contract.ts';
import { ContractError } from './contract-error.ts';
import { newAjv } from './json-schema.ts';
import { asJsonSchema } from './openapi30-schema.ts';
import { BOUNDS } from './bounds.ts';
import { descend, isObject, members, nodeAt } from './json-pointer.ts';
import { isSurelyFast } from './schema-cost.ts';
import { TookTooLong, withinTime } from './within-time.ts';
import { schemaErrorSentences } from './schema-errors.ts';

const ID = 'https://contract.invalid/document';

/**
 * JSON Schema asks for regular expressions of ECMAScript with Unicode. Many documents hold others: one that ECMAScript
 * reads without Unicode is read so, and one of another dialect is taken to match, since nobody can say what it refuses.
 */
const regExp: RegExpEngine = Object.assign(
  (pattern: string, flags: string) => {
    for (const tried of [flags, '']) {
      try {
        return new RegExp(pattern, tried);
      } catch {
        // The next dialect may know it.
      }
    }
    return /(?:)/;
  },
  { code: 'new RegExp' },
);

/**
 * Judges values by the schemas of a contract. The document is handed to the validator once and as a whole, so that a schema
 * may refer to any other and to itself; a schema is compiled when it is first asked for.
 */
export class SchemaValidators {
  readonly #ajv: Ajv2020;
  readonly #file: string;
  readonly #document: unknown;
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #fast = new Map<string, boolean>();
  /** What took too long, by the pointer of the schema. */
  readonly #tooSlow = new Map<string, readonly ContractError[]>();

  constructor(contract: Contract) {
    this.#file = contract.file;
    this.#document = contract.document;
    // Neither strict nor checked against a meta-schema: what surrounds the schemas is OpenAPI, which is checked on loading.
    // Each schema is used a few times at most, so that making its code fast would take longer than it saves.
    this.#ajv = newAjv({ strict: false, validateSchema: false, inlineRefs: false, code: { optimize: false, regExp } });
    const is30 = contract.document.openapi.startsWith('3.0');
    const schemas = withoutIds(asJsonSchema(contract.document, is30));
    try {
      this.#ajv.addSchema(schemas as object, ID);
    } catch (cause) {
      const problem = `its schemas cannot be used, ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new ContractError(contract.file, problem, 'correct them', cause);
    }
  }

  /**
   * What is wrong with the value, in sentences such as `/code must be equal to constant 401`; none: it conforms.
   * @param pointer of a schema in `Contract.document`
   * @throws ContractError where the schema cannot be used, or where it takes too long to tell
   */
  errors(pointer: string, value: unknown): readonly string[] {
    const validate = this.#validator(pointer);
    return this.#inTime(pointer, value, validate) ? [] : schemaErrorSentences(validate.errors, 'the value');
  }

  #inTime(pointer: string, value: unknown, validate: ValidateFunction): boolean {
    const earlier = this.#tooSlow.get(pointer) ?? [];
    const [problem] = earlier;
    if (problem && earlier.length >= PATIENCE) throw problem;
    try {
      if (this.#isFast(pointer)) return validate(value);
      return withinTime(BOUNDS.validation, () => validate(value));
    } catch (cause) {
      const isEndless = cause instanceof RangeError;
      if (!isEndless && !(cause instanceof TookTooLong)) throw cause;
      const what = isEndless
        ? 'refers to itself without an end'
        : `takes longer than ${BOUNDS.validation} ms for a value`;
      const patterns = patternsIn(this.#document, pointer);
      const shown = patterns.length > 0 ? `, with the pattern ${patterns.join(' or ')}` : '';
      const found = new ContractError(
        this.#file,
        `the schema at ${pointer} ${what}${shown}`,
        'write it more simply',
        cause,
      );
      this.#tooSlow.set(pointer, [...earlier, found]);
      throw found;
    }
  }

  #isFast(pointer: string): boolean {
    const known = this.#fast.get(pointer) ?? isSurelyFast(this.#document, pointer);
    this.#fast.set(pointer, known);
    return known;
  }

  #validator(pointer: string): ValidateFunction {
    const known = this.#compiled.get(pointer);
    if (known) return known;
    try {
      const compiled = withinTime(COMPILATION, () => this.#ajv.compile({ $ref: ID + pointer }));
      this.#compiled.set(pointer, compiled);
      return compiled;
    } catch (cause) {
      const problem = `the schema at ${pointer} cannot be used, ${cause instanceof Error ? cause.message : String(cause)}`;
      throw new ContractError(this.#file, problem, 'correct the schema', cause);
    }
  }
}

/** The validators of a contract, made once: they hold the whole document, and the code of every schema that was asked for. */
export const validatorsOf = remembered((contract: Contract) => new SchemaValidators(contract));

/** So many values may take a schema too long: then nothing more is judged by it. */
const PATIENCE = 2;

/** Milliseconds to make code of a schema. The largest of public documents take one second. */
const COMPILATION = 10_000;

/** Patterns at a schema or one level below it, to say which one may be slow. */
function patternsIn(document: unknown, pointer: string): string[] {
  const start = nodeAt(document, pointer);
  const schemas = [start, ...members(document, start && descend(document, start, 'properties'))];
  return schemas.flatMap((schema) => {
    const pattern = isObject(schema?.value) ? schema.value['pattern'] : undefined;
    return typeof pattern === 'string' ? [JSON.stringify(pattern)] : [];
  });
}

/** Every reference is a pointer into the document, which an `$id` on the way, of a schema or in an example, would bend. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, member]) => key !== '$id' || typeof member !== 'string')
      .map(([key, member]) => [key, withoutIds(member)]),
  );
}
