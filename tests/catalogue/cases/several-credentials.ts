import { acceptedScopes } from '../../../src/openapi/security.ts';
import type { RequestBuilder } from '../../../src/requests/request-builder.ts';
import { type Case, NotSent } from '../../../src/requests/case.ts';
import {
  type Credentials,
  type SecurityAlternative,
  securityAlternativesOf,
  combinedCredentials,
} from '../../../src/requests/security-alternative.ts';
import type { HeaderLine } from '../../../src/model/request.ts';
import { Secret } from '../../../src/secret.ts';
import { hasScopes, siblingScopes } from './applicability.ts';
import { keyInHeader } from './forms.ts';

/** Two credentials at once: which one counts is not documented, so what shows is a server that takes whichever opens. */
export const conflicts: readonly Case[] = [
  twoForms(
    'good-key-and-bad-bearer',
    'the full-access key in the first form, a key that was never issued in the second',
    (builder, first, second) => [builder.fullKey(first), builder.neverIssuedKey(second)],
  ),
  twoForms(
    'bad-key-and-good-bearer',
    'a key that was never issued in the first form, the full-access key in the second',
    (builder, first, second) => [builder.neverIssuedKey(first), builder.fullKey(second)],
  ),
  {
    ...twoForms(
      'scoped-out-and-scoped-key',
      'a key without the scope in the first form, one with it in the second',
      (builder, first, second) => [scopedOut(builder, first), scoped(builder, second)],
    ),
    appliesTo: hasScopes,
  },
  {
    ...twoForms(
      'scoped-and-scoped-out-key',
      'a key with the scope in the first form, one without it in the second',
      (builder, first, second) => [scoped(builder, first), scopedOut(builder, second)],
    ),
    appliesTo: hasScopes,
  },
];

/** One header twice, or two keys in one header (RFC 9110 §5.3: a singleton field is not repeated). */
export const repetitions: readonly Case[] = [
  lines(
    'bad-line-then-good-line',
    'the header twice: a key that was never issued, then the full-access key',
    (builder) => [...builder.headerLinesFor(builder.neverIssuedKey()), ...builder.headerLinesFor(builder.fullKey())],
  ),
  lines(
    'good-line-then-bad-line',
    'the header twice: the full-access key, then one that was never issued',
    (builder) => [...builder.headerLinesFor(builder.fullKey()), ...builder.headerLinesFor(builder.neverIssuedKey())],
  ),
  lines('bad-comma-good', 'two keys in the header: one that was never issued, then the full-access key', (builder) =>
    listed(builder, builder.neverIssuedKey(), builder.fullKey()),
  ),
  lines('good-comma-bad', 'two keys in the header: the full-access key, then one that was never issued', (builder) =>
    listed(builder, builder.fullKey(), builder.neverIssuedKey()),
  ),
];

/** Field lines that RFC 9112 §5.1 and §5.2 tell a server to reject. */
export const malformedLines: readonly Case[] = [
  malformed('space-before-colon', 'the full-access key behind a name with a space before the colon', (builder) =>
    builder.headerLinesFor(builder.fullKey()).map(([name, value]) => [`${name} `, value]),
  ),
  // A server that puts a space in place of the fold, as RFC 9112 §5.2 allows, reads another key.
  malformed('folded-line', 'the full-access key folded in its middle', (builder) =>
    builder
      .headerLinesFor(builder.fullKey())
      .map(([name, value]) => [name, value.flatMap((part) => (part instanceof Secret ? folded(part) : [part]))]),
  ),
];

function folded(key: Secret): readonly [Secret, string, Secret] {
  const middle = (value: string): number => Math.floor(value.length / 2);
  return [
    key.derive('its first half', (value) => value.slice(0, middle(value))),
    '\r\n ',
    key.derive('its second half', (value) => value.slice(middle(value))),
  ];
}

function twoForms(
  id: string,
  title: string,
  keys: (builder: RequestBuilder, first: SecurityAlternative, second: SecurityAlternative) => readonly [Secret, Secret],
): Case {
  return {
    id,
    group: 'presentation',
    title,
    control: 'valid-key',
    request: (builder) => {
      const [first, second] = securityAlternativesOf(builder.contract, builder.operation);
      if (!first || !second) throw new NotSent('policy', 'the operation takes its credential in one form only');
      const [one, other] = keys(builder, first, second);
      const both = [builder.credentialsFor(one, first), builder.credentialsFor(other, second)];
      const shared = sharedPlace(both);
      if (shared !== undefined) throw new NotSent('form', `both forms of the credential belong in ${shared}`);
      return builder.build({ credentials: combinedCredentials(both) });
    },
  };
}

/** Two values in one place are a repetition, which is another question. */
function sharedPlace(both: readonly Credentials[]): string | undefined {
  const places = both.map(({ headers, query, cookies }) => [
    ...headers.map(([name]) => `the header ${name}`),
    ...query.map(([name]) => `the query parameter ${String(name).slice(0, -1)}`),
    ...cookies.map(([name]) => `the cookie ${String(name).slice(0, -1)}`),
  ]);
  return places[0]?.find((place) => places[1]?.includes(place));
}

/** Other lines for the key, and beside them whatever else the form asks for. */
function lines(id: string, title: string, own: (builder: RequestBuilder) => readonly HeaderLine[]): Case {
  return {
    id,
    group: 'presentation',
    title,
    control: 'valid-key',
    suits: keyInHeader,
    request: (builder) => {
      const usual = builder.credentialsFor(builder.fullKey());
      const replaced = builder.headerLinesFor(builder.fullKey()).map(([name]) => name);
      const beside = usual.headers.filter(([name]) => !replaced.includes(name));
      return builder.build({ credentials: { ...usual, headers: [...own(builder), ...beside] } });
    },
  };
}

function malformed(id: string, title: string, own: (builder: RequestBuilder) => readonly HeaderLine[]): Case {
  return { ...lines(id, title, own), malformed: true };
}

/** The second key as it is written behind its scheme, if it has one. */
function listed(builder: RequestBuilder, one: Secret, other: Secret): readonly HeaderLine[] {
  const second = builder.headerLinesFor(other).flatMap(([, value]) => value.filter((part) => part instanceof Secret));
  return builder.headerLinesFor(one).map(([name, value]) => [name, [...value, ', ', ...second]]);
}

function scoped(builder: RequestBuilder, form: SecurityAlternative): Secret {
  const { scopes } = builder.operation;
  return builder.scopedKey(
    `exactly ${scopes.join('+')}`,
    (held) => held.size === scopes.length && scopes.every((scope) => held.has(scope)),
    form,
  );
}

function scopedOut(builder: RequestBuilder, form: SecurityAlternative): Secret {
  const near = [...acceptedScopes(builder.operation), ...siblingScopes(builder.operation, builder.contract)];
  return builder.scopedKey(`no scope of ${near.join(', ')}`, (held) => near.every((scope) => !held.has(scope)), form);
}
