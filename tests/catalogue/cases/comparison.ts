import { NotSent, type Case } from '../../../src/requests/case.ts';
import type { RequestBuilder } from '../../../src/requests/request-builder.ts';
import { otherCharacter } from '../../../src/config/made-up-keys.ts';
import type { Secret } from '../../../src/secret.ts';
import { hasOtherEnvironment } from './applicability.ts';

/** Keys that are almost right: each shows one way in which a server compares too little. */
export const almostRightKeys: readonly Case[] = [
  wrongKey('never-issued-key', 'a well-formed key that was never issued', (builder) => builder.neverIssuedKey()),
  wrongKey('wrong-prefix', 'the key with a prefix of no kind', (builder) => {
    const own = builder.target.kind?.prefix ?? '';
    // Of a key of no kind nothing is known: what is put in place of its first characters may be what stands there.
    const [other, replaced] = own === '' ? ['zz_', 0] : [own.startsWith('z') ? 'yy' : 'zz', 2];
    return changed(
      builder,
      'with a wrong prefix',
      (value) => other + value.slice(replaced),
      (name) => (replaced === 0 ? `${other}\${${name}}` : `${other}\${${name}:${replaced}}`),
    );
  }),
  wrongKey('key-cut-by-one', 'the key without its last character', (builder) =>
    changed(
      builder,
      'cut by one',
      (value) => value.slice(0, -1),
      (name) => `\${${name}%?}`,
    ),
  ),
  wrongKey('key-extended-by-one', 'the key with one character more', (builder) =>
    changed(
      builder,
      'extended by one',
      (value) => `${value}x`,
      (name) => `\${${name}}x`,
    ),
  ),
  wrongKey('key-in-other-case', 'the key with its letters in the other case', (builder) =>
    changedSecret(
      builder,
      'in the other case',
      swapCase,
      (name, kept) => `\${${name}:0:${kept}}$(printf %s "\${${name}:${kept}}" | tr 'a-zA-Z' 'A-Za-z')`,
    ),
  ),
  wrongKey('key-changed-in-front', 'the key with the first character of its secret part changed', (builder) =>
    changedSecret(builder, 'changed in front', (secret) => replaceAt(secret, 0)),
  ),
  wrongKey('key-changed-in-the-middle', 'the key with the middle character of its secret part changed', (builder) =>
    changedSecret(builder, 'changed in the middle', (secret) => replaceAt(secret, Math.floor(secret.length / 2))),
  ),
  wrongKey('key-changed-at-the-end', 'the key with its last character changed', (builder) =>
    changedSecret(builder, 'changed at the end', (secret) => replaceAt(secret, secret.length - 1)),
  ),
  {
    ...wrongKey('other-kinds-prefix', "the key's secret part behind the other kind's prefix", otherKindsPrefix),
    appliesTo: hasOtherEnvironment,
  },
];

/** A key that was valid once. */
export const revokedKeys: readonly Case[] = [
  wrongKey('revoked-key', 'a revoked key', (builder) => builder.revokedKey()),
];

function wrongKey(id: string, title: string, key: (builder: RequestBuilder) => Secret): Case {
  return {
    id,
    group: 'comparison',
    title,
    control: 'valid-key',
    alternatives: 'each',
    request: (builder) => builder.build({ key: key(builder) }),
  };
}

function changed(
  builder: RequestBuilder,
  what: string,
  change: (value: string) => string,
  shell: (name: string) => string,
): Secret {
  return builder.fullKey().derive(what, change, shell);
}

/** Changes the part behind the kind's prefix only, so that the key stays of its kind. */
function changedSecret(
  builder: RequestBuilder,
  what: string,
  change: (secret: string) => string,
  shell?: (name: string, kept: number) => string,
): Secret {
  const kept = builder.target.kind?.prefix.length ?? 0;
  return builder
    .fullKey()
    .derive(what, (value) => value.slice(0, kept) + change(value.slice(kept)), shell && ((name) => shell(name, kept)));
}

function otherKindsPrefix(builder: RequestBuilder): Secret {
  const other = builder.otherKind();
  const own = builder.target.kind;
  if (!other || !own) throw new NotSent('request', 'the target takes no kind of key that the contract names');
  return changed(
    builder,
    `behind ${other.prefix}`,
    (value) => other.prefix + value.slice(own.prefix.length),
    (name) => `${other.prefix}\${${name}:${own.prefix.length}}`,
  );
}

function swapCase(secret: string): string {
  const swapped = secret.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  if (swapped === secret) throw new NotSent('request', 'the key has no letters, so it has no other case');
  return swapped;
}

function replaceAt(secret: string, index: number): string {
  return secret.slice(0, index) + otherCharacter(secret.charAt(index)) + secret.slice(index + 1);
}
