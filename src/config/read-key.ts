import type { Contract, KeyKind, SecurityScheme } from '../model/contract.ts';
import { isBasic, isInAuthorization } from '../openapi/security.ts';
import { Secret } from '../secret.ts';
import type { KeyHolder, KeyProblem } from './key-problems.ts';

interface GivenKey {
  readonly holder: KeyHolder;
  readonly shell: string;
  readonly value: string;
  /** What it is a credential of. */
  readonly scheme: SecurityScheme | undefined;
}

type Said = Omit<KeyProblem, 'holder'>;

/** One credential, closed at once; what is wrong with it is said without a part of it. */
export function readKey(
  contract: Contract,
  { holder, shell, value, scheme }: GivenKey,
  problems: KeyProblem[],
  expected?: KeyKind,
  others?: readonly KeyKind[],
): Secret {
  const isPair = scheme !== undefined && isBasic(scheme);
  const kinds = scheme === undefined || contract.equivalentSchemes.includes(scheme.name) ? contract.keyKinds : [];
  const found = kinds.find(({ prefix }) => value.startsWith(prefix));
  const wanted = expected ? [expected] : (others ?? []);
  const slip = slipIn(value, kinds, contract.scopes, scheme) ?? unfitFor(value, scheme);
  const said = slip ?? wrongKind(value, found, wanted) ?? tooPlain(value, found);
  if (said) problems.push({ holder, ...said });
  return new Secret(shell.slice(1), value, { origin: 'issued', shell, kind: found?.name, isPair });
}

/** How a key gets a prefix that none has: what was done to it on its way into the variable, and what to do. */
function slipIn(
  value: string,
  kinds: readonly KeyKind[],
  scopes: readonly string[],
  scheme: SecurityScheme | undefined,
): Said | undefined {
  const prefixes = kinds.map(({ prefix }) => prefix);
  // Without kinds nobody knows how a key begins, so a quote or a comma may be a part of it.
  const isKey = (text: string): boolean => prefixes.some((prefix) => text.startsWith(prefix));
  const trimmed = value.trim();
  const quoted = /^(["'`]).+\1$/s.exec(trimmed);
  if (quoted && (prefixes.length === 0 || isKey(trimmed.slice(1))))
    return said('is in quotes', 'are in quotes', 'remove the quotes');
  if (/^\$(?:\{+[^}]*\}+|[A-Z_][A-Z0-9_]*)$/.test(trimmed))
    return said(
      'names a variable instead of holding its value',
      'name variables instead of holding their values',
      'whatever starts the suite has to put the value in its place',
    );
  const parts = trimmed.split(/[,;\s]+/).filter((part) => part !== '');
  if (parts.length > 1 && parts.every(isKey))
    return said('holds several keys', 'hold several keys each', 'give one key');
  const isNextEntry = (part: string): boolean => scopes.some((scope) => part.startsWith(`${scope}=`));
  if (parts.length > 1 && parts.slice(1).some(isNextEntry))
    return said('holds the next entry too', 'hold the next entry too', 'put a ; between two entries');
  if (!isWholeAuthorization(scheme) && parts.length === 2 && isKey(parts[1] ?? ''))
    return said(
      'holds a word in front of the key',
      'hold a word in front of the key',
      'give the key alone; the suite writes what belongs in front of it',
    );
  if (value !== trimmed && isKey(trimmed) && !/\s/.test(trimmed))
    return said(
      'begins or ends with a space or a line break',
      'begin or end with a space or a line break',
      'take it away',
    );
  return undefined;
}

function wrongKind(value: string, found: KeyKind | undefined, wanted: readonly KeyKind[]): Said | undefined {
  if (wanted.length === 0 || wanted.some(({ prefix }) => value.startsWith(prefix))) return undefined;
  const says = wanted.map(({ prefix, environment }) => `${prefix} (${environment})`).join(' or ');
  return {
    one: `does not begin with ${says}${found ? `, it is a key for ${found.environment}` : ''}: give a key of that kind.`,
    several: `do not begin with ${says}${found ? `, they are keys for ${found.environment}` : ''}: give keys of that kind.`,
  };
}

function tooPlain(value: string, found: KeyKind | undefined): Said | undefined {
  const after = found ? ` after ${found.prefix}` : '';
  if (found && value.length < found.prefix.length + 6)
    return said(
      `has fewer than six characters${after}`,
      `have fewer than six characters${after}`,
      'copy the key again',
      'copy the keys again',
    );
  // A wrong key is made of a right one by changing its letters and digits.
  if (!/[A-Za-z0-9]/.test(value.slice(found?.prefix.length)))
    return said(
      `holds neither a letter nor a digit${after}`,
      `hold neither a letter nor a digit${after}`,
      'copy the key again',
      'copy the keys again',
    );
  return undefined;
}

/** What keeps a value from being a credential of the scheme, and what to do; undefined: nothing. */
function unfitFor(value: string, scheme: SecurityScheme | undefined): Said | undefined {
  if (scheme && isBasic(scheme)) {
    if (!/^[\x20-\x7e]+$/.test(value))
      return said(
        'holds a character that is not printable ASCII',
        'hold a character that is not printable ASCII',
        'copy it again',
        'copy them again',
      );
    if (value.includes(':')) return undefined;
    return said(
      `is no user and password of the scheme ${scheme.name}`,
      `are no users and passwords of the scheme ${scheme.name}`,
      'write user:password',
    );
  }
  if (scheme?.in === 'cookie' && /[;,"\\]/.test(value))
    return said(
      'holds a character that a cookie cannot carry',
      'hold a character that a cookie cannot carry',
      'copy the key again',
      'copy the keys again',
    );
  if (scheme?.word !== undefined && value.toLowerCase().startsWith(`${scheme.word.toLowerCase()} `))
    return said(
      `begins with the word ${scheme.word}, which the run writes before the key`,
      `begin with the word ${scheme.word}, which the run writes before the key`,
      'give the key alone',
      'give the keys alone',
    );
  // Some APIs document the whole value of Authorization as the key, the word in front included.
  if (isWholeAuthorization(scheme) && /^[\x21-\x7e]+ [\x21-\x7e]+$/.test(value)) return undefined;
  // A key with a line break, a space or a letter outside ASCII is a slip of copying: no header field could carry it.
  if (/^[\x21-\x7e]+$/.test(value)) return undefined;
  return said(
    'holds a space or a character that a header cannot carry',
    'hold a space or a character that a header cannot carry',
    'copy the key again',
    'copy the keys again',
  );
}

function isWholeAuthorization(scheme: SecurityScheme | undefined): boolean {
  return scheme !== undefined && isInAuthorization(scheme) && scheme.word === undefined;
}

function said(one: string, several: string, remedy: string, remedyOfSeveral = remedy): Said {
  return { one: `${one}: ${remedy}.`, several: `${several}: ${remedyOfSeveral}.` };
}
