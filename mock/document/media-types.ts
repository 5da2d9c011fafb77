/** The type without parameters, in lower case: `application/json`. */
function essenceOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}

/** `application/json` and every type with the suffix `+json` (RFC 6839 §3.1). */
export function isJson(mediaType: string): boolean {
  const essence = essenceOf(mediaType);
  return /^[^/]+\/(?:json|.+\+json)$/.test(essence);
}

/** Whether the type of a request is in the range that a document names: `application/json`, `text/*`, any. */
export function isInRange(mediaType: string, range: string): boolean {
  const [type, subtype] = essenceOf(range).split('/');
  const [sentType, sentSubtype] = essenceOf(mediaType).split('/');
  return (type === '*' || type === sentType) && (subtype === '*' || subtype === sentSubtype);
}

export function isRange(mediaType: string): boolean {
  return mediaType.includes('*');
}
