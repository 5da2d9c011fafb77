import { createHash } from 'node:crypto';
import {
  isHexadecimal,
  isOfOneCase,
  paddingOf,
  withOneMoreCharacter,
  withOtherCharacter,
  withoutLastCharacter,
} from '../../src/config/changed-keys.ts';
import { checksumInShell, checksumOf, type KeyChecksum, withRightChecksum } from '../../src/config/key-checksum.ts';
import { remembered } from '../../src/fields/remembered.ts';
import { isGiven, madeUp } from '../../src/config/made-up-keys.ts';
import { expectDenied, expectRefused, expectTextRefused, hangUpIsRefusal } from '../../src/judging/access.ts';
import { expectRefusal, finding } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import type { Secret, Text } from '../../src/secret.ts';
import { needsOtherEnvironment, needsReadingRepresentative, needsRepresentative } from './conditions.ts';
import { COMMON_PLACEHOLDERS, type Placeholder, RARER_PLACEHOLDERS } from './names/placeholders.ts';
import { keysShown } from '../../src/openapi/keys-shown.ts';
import { neverIssuedKey, validKey } from './shared-cases.ts';

/** A case that sends the key in each security alternative. */
function wrongKey(id: string, title: string, key: (builder: RequestBuilder) => Secret): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'comparison',
    title,
    control: validKey,
    alternatives: 'each',
    request: (builder) => builder.build({ key: key(builder) }),
  };
}

export const wrongPrefix = wrongKey('wrong-prefix', 'the key with a prefix of no kind', (builder) => {
  const own = builder.target.kind?.prefix ?? '';
  // Of a key of no kind nothing is known: what replaces its first characters could be what stands there already.
  const [other, replaced] = own === '' ? ['zz_', 0] : [own.startsWith('z') ? 'yy' : 'zz', 2];
  return builder.fullKey().derive(
    'with a wrong prefix',
    (value) => other + value.slice(replaced),
    (name) => (replaced === 0 ? `${other}\${${name}}` : `${other}\${${name}:${replaced}}`),
  );
});

export const keyCutByOne = wrongKey('key-cut-by-one', 'the key without its last character', (builder) =>
  withEndChanged(builder, 'cut by one', withoutLastCharacter, (name, padding) => `\${${name}%?${padding}}${padding}`),
);

/** Keys that are almost right: each shows one way in which a server compares too little of a key. */
export const almostRightKeys: readonly ControlledCase[] = [
  wrongPrefix,
  keyCutByOne,
  wrongKey('key-extended-by-one', 'the key with one character more', (builder) =>
    withEndChanged(builder, 'extended by one', withOneMoreCharacter, (name, padding) =>
      padding === '' ? `\${${name}}x` : `\${${name}%${padding}}x${padding}`,
    ),
  ),
  wrongKey('key-in-other-case', 'the key with its letters in the other case', (builder) =>
    withSecretPart(
      builder,
      'in the other case',
      swapCase,
      (name, kept) => `\${${name}:0:${kept}}$(printf %s "\${${name}:${kept}}" | tr 'a-zA-Z' 'A-Za-z')`,
    ),
  ),
  wrongKey('key-changed-in-front', 'the key with the first character of its secret part changed', (builder) =>
    withCharacterChanged(
      builder,
      'changed in front',
      () => 0,
      (_, kept) => String(kept),
    ),
  ),
  wrongKey('key-changed-in-the-middle', 'the key with the middle character of its secret part changed', (builder) =>
    withCharacterChanged(
      builder,
      'changed in the middle',
      (secret) => Math.floor(secret.length / 2),
      (length, kept) => `(${length} + ${kept}) / 2`,
    ),
  ),
  wrongKey('key-changed-at-the-end', 'the key with its last character changed', (builder) =>
    withCharacterChanged(
      builder,
      'changed at the end',
      // Padding of base64 holds nothing (RFC 4648 §3.2).
      (secret) => secret.replace(/=+$/, '').length - 1,
      (length, _, fromEnd) => `${length} - ${fromEnd}`,
    ),
  ),
  wrongKey(
    'near-miss-with-checksum',
    'the key changed in the middle, with the checksum that fits',
    withFittingChecksum,
  ),
  {
    ...wrongKey('other-kinds-prefix', "the key's secret part behind the other kind's prefix", withOtherKindsPrefix),
    reasonNotApplicable: needsOtherEnvironment,
  },
];

