import { fieldValues } from '../fields/response-fields.ts';
import type { Exchange } from '../model/exchange.ts';
import type { ValuePlace } from '../model/key-lifecycle.ts';
import { reveal, Secret, type SecretOptions } from '../secret.ts';
import { openExchange } from './received.ts';

/*
 * What a response says of a key that was made: read here, since only this room sees responses as they were received, and so
 * that the key itself leaves the room as a `Secret`.
 */

/** In characters. No server takes a request head as long as this. */
const LONGEST_KEY = 16_384;

/** What stands at a place of the response; undefined: nothing does, or no response came. */
export function valueAt(exchange: Exchange, place: ValuePlace): unknown {
  const { response } = openExchange(exchange);
  if (!response) return undefined;
  if (place.in === 'header') return fieldValues(response, place.name)[0];
  const tokens = place.pointer.split('/').slice(1);
  return tokens
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, token) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, token)
          ? (value as Readonly<Record<string, unknown>>)[token]
          : undefined,
      response.body.json,
    );
}

/** The key at a place of the response; undefined: no key stands there. */
export function secretAt(
  exchange: Exchange,
  place: ValuePlace,
  name: string,
  options: SecretOptions,
): Secret | undefined {
  return keyOf(valueAt(exchange, place), name, options);
}

/** A value that can be sent as a key, as a secret. */
export function keyOf(value: unknown, name: string, options: SecretOptions): Secret | undefined {
  const isKey =
    typeof value === 'string' && value.length > 0 && value.length <= LONGEST_KEY && /^[\x21-\x7e]+$/.test(value);
  return isKey ? new Secret(name, value, options) : undefined;
}

/** Whether the response has the whole key in its body. */
export function showsKey(exchange: Exchange, secret: Secret): boolean {
  const { response } = openExchange(exchange);
  return response !== undefined && response.body.text.includes(reveal(secret));
}
