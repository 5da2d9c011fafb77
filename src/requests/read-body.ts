import { isFormData, isJson } from '../openapi/media-type.ts';

/** What a server reads in a body. */
export type ReadBody =
  | { readonly as: 'json'; readonly value: unknown }
  | { readonly as: 'form'; readonly fields: readonly (readonly [name: string, value: string])[] }
  | { readonly as: 'malformed' };

const PART = /content-disposition: form-data; name="([^"]*)"[^\r\n]*\r\n\r\n([\s\S]*?)\r\n--/gi;

/** Reads a body in the media type that it is sent in; undefined: nobody here can say what a server reads in it. */
export function readBodyAs(mediaType: string, body: string): ReadBody | undefined {
  if (isJson(mediaType)) {
    try {
      return { as: 'json', value: JSON.parse(body) };
    } catch {
      return { as: 'malformed' };
    }
  }
  if (!isFormData(mediaType)) return undefined;
  if (!mediaType.toLowerCase().startsWith('multipart/')) return { as: 'form', fields: [...new URLSearchParams(body)] };
  return { as: 'form', fields: [...body.matchAll(PART)].map(([, name = '', value = '']) => [name, value]) };
}
