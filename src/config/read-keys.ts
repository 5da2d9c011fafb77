import { isIP } from 'node:net';
import type { Contract, KeyKind, SecurityScheme } from '../model/contract.ts';
import { presentableAlternatives, schemesInUse } from '../openapi/security.ts';
import { type KeyHolder, type KeyProblem, holders, keySentences } from './key-problems.ts';
import { noOnesKey } from './made-up-keys.ts';
import { readKey } from './read-key.ts';
import { Secret } from '../secret.ts';
import type { Keys, ScopedKey, VariableNames } from '../model/target.ts';
import { shellNameOf } from './unknown-variables.ts';
import { list, NO_SCOPE, schemeVariables, type Variables, variableNames } from './variables.ts';

/** Every key that the variables hold; what is wrong with them is added to the problems in the user's words. */
export function readKeys(
  contract: Contract,
  kind: KeyKind | undefined,
  variables: Variables,
  problems: string[],
): Keys | undefined {
  const names = variableNames(contract.id);
  const primary = primaryOf(contract);
  const ofKeys: KeyProblem[] = [];
  const others: string[] = [];
  const read = (name: string, expected?: KeyKind, otherKinds?: readonly KeyKind[]): Secret | undefined => {
    const value = variables[name];
    if (value === undefined) return undefined;
    const given = { holder: { variable: name }, shell: `$${name}`, value, scheme: primary };
    return readKey(contract, given, ofKeys, expected, otherKinds);
  };
  const isAsked = contract.operations.some((operation) => presentableAlternatives(contract, operation).length > 0);
  const full = read(names.apiKey, kind) ?? (isAsked ? undefined : noOnesKey());
  if (full === undefined) {
    problems.push(
      `${names.apiKey} is not set: give a key with full access to the target, because without one no refusal proves anything.`,
    );
  }
  const ofSchemes = readOtherCredentials(contract, variables, ofKeys, others);
  const otherKinds = contract.keyKinds.filter((candidate) => candidate !== kind);
  const otherEnvironment = read(names.otherEnvironmentKey, undefined, kind ? otherKinds : undefined);
  const otherAccount = read(names.otherAccountKey, kind);
  const revoked = read(names.revokedKey, kind);
  const ipLocked = read(names.ipLockedKey, kind);
  const ipLockedAddress = variables[names.ipLockedKeyAddress];
  if (ipLocked && ipLockedAddress === undefined) {
    others.push(
      `${names.ipLockedKeyAddress} is not set: give the address that the key of ${names.ipLockedKey} is locked to.`,
    );
  }
  if (ipLockedAddress !== undefined && isIP(ipLockedAddress) === 0) {
    others.push(`${names.ipLockedKeyAddress} is not an address: give one IPv4 or IPv6 address, without a mask.`);
  }
  const scoped = readScopedKeys(contract, kind, variables[names.scopedKeys], ofKeys, others);
  const twice = sameKeys(contract, variables);
  // That a key which stands in two places has the wrong kind in one of them follows from that.
  const isSaid = ({ holder }: KeyProblem): boolean =>
    holder.variable === names.otherEnvironmentKey && twice.some((its) => its.includes(names.otherEnvironmentKey));
  const ofEach = ofKeys.filter((problem) => !isSaid(problem));
  problems.push(...keySentences(withExchangedEnvironments(ofEach, kind, names)), ...others, ...twice);
  if (full === undefined) return undefined;
  return {
    full,
    others: ofSchemes,
    scoped,
    ...(otherEnvironment && { otherEnvironment }),
    ...(otherAccount && { otherAccount }),
    ...(revoked && { revoked }),
    ...(ipLocked && { ipLocked }),
    ...(ipLockedAddress !== undefined && { ipLockedAddress }),
  };
}

/** The scheme that the keys of the usual variables are for. */
function primaryOf({ schemes, equivalentSchemes }: Contract): SecurityScheme | undefined {
  return schemes[equivalentSchemes[0] ?? ''];
}

/** One that is asked for together with the key is as necessary as the key, unless something opens without it. */
function readOtherCredentials(
  contract: Contract,
  variables: Variables,
  ofKeys: KeyProblem[],
  problems: string[],
): Record<string, Secret> {
  const names = schemeVariables(contract);
  const found = schemesInUse(contract).flatMap((scheme) => {
    const name = names[scheme.name];
    const value = name === undefined ? undefined : variables[name];
    if (name === undefined || value === undefined) return [];
    const given = { holder: { variable: name }, shell: `$${name}`, value, scheme };
    return [[scheme.name, readKey(contract, given, ofKeys)] as const];
  });
  const others = Object.fromEntries(found);
  const isMissing = ({ name }: SecurityScheme): boolean =>
    !contract.equivalentSchemes.includes(name) && others[name] === undefined;
  const missing = contract.operations
    .flatMap((operation) => presentableAlternatives(contract, operation))
    .map((schemes) => schemes.filter(isMissing))
    .toSorted((one, another) => one.length - another.length)[0];
  for (const { name } of missing ?? []) {
    problems.push(
      `${names[name]} is not set: give the credential of the scheme ${name}, because no operation accepts ${variableNames(contract.id).apiKey} alone.`,
    );
  }
  return others;
}