/**
 * Authentication Overview, "Error Responses": an invalid key is 401 with the body shown there. Any key that was never
 * issued is invalid, however much of it is right.
 */
const invalidKey: Rule = {
  id: 'invalid-key',
  level: 'MUST',
  title: 'a key that was never issued is refused as invalid',
  section: 'Invalid key',
  since: '2026.11',
  source: { promise: 'invalid-key' },
  standards: { cwe: [178, 187, 287], owaspApi: ['API2'], asvs: ['6.2.8', '9.1.1'], severity: 'critical' },
  given: { cases: [neverIssuedKey, ...almostRightKeys] },
  expectations: ['status', 'body'],
  verify: (judged) => expectRefusal(judged, 'invalidKey', 'invalid-key'),
};

/** @param shell is given the padding of base64 at the end of the key, which stays where it is */
function withEndChanged(
  builder: RequestBuilder,
  what: string,
  change: (key: string) => string,
  shell: (name: string, padding: string) => string,
): Secret {
  let padding = '';
  return builder.fullKey().derive(
    what,
    (value) => {
      padding = paddingOf(value);
      return change(value);
    },
    (name) => shell(name, padding),
  );
}

/** Changes the part behind the kind's prefix only, so that the key stays of its kind. */
function withSecretPart(
  builder: RequestBuilder,
  what: string,
  change: (secret: string) => string,
  shell: (name: string, kept: number) => string,
): Secret {
  const key = builder.fullKey();
  // A credential beside the key is of no kind, so that all of it is secret.
  const kept = key.kind === undefined ? 0 : (builder.target.kind?.prefix.length ?? 0);
  return key.derive(
    what,
    (value) => value.slice(0, kept) + change(value.slice(kept)),
    (name) => shell(name, kept),
  );
}

/**
 * Changes one character of the secret part.
 *
 * @param indexIn of the character in the secret part
 * @param position of the character in the whole key, as arithmetic of the shell
 */
function withCharacterChanged(
  builder: RequestBuilder,
  what: string,
  indexIn: (secret: string) => number,
  position: (length: string, kept: number, fromEnd: number) => string,
): Secret {
  // It is any character but the right one, so the command may show it.
  let other = '';
  let fromEnd = 1;
  const change = (secret: string): string => {
    const index = indexIn(secret);
    const changed = withOtherCharacter(secret, index);
    other = changed.charAt(index);
    fromEnd = secret.length - index;
    return changed;
  };
  return withSecretPart(builder, what, change, (name, kept) => {
    const at = position(`\${#${name}}`, kept, fromEnd);
    return `\${${name}:0:$(( ${at} ))}${other}\${${name}:$(( ${at} + 1 ))}`;
  });
}

/** Some kinds of keys end in a checksum, by which a typing error is told from a key: it shows nothing about who made the key. */
function withFittingChecksum(builder: RequestBuilder): Secret {
  const key = builder.fullKey();
  const kept = builder.target.kind?.prefix.length ?? 0;
  const checksum = checksumsByPrefix(key)(kept);
  if (!checksum) throw new NotSent('alternative', 'the key ends in no checksum that the suite knows');
  // It is any character but the right one, so the command may show it.
  let [middle, end, other] = [0, 0, ''];
  return key.derive(
    'changed in the middle, with the checksum that fits',
    (value) => {
      end = value.length - checksum.length - checksum.separator.length;
      middle = Math.floor((Math.max(kept, checksum.from) + end) / 2);
      const changed = withOtherCharacter(value, middle);
      other = changed.charAt(middle);
      return withRightChecksum(changed, checksum);
    },
    (name) => checksumInShell(`\${${name}:0:${middle}}${other}\${${name}:${middle + 1}:${end - middle - 1}}`, checksum),
  );
}

