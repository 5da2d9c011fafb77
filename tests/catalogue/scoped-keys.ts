import { acceptedScopes } from '../../src/openapi/security.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import type { SecurityAlternative } from '../../src/requests/security-alternative.ts';
import type { Secret } from '../../src/secret.ts';
import { sameVerbScopes, siblingScopes } from './conditions.ts';
import { hasWildcard, partsOf } from './scope-parts.ts';

/*
 * Which of the configured keys a case about permissions sends: one for each kind of lack. Each function throws NotSent where
 * no such key is configured. A kind that few targets have keys for is left out by policy, so that it is no gap of the run.
 */

type Scopes = ReadonlySet<string>;

/** A key with the scopes of the operation and no others. */
export function exactlyScopedKey(builder: RequestBuilder, alternative?: SecurityAlternative): Secret {
  const { scopes } = builder.operation;
  return builder.scopedKey(
    `exactly ${scopes.join('+')}`,
    (held) => held.size === scopes.length && scopes.every((scope) => held.has(scope)),
    alternative,
  );
}

/**
 * A key for other resources: it has neither a scope that the operation accepts nor another one of the same resource. One of
 * another verb is preferred, since `sameVerbKey` is the one of the same.
 */
export function foreignKey(builder: RequestBuilder, alternative?: SecurityAlternative): Secret {
  const near = [...acceptedScopes(builder.operation), ...siblingScopes(builder.operation, builder.contract)];
  const verbs = verbsOf(builder);
  const isForeign = (held: Scopes): boolean => !isUnlimited(held) && near.every((scope) => !held.has(scope));
  const isOfOtherVerb = (held: Scopes): boolean =>
    isForeign(held) && held.size > 0 && [...held].every((scope) => isKnownOther(partsOf(scope).verb, verbs));
  const hasOtherVerb = builder.target.keys.scoped.some(({ scopes }) => isOfOtherVerb(scopes));
  const wanted = near.length === 0 ? 'no scope' : `no scope of ${near.join(', ')}`;
  return builder.scopedKey(wanted, hasOtherVerb ? isOfOtherVerb : isForeign, alternative);
}

/** A key that does the same as the operation asks for, to other resources only. */
export function sameVerbKey(builder: RequestBuilder): Secret {
  const wanted = sameVerbScopes(builder.operation, builder.contract);
  return optionalKey(
    builder,
    `${wanted.join(' or ')} and nothing else`,
    (held) => held.size > 0 && [...held].every((scope) => wanted.includes(scope)),
    { 'scoped-out-key': foreignKey },
  );
}

/** A key without any scope. */
export function scopelessKey(builder: RequestBuilder): Secret {
  return optionalKey(builder, 'no scope', (held) => held.size === 0, { 'scoped-out-key': foreignKey });
}

/** A key with several scopes, all of them of other resources. */
export function severalScopesKey(builder: RequestBuilder): Secret {
  const near = [...acceptedScopes(builder.operation), ...siblingScopes(builder.operation, builder.contract)];
  return optionalKey(
    builder,
    `several scopes and none of ${near.join(', ')}`,
    (held) => held.size > 1 && near.every((scope) => !held.has(scope)),
    { 'scoped-out-key': foreignKey, 'same-verb-key': sameVerbKey },
  );
}

/** A key with several scopes, of the operation's resource and of others, that lacks what the operation asks for. */
export function allButScopeKey(builder: RequestBuilder): Secret {
  const enough = acceptedScopes(builder.operation);
  const siblings = siblingScopes(builder.operation, builder.contract);
  return optionalKey(
    builder,
    `several scopes, ${siblings.join(' or ')} among them and ${enough.join(', ')} not`,
    (held) => held.size > 1 && siblings.some((scope) => held.has(scope)) && enough.every((scope) => !held.has(scope)),
    { 'sibling-scope-key': siblingKey },
  );
}

/** A key that has other scopes of the operation's resource and nothing else. */
export function siblingKey(builder: RequestBuilder): Secret {
  const siblings = siblingScopes(builder.operation, builder.contract);
  return builder.scopedKey(
    `${siblings.join(' or ')} and nothing else`,
    (held) => held.size > 0 && [...held].every((scope) => siblings.includes(scope)),
  );
}

/**
 * Of several fitting keys the one with the most scopes. A key that another case sends is not sent twice.
 *
 * @param others how the cases that may send the same key find it, by the id of the case
 */
function optionalKey(
  builder: RequestBuilder,
  what: string,
  wanted: (held: Scopes) => boolean,
  others: Readonly<Record<string, (builder: RequestBuilder) => Secret>>,
): Secret {
  const { keys, variables } = builder.target;
  const [found] = keys.scoped
    .filter(({ scopes }) => !isUnlimited(scopes) && wanted(scopes))
    .toSorted((one, other) => other.scopes.size - one.scopes.size);
  if (!found) throw new NotSent('policy', `no key with ${what} is given: ${variables.scopedKeys} takes one`);
  const sender = Object.entries(others).find(([, find]) => isSentBy(find, builder, found.secret));
  if (sender) throw new NotSent('policy', `${sender[0]} sends that key`);
  return builder.scopedKey(what, (held) => held === found.scopes);
}

function isSentBy(find: (builder: RequestBuilder) => Secret, builder: RequestBuilder, secret: Secret): boolean {
  try {
    return find(builder) === secret;
  } catch (error) {
    if (error instanceof NotSent) return false;
    throw error;
  }
}

function isUnlimited(held: Scopes): boolean {
  return [...held].some(hasWildcard);
}

function verbsOf({ operation }: RequestBuilder): ReadonlySet<string> {
  return new Set(operation.scopes.flatMap((scope) => partsOf(scope).verb ?? []));
}

function isKnownOther(verb: string | undefined, verbs: ReadonlySet<string>): boolean {
  return verb !== undefined && !verbs.has(verb);
}
