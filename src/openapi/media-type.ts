import { parseMediaType } from '../fields/field-parser.ts';

/** RFC 6839 §3.1 for the suffix; a range that JSON is in counts as JSON. */
export function isJson(mediaType: string): boolean {
  const essence = parseMediaType(mediaType)?.essence ?? '';
  return ['/json', '+json'].some((end) => essence.endsWith(end)) || essence === '*/*' || essence === 'application/*';
}

/**
 * Whether a media type is the one that is written, whatever its parameters, or lies in it: RFC 9110 §12.5.1 has `*` stand for
 * all types, or for all subtypes of one.
 *
 * @param type without parameters, in lower case
 */
export function matchesMediaType(written: string, type: string): boolean {
  const essence = parseMediaType(written)?.essence ?? '';
  return essence === type || essence === '*/*' || (essence.endsWith('/*') && type.startsWith(essence.slice(0, -1)));
}

/** Whether a body of this type is a list of named texts, so that a member can be missing but not of a wrong type. */
export function isFormData(mediaType: string): boolean {
  const essence = parseMediaType(mediaType)?.essence;
  return essence === 'application/x-www-form-urlencoded' || essence === 'multipart/form-data';
}

interface EncodedBody {
  readonly contentType: string;
  readonly text: string;
}

const BOUNDARY = 'boundary-of-the-request';

/** Writes a value down in a media type. A text of a type that is neither JSON nor a form is taken as it is. */
export function encodeBody(mediaType: string, value: unknown): EncodedBody {
  if (isJson(mediaType)) {
    const contentType = mediaType.includes('*') ? 'application/json' : mediaType;
    return { contentType, text: JSON.stringify(value) };
  }
  if (!isFormData(mediaType)) return { contentType: mediaType, text: asText(value) };
  const fields = Object.entries(value ?? {}).map(([name, member]): [string, string] => [name, asText(member)]);
  if (!mediaType.toLowerCase().startsWith('multipart/')) {
    return { contentType: mediaType, text: new URLSearchParams(fields).toString() };
  }
  const parts = fields.map(([name, text]) => {
    const quoted = name.replaceAll('"', '%22');
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${quoted}"\r\n\r\n${text}\r\n`;
  });
  return { contentType: `multipart/form-data; boundary=${BOUNDARY}`, text: `${parts.join('')}--${BOUNDARY}--\r\n` };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
