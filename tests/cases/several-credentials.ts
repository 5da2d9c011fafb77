import type { Ask } from '../../src/plan/ask.ts';
import { type Case, Unprovable } from '../../src/plan/case.ts';
import { formsOf, present } from '../../src/plan/form.ts';
import type { HeaderLine } from '../../src/plan/request.ts';
import type { Secret } from '../../src/target/secret.ts';
import { hasScopes, siblingScopes } from './applicability.ts';

/** Two credentials at once: which one counts is not documented, so what shows is a server that takes whichever opens. */
export const conflicts: readonly Case[] = [
  twoForms(
    'good-key-and-bad-bearer',
    'the full-access key in the first form, a key that was never issued in the second',
    (ask) => [ask.fullKey(), ask.neverIssuedKey()],
  ),
  twoForms(
    'bad-key-and-good-bearer',
    'a key that was never issued in the first form, the full-access key in the second',
    (ask) => [ask.neverIssuedKey(), ask.fullKey()],
  ),
  {
    ...twoForms(
      'scoped-out-and-scoped-key',
      'a key without the scope in the first form, one with it in the second',
      (ask) => [scopedOut(ask), scoped(ask)],
    ),
    appliesTo: hasScopes,
  },
  {
    ...twoForms(
      'scoped-and-scoped-out-key',
      'a key with the scope in the first form, one without it in the second',
      (ask) => [scoped(ask), scopedOut(ask)],
    ),
    appliesTo: hasScopes,
  },
];

/** One header twice, or two keys in one header (RFC 9110 §5.3: a singleton field is not repeated). */
export const repetitions: readonly Case[] = [
  lines('bad-line-then-good-line', 'the header twice: a key that was never issued, then the full-access key', (ask) => [
    ...ask.presented(ask.neverIssuedKey()),
    ...ask.presented(ask.fullKey()),
  ]),
  lines('good-line-then-bad-line', 'the header twice: the full-access key, then one that was never issued', (ask) => [
    ...ask.presented(ask.fullKey()),
    ...ask.presented(ask.neverIssuedKey()),
  ]),
  lines('bad-comma-good', 'two keys in the header: one that was never issued, then the full-access key', (ask) =>
    joined(ask, ask.neverIssuedKey(), ask.fullKey()),
  ),
  lines('good-comma-bad', 'two keys in the header: the full-access key, then one that was never issued', (ask) =>
    joined(ask, ask.fullKey(), ask.neverIssuedKey()),
  ),
];

/** Field lines that RFC 9112 §5.1 and §5.2 tell a server to reject. */
export const malformedLines: readonly Case[] = [
  malformed('space-before-colon', 'the full-access key behind a name with a space before the colon', (ask) =>
    ask.presented(ask.fullKey()).map(([name, value]) => [`${name} `, value]),
  ),
  malformed('folded-line', 'the full-access key folded in its middle', (ask) => {
    const middle = (value: string): number => Math.floor(value.length / 2);
    const front = ask.fullKey().derive('its first half', (value) => value.slice(0, middle(value)));
    const back = ask.fullKey().derive('its second half', (value) => value.slice(middle(value)));
    // A server that puts a space in place of the fold, as RFC 9112 §5.2 allows, reads another key.
    return ask.presented(front).map(([name, value]) => [name, [...value, '\r\n ', back]]);
  }),
];

function twoForms(id: string, title: string, keys: (ask: Ask) => readonly [Secret, Secret]): Case {
  return lines(id, title, (ask) => {
    const [first, second] = formsOf(ask.contract, ask.operation);
    if (!first || !second) throw new Unprovable('policy', 'the operation takes its credential in one form only');
    const [one, other] = keys(ask);
    return [...present(first, [one]).headers, ...present(second, [other]).headers];
  });
}

function lines(id: string, title: string, credentials: (ask: Ask) => readonly HeaderLine[]): Case {
  return {
    id,
    group: 'presentation',
    title,
    control: 'valid-key',
    request: (ask) => ask.request({ credentials: credentials(ask) }),
  };
}

function malformed(id: string, title: string, credentials: (ask: Ask) => readonly HeaderLine[]): Case {
  return { ...lines(id, title, credentials), malformed: true };
}

function joined(ask: Ask, one: Secret, other: Secret): readonly HeaderLine[] {
  return ask.presented(one).map(([name, value]) => [name, [...value, ', ', other]]);
}

function scoped(ask: Ask): Secret {
  const { scopes } = ask.operation;
  return ask.scopedKey(
    `exactly ${scopes.join('+')}`,
    (held) => held.size === scopes.length && scopes.every((scope) => held.has(scope)),
  );
}

function scopedOut(ask: Ask): Secret {
  const near = [...ask.operation.scopes, ...siblingScopes(ask.operation, ask.contract)];
  return ask.scopedKey(`no scope of ${near.join(', ')}`, (held) => near.every((scope) => !held.has(scope)));
}