function readScopedKeys(
  contract: Contract,
  kind: KeyKind | undefined,
  value: string | undefined,
  ofKeys: KeyProblem[],
  problems: string[],
): ScopedKey[] {
  const name = variableNames(contract.id).scopedKeys;
  const form = `write scope=KEY, several scopes joined by +, several keys by ;`;
  return list(value, ';').flatMap((entry, index) => {
    const [scopes, key] = scopedEntry(entry);
    if (index === 0 && /^["'`]/.test(entry)) {
      problems.push(`${name} is in quotes: remove the quotes.`);
      return [];
    }
    if (scopes === '' || key === '') {
      problems.push(`${name}, entry ${index + 1}, is not of the form scope=KEY: ${form}.`);
      return [];
    }
    const names = scopes === NO_SCOPE && !contract.scopes.includes(NO_SCOPE) ? [] : list(scopes, '+');
    const unknown = contract.scopes.length > 0 ? names.filter((scope) => !contract.scopes.includes(scope)) : [];
    if (unknown.length > 0) {
      problems.push(
        `${name}, entry ${index + 1}, names a scope that the contract does not have: use ${contract.scopes.join(', ')}.`,
      );
    }
    const holder = { variable: name, entry: index + 1 };
    const given = { holder, shell: `$${name}`, value: key, scheme: primaryOf(contract) };
    const { kind: kindName, isPair } = readKey(contract, given, ofKeys, kind);
    return [
      {
        scopes: new Set(names),
        secret: new Secret(`${name} ${scopes}`, key, {
          origin: 'issued',
          kind: kindName,
          isPair,
          shell: `$${shellNameOf(name, list(scopes, '+'))}`,
        }),
      },
    ];
  });
}

function scopedEntry(entry: string): readonly [scopes: string, key: string] {
  const [scopes = '', key = ''] = entry.split(/=(.*)/s);
  return [scopes, key];
}

/**
 * Says once that the keys of two environments are exchanged: that the key of the other environment is one of the target's
 * follows from that.
 */
function withExchangedEnvironments(
  problems: readonly KeyProblem[],
  kind: KeyKind | undefined,
  { apiKey, otherEnvironmentKey, environment, baseUrl }: VariableNames,
): KeyProblem[] {
  const is = (variable: string) => (problem: KeyProblem) => problem.holder.variable === variable;
  const full = problems.find(is(apiKey));
  const other = problems.find(is(otherEnvironmentKey));
  const isWrongKind = (problem: KeyProblem | undefined): boolean => / it is a key for /.test(problem?.one ?? '');
  if (!kind || !full || !isWrongKind(full)) return [...problems];
  const exchanged = other && isWrongKind(other) ? `, and ${otherEnvironmentKey} is one for ${kind.environment}` : '';
  const remedy = (text: string): string =>
    text.replace(
      /: give (?:a key|keys) of that kind\.$/,
      (end) => `${exchanged}${end.slice(0, -1)}, or correct ${baseUrl} and ${environment}.`,
    );
  const said = { one: exchanged === '' ? full.one : remedy(full.one), several: remedy(full.several) };
  return problems
    .filter((problem) => exchanged === '' || problem !== other)
    .map((problem) => (problem.one === full.one ? { ...problem, ...said } : problem));
}

/**
 * A sentence about each key that stands in two places which contradict each other. That several schemes take the same
 * credential with full access is none of those.
 */
function sameKeys(contract: Contract, variables: Variables): string[] {
  const names = variableNames(contract.id);
  const withFullAccess = [names.apiKey, ...Object.values(schemeVariables(contract))];
  const ofOthers = [names.otherEnvironmentKey, names.otherAccountKey, names.revokedKey, names.ipLockedKey];
  const single = [...withFullAccess, ...ofOthers].flatMap((variable): (readonly [string | undefined, KeyHolder])[] => [
    [variables[variable], { variable }],
  ]);
  const scoped = list(variables[names.scopedKeys], ';').map(
    (entry, index) => [scopedEntry(entry)[1], { variable: names.scopedKeys, entry: index + 1 }] as const,
  );
  const places = new Map<string, KeyHolder[]>();
  for (const [key, holder] of [...single, ...scoped])
    if (key !== undefined && key !== '') places.set(key, [...(places.get(key) ?? []), holder]);
  return [...places.values()].flatMap((its) => {
    if (its.length < 2 || its.every(({ variable }) => withFullAccess.includes(variable))) return [];
    const isScoped = its.every(({ entry }) => entry !== undefined);
    const remedy = isScoped ? 'write it once, with its scopes joined by +' : 'give each a key of its own';
    return [`${holders(its)} hold the same key: ${remedy}.`];
  });
}
