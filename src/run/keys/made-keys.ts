import type { SecretOptions } from '../../secret.ts';
import type { Target } from '../../model/target.ts';

/** How messages and evidence name a key that the run made. */
export function nameOfKey(number: number): string {
  return `made key ${number}`;
}

/** What a key that the run made is: as good as one of the settings. */
export function madeKeyOptions({ kind, variables }: Target, number: number): SecretOptions {
  const variable = variables.apiKey.replace(/API_KEY$/, `MADE_KEY_${number}`);
  return { origin: 'issued', kind: kind?.name, shell: `$${variable}` };
}

/** A time as RFC 3339 writes it, in Unix milliseconds; null: none; undefined: it cannot be read. A number is Unix seconds. */
export function isoTime(value: unknown): number | null | undefined {
  if (value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return value > 1e11 ? value : value * 1000;
  if (typeof value !== 'string') return undefined;
  const time = /^\d{4}-\d\d-\d\d[Tt ]/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
