import type { Contract, KeyKind, SecurityScheme } from '../model/contract.ts';
import { isBasic } from '../openapi/security.ts';
import { Secret } from '../secret.ts';

interface GivenKey {
  readonly name: string;
  readonly shell: string;
  readonly value: string;
  /** What it is a credential of. */
  readonly scheme: SecurityScheme | undefined;
}

/** One credential, closed at once; what is wrong with it is said without a part of it. */
export function readKey(
  contract: Contract,
  { name, shell, value, scheme }: GivenKey,
  problems: string[],
  expected?: KeyKind,
  others?: readonly KeyKind[],
): Secret {
  const unfit = unfitFor(value, scheme);
  if (unfit !== undefined) problems.push(`${name} ${unfit}.`);
  const isPair = scheme !== undefined && isBasic(scheme);
  const kinds = scheme === undefined || contract.equivalentSchemes.includes(scheme.name) ? contract.keyKinds : [];
  const found = kinds.find(({ prefix }) => value.startsWith(prefix));
  const wanted = expected ? [expected] : (others ?? []);
  if (wanted.length > 0 && !wanted.some(({ prefix }) => value.startsWith(prefix))) {
    const says = wanted.map(({ prefix, environment }) => `${prefix} (${environment})`).join(' or ');
    problems.push(
      `${name} does not begin with ${says}${found ? `, it is a key for ${found.environment}` : ''}: give a key of that kind.`,
    );
  } else if (found && value.length < found.prefix.length + 6) {
    problems.push(`${name} has fewer than six characters after ${found.prefix}: copy the key again.`);
  } else if (unfit === undefined && !/[A-Za-z0-9]/.test(value.slice(found?.prefix.length))) {
    // A wrong key is made of a right one by changing its letters and digits.
    problems.push(
      `${name} holds neither a letter nor a digit${found ? ` after ${found.prefix}` : ''}: copy the key again.`,
    );
  }
  return new Secret(shell.slice(1), value, { origin: 'issued', shell, kind: found?.name, isPair });
}

/** What keeps a value from being a credential of the scheme, and what to do; undefined: nothing. */
function unfitFor(value: string, scheme: SecurityScheme | undefined): string | undefined {
  if (scheme && isBasic(scheme)) {
    if (!/^[\x20-\x7e]+$/.test(value)) return 'holds a character that is not printable ASCII: copy it again';
    return value.includes(':')
      ? undefined
      : `is no user and password of the scheme ${scheme.name}: write user:password`;
  }
  if (scheme?.in === 'cookie' && /[;,"\\]/.test(value))
    return 'holds a character that a cookie cannot carry: copy the key again';
  // Some APIs document the whole value of Authorization as the key, the word in front included.
  const isWhole = scheme?.type === 'apiKey' && scheme.parameter?.toLowerCase() === 'authorization';
  if (isWhole && /^[\x21-\x7e]+ [\x21-\x7e]+$/.test(value)) return undefined;
  // A key with a line break, a space or a letter outside ASCII is a slip of copying: no header field could carry it.
  if (/^[\x21-\x7e]+$/.test(value)) return undefined;
  return 'holds a space or a character that a header cannot carry: copy the key again';
}
