import { reveal, Secret, type Text } from '../secret.ts';
import type { PlannedRequest } from '../model/request.ts';

/** The text with keys as they are, for the wire. Each character is one byte, except in a body. */
export function openText(text: Text): string {
  return text.map((part) => (part instanceof Secret ? reveal(part) : part)).join('');
}

/** The text for people: each key stands as its name. */
export function redactedText(text: Text): string {
  return text.map(String).join('');
}

/** A command that repeats the request; each key stands as the shell words that produce it. */
export function curlCommand(request: PlannedRequest, origin: string, caVariable?: string): string {
  const words = ['curl', '--path-as-is', '-i', '-X', request.method];
  if (caVariable) words.push('--cacert', `"$${caVariable}"`);
  for (const [name, value] of request.headers) {
    // curl takes a header without a value only in this form.
    words.push('-H', value.join('') === '' ? quoted([`${name};`]) : quoted([`${name}: `, ...value]));
  }
  if (request.body !== undefined) words.push('--data-binary', quoted(request.body));
  words.push(quoted([origin, ...request.target]));
  return words.join(' ');
}

function quoted(text: Text): string {
  if (text.some((part) => part instanceof Secret)) {
    return `"${text.map((part) => (part instanceof Secret ? part.shell : part.replace(/[\\"$`]/g, '\\$&'))).join('')}"`;
  }
  return `'${text.join('').replaceAll("'", "'\\''")}'`;
}
