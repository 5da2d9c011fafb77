import { Unprovable, type Case } from '../../src/plan/case.ts';
import type { Ask } from '../../src/plan/ask.ts';
import { otherCharacter } from '../../src/target/made-up.ts';
import type { Secret } from '../../src/target/secret.ts';
import { hasOtherEnvironment } from './applicability.ts';

/** Keys that are almost right: each shows one way in which a server compares too little. */
export const almostRightKeys: readonly Case[] = [
  wrongKey('never-issued-key', 'a well-formed key that was never issued', (ask) => ask.neverIssuedKey()),
  wrongKey('wrong-prefix', 'the key with a prefix of no kind', (ask) => {
    const own = ask.target.kind?.prefix ?? '';
    // Of a key of no kind nothing is known: what is put in place of its first characters may be what stands there.
    const [other, replaced] = own === '' ? ['zz_', 0] : [own.startsWith('z') ? 'yy' : 'zz', 2];
    return changed(
      ask,
      'with a wrong prefix',
      (value) => other + value.slice(replaced),
      (name) => (replaced === 0 ? `${other}\${${name}}` : `${other}\${${name}:${replaced}}`),
    );
  }),
  wrongKey('key-cut-by-one', 'the key without its last character', (ask) =>
    changed(
      ask,
      'cut by one',
      (value) => value.slice(0, -1),
      (name) => `\${${name}%?}`,
    ),
  ),
  wrongKey('key-extended-by-one', 'the key with one character more', (ask) =>
    changed(
      ask,
      'extended by one',
      (value) => `${value}x`,
      (name) => `\${${name}}x`,
    ),
  ),
  wrongKey('key-in-other-case', 'the key with its letters in the other case', (ask) =>
    changedSecret(
      ask,
      'in the other case',
      swapCase,
      (name, kept) => `\${${name}:0:${kept}}$(printf %s "\${${name}:${kept}}" | tr 'a-zA-Z' 'A-Za-z')`,
    ),
  ),
  wrongKey('key-changed-in-front', 'the key with the first character of its secret part changed', (ask) =>
    changedSecret(ask, 'changed in front', (secret) => replaceAt(secret, 0)),
  ),
  wrongKey('key-changed-in-the-middle', 'the key with the middle character of its secret part changed', (ask) =>
    changedSecret(ask, 'changed in the middle', (secret) => replaceAt(secret, Math.floor(secret.length / 2))),
  ),
  wrongKey('key-changed-at-the-end', 'the key with its last character changed', (ask) =>
    changedSecret(ask, 'changed at the end', (secret) => replaceAt(secret, secret.length - 1)),
  ),
  {
    ...wrongKey('other-kinds-prefix', "the key's secret part behind the other kind's prefix", otherKindsPrefix),
    appliesTo: hasOtherEnvironment,
  },
];

/** A key that was valid once. */
export const revokedKeys: readonly Case[] = [wrongKey('revoked-key', 'a revoked key', (ask) => ask.revokedKey())];

function wrongKey(id: string, title: string, key: (ask: Ask) => Secret): Case {
  return {
    id,
    group: 'comparison',
    title,
    control: 'valid-key',
    forms: 'each',
    request: (ask) => ask.request({ key: key(ask) }),
  };
}

function changed(ask: Ask, what: string, change: (value: string) => string, shell: (name: string) => string): Secret {
  return ask.fullKey().derive(what, change, shell);
}

/** Changes the part behind the kind's prefix only, so that the key stays of its kind. */
function changedSecret(
  ask: Ask,
  what: string,
  change: (secret: string) => string,
  shell?: (name: string, kept: number) => string,
): Secret {
  const kept = ask.target.kind?.prefix.length ?? 0;
  return ask
    .fullKey()
    .derive(what, (value) => value.slice(0, kept) + change(value.slice(kept)), shell && ((name) => shell(name, kept)));
}

function otherKindsPrefix(ask: Ask): Secret {
  const other = ask.otherKind();
  const own = ask.target.kind;
  if (!other || !own) throw new Unprovable('request', 'the target takes no kind of key that the contract names');
  return changed(
    ask,
    `behind ${other.prefix}`,
    (value) => other.prefix + value.slice(own.prefix.length),
    (name) => `${other.prefix}\${${name}:${own.prefix.length}}`,
  );
}

function swapCase(secret: string): string {
  const swapped = secret.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  if (swapped === secret) throw new Unprovable('request', 'the key has no letters, so it has no other case');
  return swapped;
}

function replaceAt(secret: string, index: number): string {
  return secret.slice(0, index) + otherCharacter(secret.charAt(index)) + secret.slice(index + 1);
}
