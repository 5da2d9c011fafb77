import { isIP } from 'node:net';
import type { Contract, KeyKind, SecurityScheme } from '../model/contract.ts';
import { presentableAlternatives, schemesInUse } from '../openapi/security.ts';
import { noOnesKey } from './made-up-keys.ts';
import { readKey } from './read-key.ts';
import { Secret } from '../secret.ts';
import type { Keys, ScopedKey } from '../model/target.ts';
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
  const read = (name: string, expected?: KeyKind, others?: readonly KeyKind[]): Secret | undefined => {
    const value = variables[name];
    if (value === undefined) return undefined;
    return readKey(contract, { name, shell: `$${name}`, value, scheme: primary }, problems, expected, others);
  };
  const isAsked = contract.operations.some((operation) => presentableAlternatives(contract, operation).length > 0);
  const full = read(names.apiKey, kind) ?? (isAsked ? undefined : noOnesKey());
  if (full === undefined) {
    problems.push(
      `${names.apiKey} is not set: it is a key with full access to the target; without it no refusal proves anything.`,
    );
  }
  const others = readOtherCredentials(contract, variables, problems);
  const otherKinds = contract.keyKinds.filter((candidate) => candidate !== kind);
  const otherEnvironment = read(names.otherEnvironmentKey, undefined, kind ? otherKinds : undefined);
  const revoked = read(names.revokedKey, kind);
  const ipLocked = read(names.ipLockedKey, kind);
  const ipLockedAddress = variables[names.ipLockedKeyAddress];
  if (ipLocked && ipLockedAddress === undefined) {
    problems.push(
      `${names.ipLockedKeyAddress} is not set: it is the address that the key of ${names.ipLockedKey} is locked to.`,
    );
  }
  if (ipLockedAddress !== undefined && isIP(ipLockedAddress) === 0) {
    problems.push(`${names.ipLockedKeyAddress} is not an address: give one IPv4 or IPv6 address, without a mask.`);
  }
  const scoped = readScopedKeys(contract, kind, variables[names.scopedKeys], problems);
  if (full === undefined) return undefined;
  return {
    full,
    others,
    scoped,
    ...(otherEnvironment && { otherEnvironment }),
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
function readOtherCredentials(contract: Contract, variables: Variables, problems: string[]): Record<string, Secret> {
  const names = schemeVariables(contract);
  const found = schemesInUse(contract).flatMap((scheme) => {
    const name = names[scheme.name];
    const value = name === undefined ? undefined : variables[name];
    if (name === undefined || value === undefined) return [];
    return [[scheme.name, readKey(contract, { name, shell: `$${name}`, value, scheme }, problems)] as const];
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
      `${names[name]} is not set: it is the credential of the scheme ${name}; no operation opens with ${variableNames(contract.id).apiKey} alone.`,
    );
  }
  return others;
}

function readScopedKeys(
  contract: Contract,
  kind: KeyKind | undefined,
  value: string | undefined,
  problems: string[],
): ScopedKey[] {
  const name = variableNames(contract.id).scopedKeys;
  const form = `write scope=KEY, several scopes joined by +, several keys by ;`;
  return list(value, ';').flatMap((entry, index) => {
    const [scopes, key, ...rest] = entry.split(/=(.*)/s);
    if (!scopes || !key || rest.join('') !== '') {
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
    const given = { name: `${name}, entry ${index + 1},`, shell: `$${name}`, value: key, scheme: primaryOf(contract) };
    const { kind: kindName, isPair } = readKey(contract, given, problems, kind);
    return [
      {
        scopes: new Set(names),
        secret: new Secret(`${name} ${scopes}`, key, {
          origin: 'issued',
          kind: kindName,
          isPair,
          shell: `$${keyVariable(name, list(scopes, '+'))}`,
        }),
      },
    ];
  });
}

/** A shell variable of its own for each scoped key, since the list as a whole is no key. */
function keyVariable(name: string, scopes: readonly string[]): string {
  return `${name.replace(/S$/, '')}_${scopes
    .join('_AND_')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')}`;
}
