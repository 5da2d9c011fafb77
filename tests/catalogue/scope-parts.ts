/*
 * What a scope says of itself. No standard divides a scope (RFC 6749 §3.3), so this reads what APIs agree to write:
 * `contacts:read`, `read_contacts`, `crm.contacts.read`, `channel:read:redemptions`, `user-read-email`.
 */

export interface ScopeParts {
  readonly resource: string;
  /** Absent where the scope does not tell its verb from its resource: `admin`, `read`, `read-write`. */
  readonly verb?: string;
}

const VERBS = new Set([
  ...['read', 'write', 'manage', 'create', 'update', 'modify', 'edit', 'delete', 'list', 'view', 'send', 'execute'],
  ...['readonly', 'readwrite'],
]);

/**
 * The resource of a scope with colons is its first part, unless that is the verb: resources that begin alike are taken for
 * one, since a permission for the whole may include one for a part. Elsewhere it is everything but the verb.
 */
export function partsOf(scope: string): ScopeParts {
  const words = scope
    .toLowerCase()
    .split(/[:._/-]+/)
    .filter((word) => word !== '');
  const verbs = words.filter((word) => VERBS.has(word));
  const [verb] = verbs;
  const [first = scope, ...further] = scope.split(':');
  if (verb === undefined || verbs.length > 1 || words.length === 1) return { resource: first };
  const isAfterResource = further.length > 0 && first.toLowerCase() !== verb;
  return { resource: isAfterResource ? first : words.filter((word) => word !== verb).join(' '), verb };
}

/** A scope with a wildcard may hold for any resource and any verb, so that a key with it lacks nothing for certain. */
export function hasWildcard(scope: string): boolean {
  return scope.includes('*');
}
