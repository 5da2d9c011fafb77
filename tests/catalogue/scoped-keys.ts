import { acceptedScopes } from '../../src/openapi/security.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import type { SecurityAlternative } from '../../src/requests/security-alternative.ts';
import type { Secret } from '../../src/secret.ts';
import { siblingScopes } from './conditions.ts';

/*
 * Which of the configured keys a case about permissions sends. Each function throws NotSent where no such key is
 * configured.
 */

/** A key with the scopes of the operation and no others. */
export function exactlyScopedKey(builder: RequestBuilder, alternative?: SecurityAlternative): Secret {
  const { scopes } = builder.operation;
  return builder.scopedKey(
    `exactly ${scopes.join('+')}`,
    (held) => held.size === scopes.length && scopes.every((scope) => held.has(scope)),
    alternative,
  );
}

/** A key for other resources: it has neither a scope that the operation accepts nor another one of the same resource. */
export function foreignKey(builder: RequestBuilder, alternative?: SecurityAlternative): Secret {
  const near = [...acceptedScopes(builder.operation), ...siblingScopes(builder.operation, builder.contract)];
  return builder.scopedKey(
    `no scope of ${near.join(', ')}`,
    (held) => near.every((scope) => !held.has(scope)),
    alternative,
  );
}

/** A key without any scope, where one is given beside the key that `foreignKey` finds. */
export function scopelessKey(builder: RequestBuilder): Secret {
  const scopeless = builder.target.keys.scoped.find(({ scopes }) => scopes.size === 0);
  if (!scopeless) throw new NotSent('policy', 'no key without any scope is given');
  if (foreignKey(builder) === scopeless.secret) throw new NotSent('policy', 'scoped-out-key sends that key');
  return builder.scopedKey('no scope', (held) => held.size === 0);
}

/** A key that has other scopes of the operation's resource and nothing else. */
export function siblingKey(builder: RequestBuilder): Secret {
  const siblings = siblingScopes(builder.operation, builder.contract);
  return builder.scopedKey(
    `${siblings.join(' or ')} and nothing else`,
    (held) => held.size > 0 && [...held].every((scope) => siblings.includes(scope)),
  );
}
