import { reveal, Secret, type Text } from '../secret.ts';

/** The text with keys as they are, for the wire. Each character is one byte, except in a body. */
export function openText(text: Text): string {
  return text.map((part) => (part instanceof Secret ? reveal(part) : part)).join('');
}

/** The text for people: each key stands as its name. */
export function redactedText(text: Text): string {
  return text.map(String).join('');
}
