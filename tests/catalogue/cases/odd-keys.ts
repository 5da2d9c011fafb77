import type { RequestBuilder } from '../../../src/requests/request-builder.ts';
import { type Case, NotSent } from '../../../src/requests/case.ts';
import { madeUp } from '../../../src/config/made-up-keys.ts';
import type { Secret, Text } from '../../../src/secret.ts';

/** Values that are no key at all and that careless code takes for one, or for the absence of any check. */
export const placeholders: readonly Case[] = (
  [
    ['null', 'null'],
    ['undefined', 'undefined'],
    ['true', 'true'],
    ['zero', '0'],
    ['asterisk', '*'],
    ['object', '[object Object]'],
    ['quotes', '""'],
    ['encoded-nul', '%00'],
  ] as const
).map(([id, value]) =>
  oddKey(`placeholder-${id}`, `${value} for a key`, () =>
    madeUp(`the text ${value}`, value, value.replace(/["*\\]/g, '\\$&')),
  ),
);

/** Less of the key than one character less. */
export const fragments: readonly Case[] = [
  oddKey('half-a-key', 'the first half of the key', (builder) =>
    builder.fullKey().derive(
      'its first half',
      (value) => value.slice(0, Math.ceil(value.length / 2)),
      (name) => `\${${name}:0:$(( (\${#${name}} + 1) / 2 ))}`,
    ),
  ),
  {
    ...oddKey('bare-prefix', 'the prefix of the kind of key', (builder) => {
      const { kind } = builder.target;
      if (!kind) throw new NotSent('request', 'the target takes no kind of key that the contract names');
      return madeUp('the bare prefix', kind.prefix, kind.prefix);
    }),
    appliesTo: (_, { keyKinds }) => keyKinds.length > 0 || 'the contract names no kind of key',
  },
];

/** The full-access key with something about it that is not white space (RFC 9110 §5.5) and that lenient code takes away. */
export const decorated: readonly Case[] = [
  around('no-break-space', 'the full-access key and a no-break space', (key) => [key, '\u00a0']),
  control('vertical-tab', 'the full-access key and a vertical tab', (key) => [key, '\u000b']),
  around('quoted', 'the full-access key in quotes', (key) => ['"', key, '"']),
  around('comma-behind', 'the full-access key and a comma', (key) => [key, ',']),
  control('nul-behind', 'the full-access key, NUL and more', (key) => [key, '\u0000garbage']),
  control('nul-before', 'NUL before the full-access key', (key) => ['garbage\u0000', key]),
  oddKey('full-width', 'the full-access key in full-width letters', (builder) =>
    builder.fullKey().derive('in full-width letters', fullWidth),
  ),
  oddKey('percent-encoded', 'the full-access key percent-encoded', (builder) =>
    builder.fullKey().derive('percent-encoded', percentEncoded),
  ),
  oddKey('encoded-word', 'the full-access key as an encoded word of RFC 2047', (builder) =>
    builder.fullKey().derive('as an encoded word', (value) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`),
  ),
];

/** Keys that no lookup expects. */
export const breaking: readonly Case[] = [
  oddKey('key-of-8-kilobytes', 'a key of 8 kilobytes', () =>
    madeUp('a key of 8 kilobytes', 'k'.repeat(8192), "$(printf 'k%.0s' $(seq 8192))"),
  ),
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

function oddKey(id: string, title: string, key: (builder: RequestBuilder) => Secret): Case {
  return {
    id,
    group: 'comparison',
    title,
    control: 'valid-key',
    request: (builder) => builder.build({ key: key(builder) }),
  };
}

function around(id: string, title: string, dress: (key: Secret) => Text): Case {
  return {
    id,
    group: 'comparison',
    title,
    control: 'valid-key',
    request: (builder) => builder.build({ key: dress(builder.fullKey()) }),
  };
}

/** With a control character, which RFC 9110 §5.5 tells a server to reject or to replace. */
function control(id: string, title: string, dress: (key: Secret) => Text): Case {
  return { ...around(id, title, dress), malformed: true };
}

/** As the bytes of UTF-8, since a header has no other letters. */
function fullWidth(value: string): string {
  const wide = value.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
  return Buffer.from(wide, 'utf8').toString('latin1');
}

function percentEncoded(value: string): string {
  return value.replace(/^./, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
