import type { Api, Content, Operation } from '../types/api.ts';
import type { JsonObject, Schema } from '../types/json.ts';
import { isObject } from './json.ts';
import { isInRange, isJson, isRange } from './media-types.ts';
import { examplesIn } from './operations.ts';

/** The contents that an operation documents for a status: of the code itself, of its range, then of `default`. */
export function contentsFor({ responses }: Operation, status: number): readonly Content[] {
  return responses[String(status)] ?? responses[`${String(status).charAt(0)}XX`] ?? responses['default'] ?? [];
}

/** The content that JSON is written for; undefined where the document has no such content. */
export function jsonContent(contents: readonly Content[]): Content | undefined {
  return (
    contents.find(({ mediaType }) => isJson(mediaType)) ??
    contents.find(({ mediaType }) => isRange(mediaType) && isInRange('application/json', mediaType))
  );
}

/** The examples of a content, those in its schema last. */
export function examplesOf({ document }: Api, { examples, schema }: Content): readonly unknown[] {
  return [...examples, ...examplesIn(document, schema)];
}

/** Objects that the document shows for a status: in the schema, then in the responses of the operations. */
export function shownBodies({ document, operations }: Api, status: number, schema?: Schema): readonly JsonObject[] {
  const contents = operations.flatMap(({ responses }) => responses[String(status)] ?? []);
  return [...examplesIn(document, schema), ...contents.flatMap(({ examples }) => examples)].filter(isObject);
}

/** What the request of an operation shows of the resource: its ids, where the response has members of that name, and its body. */
export function shownInRequest(api: Api, { parameters, requestBody }: Operation, response: JsonObject): JsonObject {
  const ids = parameters.filter(
    ({ in: place, name, example }) => place === 'path' && name in response && example !== undefined,
  );
  const content = requestBody && (jsonContent(requestBody.content) ?? requestBody.content[0]);
  const [body] = content ? examplesOf(api, content) : [];
  return { ...Object.fromEntries(ids.map(({ name, example }) => [name, example])), ...(isObject(body) && body) };
}
