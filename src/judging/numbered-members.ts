import type { HttpResponse } from '../model/exchange.ts';
import { steadyText } from './steady-text.ts';

/** The name of a body that is no JSON. */
export const WHOLE_TEXT = '';

/** How many numbers are more than an API has codes for one status and one credential. */
const TOO_MANY_FOR_CODES = 3;

/**
 * Names of members, in errors at any depth, whose numbers differ though the same is said to the same: a server counts its
 * responses there, or measures them. A code that tells errors apart is the same for the same.
 *
 * @param alike groups of responses of which each group should say the same
 * @returns names as `request_number`; `WHOLE_TEXT` for a body that is no JSON
 */
export function numberedMembers(alike: readonly (readonly HttpResponse[])[]): ReadonlySet<string> {
  const numbered = new Set<string>();
  for (const group of alike) {
    const seen = new Map<string, Set<string>>();
    const texts = new Set<string>();
    for (const { status, body } of group) {
      if (status < 400 || texts.has(body.text)) continue;
      texts.add(body.text);
      for (const [name, numbers] of numbersIn(WHOLE_TEXT, body.json ?? body.text))
        seen.set(name, (seen.get(name) ?? new Set()).add(numbers));
    }
    for (const [name, { size }] of seen) if (size >= TOO_MANY_FOR_CODES) numbered.add(name);
  }
  return numbered;
}

/** Each text and each number with the name of its member, and the digits in it. */
function* numbersIn(name: string, value: unknown): Generator<readonly [name: string, numbers: string]> {
  if (typeof value === 'number') yield [name, String(value)];
  else if (typeof value === 'string') {
    const numbers = steadyText(value).match(/\d+/g);
    if (numbers) yield [name, numbers.join(' ')];
  } else if (Array.isArray(value)) for (const one of value) yield* numbersIn(name, one);
  else if (typeof value === 'object' && value !== null)
    for (const [member, one] of Object.entries(value)) yield* numbersIn(member, one);
}
