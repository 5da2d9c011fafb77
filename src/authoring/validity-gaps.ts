import { Validator } from '@seriousme/openapi-schema-validator';
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { isObject, tokensOf } from '../openapi/json-pointer.ts';
import { isSwagger } from '../openapi/upgrade.ts';
import { inWords, type Position } from '../openapi/position.ts';
import type { SourceFiles } from '../openapi/source-files.ts';
import { inLine } from '../visible-text.ts';
import type { Gap } from './gap.ts';

/** So many places are shown: who has more corrects these first. */
const MOST = 100;
const LONGEST = 300;

/**
 * Where the document is no valid OpenAPI. None of it keeps the operations from being judged that can be read.
 *
 * @param document bundled
 */
export function validityGaps(document: unknown, sources: SourceFiles): Gap[] {
  const found = [...structureGaps(document, sources), ...duplicateIdGaps(document, sources)];
  const left = found.length - MOST;
  if (left <= 0) return found;
  const { line = 1, column, pointer } = found[MOST] ?? {};
  const more = {
    kind: 'invalid',
    ...{ line, ...(column !== undefined && { column }), ...(pointer !== undefined && { pointer }) },
    sentence: `${left} more places are no valid OpenAPI: correct the ones above first`,
  };
  return [...found.slice(0, MOST), more as Gap];
}

/** The package documents the method and does not type it: it compiles a schema without looking at references. */
const TypedValidator = Validator as unknown as new (options: Options) => {
  readonly getAjvValidator: (version: string) => ValidateFunction;
};

let validator: InstanceType<typeof TypedValidator> | undefined;

function structureGaps(document: unknown, sources: SourceFiles): Gap[] {
  // Of Swagger 2.0 the file itself is looked at, since the contract has it in the words of OpenAPI 3.
  const given = isObject(sources.value) && isSwagger(sources.value) ? sources.value : document;
  const version = isObject(given) ? /^[23]\.\d/.exec(String(given['openapi'] ?? given['swagger']))?.[0] : undefined;
  if (version === undefined) return [];
  // It keeps what it has compiled.
  validator ??= new TypedValidator({ allErrors: true, logger: false });
  const validate = validator.getAjvValidator(version);
  if (validate(given)) return [];
  const errors = deepest(validate.errors ?? []);
  return errors.map((error) => {
    const tokens = tokensOf(error.instancePath);
    const where = tokens.length === 0 ? 'the document' : tokens.join(' › ');
    const sentence = inLine(`this is no valid OpenAPI, ${where} ${wordsOf(error)}`, LONGEST);
    return { kind: 'invalid' as const, ...sources.positionOf(tokens), sentence: `${sentence}: correct it` };
  });
}

/** That an object is neither what it is meant to be nor a reference follows from what is wrong with it. */
function deepest(errors: readonly ErrorObject[]): ErrorObject[] {
  const telling = errors.filter(({ keyword, params }) => {
    const { missingProperty } = params as { missingProperty?: string };
    return !['oneOf', 'anyOf', 'if', 'not', '$ref'].includes(keyword) && missingProperty !== '$ref';
  });
  const paths = new Map<string, ErrorObject>();
  for (const error of telling.length > 0 ? telling : errors)
    if (!paths.has(error.instancePath)) paths.set(error.instancePath, error);
  const places = [...paths.keys()].toSorted();
  return places.flatMap((path, index) => {
    const isOutside = places[index + 1]?.startsWith(`${path}/`) === true;
    const error = paths.get(path);
    return isOutside || !error ? [] : [error];
  });
}

function wordsOf({ message = 'is not what it is meant to be', params }: ErrorObject): string {
  const { additionalProperty, unevaluatedProperty, allowedValues } = params as Record<string, unknown>;
  const name = additionalProperty ?? unevaluatedProperty;
  if (typeof name === 'string') return `has the member ${name}, which is not known there`;
  return Array.isArray(allowedValues) ? `${message} ${allowedValues.join(', ')}` : message;
}

function duplicateIdGaps(document: unknown, sources: SourceFiles): Gap[] {
  const first = new Map<string, Position>();
  const paths = isObject(document) && isObject(document['paths']) ? document['paths'] : {};
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(isObject(item) ? item : {}).flatMap(([method, operation]): Gap[] => {
      const id = isObject(operation) ? operation['operationId'] : undefined;
      if (typeof id !== 'string') return [];
      const position = sources.positionOf(['paths', path, method, 'operationId']);
      const earlier = first.get(id);
      if (earlier === undefined) {
        first.set(id, position);
        return [];
      }
      const sentence = `the operationId ${inLine(id, 80)} is used twice, first in line ${inWords(earlier)}: give each operation its own`;
      return [{ kind: 'invalid', ...position, sentence }];
    }),
  );
}
