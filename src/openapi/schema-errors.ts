import type { ErrorObject } from 'ajv';

/** What Ajv found, one sentence each: `/code must be equal to constant 401`. `whole` stands for the value as a whole. */
export function schemaErrorSentences(
  errors: readonly ErrorObject[] | null | undefined,
  whole: string,
): readonly string[] {
  return [
    ...new Set((errors ?? []).map((error) => `${error.instancePath || whole} ${error.message}${allowed(error)}`)),
  ];
}

/** What Ajv keeps to itself: the value it wanted, the member it did not want. */
function allowed({ keyword, params }: ErrorObject): string {
  const { allowedValue, allowedValues, additionalProperty, unevaluatedProperty } = params as Record<string, unknown>;
  if (keyword === 'const') return ` ${JSON.stringify(allowedValue)}`;
  if (keyword === 'enum') return ` ${JSON.stringify(allowedValues)}`;
  if (keyword === 'additionalProperties') return ` (${String(additionalProperty)})`;
  if (keyword === 'unevaluatedProperties') return ` (${String(unevaluatedProperty)})`;
  return '';
}