/** Looking for a checksum tries hundreds, so it is done once for a key. */
const checksumsByPrefix = remembered((key: Secret) => {
  const known = new Map<number, KeyChecksum | undefined>();
  return (prefix: number): KeyChecksum | undefined => {
    if (!known.has(prefix)) key.derive('', (value) => (known.set(prefix, checksumOf(value, [prefix])), ''));
    return known.get(prefix);
  };
});

function withOtherKindsPrefix(builder: RequestBuilder): Secret {
  const other = builder.otherKind();
  const own = builder.target.kind;
  if (!other || !own) throw new NotSent('request', 'the target takes no kind of key that the contract names');
  return builder.fullKey().derive(
    `behind ${other.prefix}`,
    (value) => other.prefix + value.slice(own.prefix.length),
    (name) => `${other.prefix}\${${name}:${own.prefix.length}}`,
  );
}

function swapCase(secret: string): string {
  if (isHexadecimal(secret))
    throw new NotSent('alternative', 'the key is hexadecimal, which is the same value in either letter case');
  const swapped = secret.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  if (swapped === secret) throw new NotSent('request', 'the key has no letters, so it has no other case');
  if (isOfOneCase(secret))
    throw new NotSent('alternative', 'the letters of the key are of one case, and a server may read them in either');
  return swapped;
}

/** A case that sends the key in the primary security alternative only. */
function oddKey(id: string, title: string, key: (builder: RequestBuilder) => Secret): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'comparison',
    title,
    control: validKey,
    request: (builder) => builder.build({ key: key(builder) }),
  };
}

const halfAKey = oddKey('half-a-key', 'the first half of the key', (builder) =>
  builder.fullKey().derive(
    'its first half',
    (value) => value.slice(0, Math.ceil(value.length / 2)),
    (name) => `\${${name}:0:$(( (\${#${name}} + 1) / 2 ))}`,
  ),
);

const barePrefix: ControlledCase = {
  ...oddKey('bare-prefix', 'the prefix of the kind of key', (builder) => {
    const { kind } = builder.target;
    if (!kind) throw new NotSent('request', 'the target takes no kind of key that the contract names');
    return madeUp('the bare prefix', kind.prefix, kind.prefix);
  }),
  reasonNotApplicable: (_, { keyKinds }) => (keyKinds.length > 0 ? undefined : 'the contract names no kind of key'),
};

/** A part of a key is no key, however much of it is there (CWE-187, partial comparison). */
const partialKey: Rule = {
  id: 'partial-key',
  level: 'MUST',
  title: 'a part of a key is refused as invalid',
  section: 'Invalid key',
  since: '2026.11',
  source: { promise: 'invalid-key' },
  standards: { cwe: [187, 287], owaspApi: ['API2'], asvs: ['6.2.8'], severity: 'critical' },
  given: { cases: [halfAKey, barePrefix] },
  expectations: ['status'],
  verify: (judged) => expectRefused(judged, 'invalidKey'),
};

function placeholder([id, value]: Placeholder, reasonNotApplicable: Condition): ControlledCase {
  return {
    ...wrongKey(`placeholder-${id}`, `${value} for a key`, () => madeUp(`the text ${value}`, value, inShell(value))),
    reasonNotApplicable,
  };
}

type Condition = NonNullable<ControlledCase['reasonNotApplicable']>;

/** As it stands between double quotes. */
function inShell(value: string): string {
  return value.replace(/["$`\\]/g, '\\$&');
}

/** The first key that the document shows to every reader: a server that was set up from it may take that. */
const keyOfTheDocument: ControlledCase = {
  ...wrongKey('key-of-the-document', 'a key that the document shows', (builder) => {
    const [value = ''] = keysShown(builder.contract);
    if (isGiven(value, builder.target))
      throw new NotSent('policy', 'the run itself was given the key that the document shows');
    return madeUp('the key that the document shows', value, inShell(value));
  }),
  reasonNotApplicable: (operation, contract) =>
    keysShown(contract).length > 0
      ? needsReadingRepresentative(operation, contract)
      : 'the document shows no key of a kind that it names',
};

export const placeholders: readonly ControlledCase[] = [
  ...COMMON_PLACEHOLDERS.map((one) => placeholder(one, needsRepresentative)),
  ...RARER_PLACEHOLDERS.map((one) => placeholder(one, needsReadingRepresentative)),
  keyOfTheDocument,
];

/**
 * "Every API request requires an API key": what a program writes when it has no key is no key. Whether it counts as missing
 * or as invalid is not documented, so the status is judged and not the body.
 *
 * Laxer than that: a firewall may refuse a text that looks like an attack with a page of its own.
 */
const placeholderKey: Rule = {
  id: 'placeholder-key',
  level: 'MUST',
  title: 'a placeholder for a key is refused as unauthorized',
  section: 'Invalid key',
  since: '2026.11',
  source: { promise: 'invalid-key' },
  standards: { cwe: [287, 636], owaspApi: ['API2'], asvs: ['6.3.2', '15.3.5'], severity: 'critical' },
  given: { cases: placeholders },
  expectations: ['status'],
  verify: (judged) => expectTextRefused(judged, 'invalidKey'),
};

/** What stores hold in the place of keys. */
const storedForms: readonly ControlledCase[] = (
  [
    ['sha-256', 'SHA-256 in hexadecimal', hexDigest('sha256'), 'sha256sum'],
    ['sha-512', 'SHA-512 in hexadecimal', hexDigest('sha512'), 'sha512sum'],
    ['sha-1', 'SHA-1 in hexadecimal', hexDigest('sha1'), 'sha1sum'],
    ['md5', 'MD5 in hexadecimal', hexDigest('md5'), 'md5sum'],
    ['base64', 'base64', (value: string) => Buffer.from(value).toString('base64'), 'base64 -w0'],
  ] as const
).map(([id, what, form, program]) => ({
  ...oddKey(`stored-as-${id}`, `the key as a store holds it: ${what}`, (builder) =>
    builder.fullKey().derive(`in ${what}`, form, (name) => `$(printf %s "$${name}" | ${program} | cut -d ' ' -f 1)`),
  ),
  reasonNotApplicable: needsReadingRepresentative,
}));

function hexDigest(algorithm: string): (value: string) => string {
  return (value) => createHash(algorithm).update(value).digest('hex');
}

/**
 * A store holds digests so that whoever reads it has no keys. A server that takes what it stores gives that
 * away (CWE-836, use of a password hash instead of a password).
 */
const storedForm: Rule = {
  id: 'stored-form',
  level: 'MUST',
  title: 'what a store holds in the place of the key is refused as invalid',
  section: 'Invalid key',
  since: '2026.11',
  source: { promise: 'invalid-key' },
  standards: { cwe: [836], owaspApi: ['API2'], asvs: [], severity: 'high' },
  given: { cases: storedForms },
  expectations: ['status'],
  verify: (judged) => expectRefused(judged, 'invalidKey'),
};

export const keyOf8Kilobytes = oddKey('key-of-8-kilobytes', 'a key of 8 kilobytes', () =>
  madeUp('a key of 8 kilobytes', 'k'.repeat(8192), "$(printf 'k%.0s' $(seq 8192))"),
);

const breakingKeys: readonly ControlledCase[] = [
  keyOf8Kilobytes,
  oddKey('key-of-64-kilobytes', 'a key of 64 kilobytes', () =>
    madeUp('a key of 64 kilobytes', 'k'.repeat(65536), "$(printf 'k%.0s' $(seq 65536))"),
  ),
  oddKey('binary-key', 'a key of bytes beyond ASCII', () =>
    madeUp('a binary key', '\u0080\u00ff\u00fe\u00c0\u00af', "$(printf '\\x80\\xff\\xfe\\xc0\\xaf')"),
  ),
  ...(
    [
      ['sql', "' OR '1'='1"],
      ['query-object', '{"$ne":null}'],
      ['directory-filter', '*)(uid=*'],
    ] as const
  ).map(([id, value]) =>
    oddKey(`injection-${id}`, `${value} for a key`, (builder) => {
      builder.assertNotProduction('a firewall answers it, and may block the caller');
      return madeUp(`the text ${value}`, value, value.replace(/["$\\`]/g, '\\$&'));
    }),
  ),
];

/** Values of Authorization that are no credentials (RFC 9110 §11.4), which parsers of credentials stumble over. */
const malformedAuthorization: readonly ControlledCase[] = (
  [
    ['without-token', 'Bearer', 'a scheme and nothing more'],
    ['with-many-words', 'Bearer one two three', 'a scheme and several words'],
    ['no-base64', 'Basic %%%', 'Basic and what is no base64'],
    ['without-scheme', '=', 'an equals sign'],
    ['open-quote', 'Digest username="', 'a quote that is not closed'],
  ] as const
).map(([id, value, what]) => ({
  id: `authorization-${id}`,
  kind: 'controlled',
  group: 'comparison',
  title: `Authorization with ${what}`,
  control: validKey,
  reasonNotApplicable: needsReadingRepresentative,
  request: (builder) => builder.build({ headers: [['Authorization', [value]]] }),
}));

/**
 * An invalid key is answered 401, and so is one that a server does not expect.
 *
 * Laxer than the invalid-key rule: a server in front of the API may refuse such a header in its own words (400, 431).
 */
const breakingKey: Rule = {
  id: 'breaking-key',
  level: 'MUST',
  title: 'oversized, binary or injected keys are refused without a server error',
  section: 'Invalid key',
  since: '2026.11',
  source: { promise: 'invalid-key' },
  standards: {
    cwe: [287, 636, 943],
    owaspApi: ['API2'],
    asvs: ['1.2.4', '1.2.6', '15.3.5', '16.5.3'],
    severity: 'critical',
  },
  given: { cases: [...breakingKeys, ...malformedAuthorization] },
  expectations: ['refused', 'no-server-error'],
  verify: (judged) => {
    const { status } = judged.response;
    const noServerError = finding('no-server-error', status < 500, 'a status below 500', `status ${status}`);
    return status < 500 ? [...expectDenied(judged), noServerError] : [noServerError];
  },
  verifyFault: hangUpIsRefusal,
};

/** A case that sends the full-access key with something around it. */
function decorated(id: string, title: string, decorate: (key: Secret) => Text): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'comparison',
    title,
    control: validKey,
    reasonNotApplicable: needsRepresentative,
    request: (builder) => builder.build({ key: decorate(builder.fullKey()) }),
  };
}

/** With a control character, which RFC 9110 §5.5 tells a server to reject or to replace. */
function withControlCharacter(id: string, title: string, decorate: (key: Secret) => Text): ControlledCase {
  return { ...decorated(id, title, decorate), malformed: true };
}

function onRepresentatives(...of: Parameters<typeof oddKey>): ControlledCase {
  return { ...oddKey(...of), reasonNotApplicable: needsRepresentative };
}

const decoratedKeys: readonly ControlledCase[] = [
  decorated('no-break-space', 'the full-access key and a no-break space', (key) => [key, '\u00a0']),
  withControlCharacter('vertical-tab', 'the full-access key and a vertical tab', (key) => [key, '\u000b']),
  decorated('quoted', 'the full-access key in quotes', (key) => ['"', key, '"']),
  decorated('comma-behind', 'the full-access key and a comma', (key) => [key, ',']),
  withControlCharacter('nul-behind', 'the full-access key, NUL and more', (key) => [key, '\u0000garbage']),
  withControlCharacter('nul-before', 'NUL before the full-access key', (key) => ['garbage\u0000', key]),
  {
    ...decorated('words-behind', 'the full-access key and more words', (key) => [key, ' and more']),
    alternatives: 'each',
    reasonNotApplicable: needsReadingRepresentative,
  },
  onRepresentatives('full-width', 'the full-access key in full-width letters', (builder) =>
    builder.fullKey().derive('in full-width letters', fullWidth, fullWidthInShell),
  ),
  onRepresentatives('percent-encoded', 'the full-access key percent-encoded', (builder) =>
    builder.fullKey().derive('percent-encoded', percentEncoded, (name) => `$(printf '%%%x' "'$${name}")\${${name}:1}`),
  ),
  onRepresentatives('encoded-word', 'the full-access key as an encoded word of RFC 2047', (builder) =>
    builder.fullKey().derive(
      'as an encoded word',
      (value) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`,
      (name) => `=?utf-8?B?$(printf %s "$${name}" | base64 -w0)?=`,
    ),
  ),
];

/**
 * RFC 9110 §5.5: only space and tab around a field value are not part of it; NUL is rejected or replaced, and bytes beyond
 * ASCII are opaque. A server that takes more away compares something else than what was sent.
 */
const decoratedKey: Rule = {
  id: 'decorated-key',
  level: 'SHOULD',
  title: 'a key with anything but spaces and tabs around it, or inside it, is denied',
  section: 'Invalid key',
  since: '2026.11',
  source: { standard: 'RFC 9110 §5.5, Field Values', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-5.5' },
  standards: { cwe: [436], owaspApi: ['API2'], asvs: ['1.1.1', '6.2.8'], severity: 'low' },
  given: { cases: decoratedKeys },
  expectations: ['refused'],
  verify: (judged) => expectDenied(judged),
  verifyFault: hangUpIsRefusal,
};

/** As the bytes of UTF-8, since a header has no other letters. */
function fullWidth(value: string): string {
  const wide = value.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
  return Buffer.from(wide, 'utf8').toString('latin1');
}

/** The bytes that begin each letter, and then the byte that ends it. */
function fullWidthInShell(name: string): string {
  const begun = "LC_ALL=C sed $'s/[!-_]/\\xef\\xbc&/g; s/[\\x60-~]/\\xef\\xbd&/g'";
  return `$(printf %s "$${name}" | ${begun} | LC_ALL=C tr '!-_\\140-~' '\\201-\\277\\200-\\236')`;
}

function percentEncoded(value: string): string {
  return value.replace(/^./, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

export const revokedKeyCase: ControlledCase = {
  ...wrongKey('revoked-key', 'a revoked key', (builder) => builder.revokedKey()),
  access: { key: 'revoked', expected: 'denied', rule: 'revoked-key' },
};

/**
 * Error codes: a revoked key gets the response to an invalid one. How soon after its revocation is not documented, so the
 * run needs a key that was revoked long before.
 */
const revokedKey: Rule = {
  id: 'revoked-key',
  level: 'MUST',
  title: 'a revoked key is refused as invalid',
  section: 'Invalid key',
  since: '2026.11',
  source: { promise: 'revoked-key' },
  standards: { cwe: [672], owaspApi: ['API2'], asvs: ['6.5.6', '7.4.1', '8.3.2'], severity: 'high' },
  given: { cases: [revokedKeyCase] },
  expectations: ['status'],
  verify: (judged) => expectRefused(judged, 'invalidKey'),
};

export const invalidKeyRules: readonly Rule[] = [
  invalidKey,
  partialKey,
  placeholderKey,
  storedForm,
  breakingKey,
  decoratedKey,
  revokedKey,
];
