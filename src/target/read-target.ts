import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Contract, KeyKind, SecurityScheme } from '../contract/contract.ts';
import { alternativesOf, isBasic, schemesInUse } from '../contract/security.ts';
import { ConfigurationError } from './configuration-error.ts';
import { noOnesKey } from './made-up.ts';
import { Secret } from './secret.ts';
import type { Keys, Policy, ScopedKey, Target } from './target.ts';
import { readRunSettings } from './read-run-settings.ts';
import { schemeVariables, type Variables, variableNames } from './variables.ts';

/**
 * Makes the target from the environment variables.
 *
 * @throws ConfigurationError with every fault at once, in the user's words and without any value, since a key may have
 * been put into any variable by mistake
 */
export function readTarget(contract: Contract, variables: Variables): Target {
  const names = variableNames(contract.id);
  const faults: string[] = [];
  const baseUrl = readBaseUrl(variables[names.baseUrl], names.baseUrl, faults);
  const environment = readEnvironment(contract, baseUrl, variables[names.environment], faults);
  const kind = contract.keyKinds.find((candidate) => candidate.environment === environment);
  const keys = readKeys(contract, kind, variables, faults);
  const plainHttpUrl = readPlainHttpUrl(baseUrl, variables[names.plainHttpUrl], names.plainHttpUrl, faults);
  const ca = readCa(variables[names.ca], names.ca, faults);
  const run = readRunSettings(variables, names, faults);
  const policy = readPolicy(environment, variables[names.sandboxWrites], names.sandboxWrites, faults);
  if (faults.length > 0 || baseUrl === undefined || keys === undefined) throw new ConfigurationError(faults);
  return {
    baseUrl: withoutTrailingSlash(baseUrl),
    environment,
    ...(kind && { kind }),
    keys,
    ...(plainHttpUrl && { plainHttpUrl: withoutTrailingSlash(plainHttpUrl) }),
    ...(ca !== undefined && { ca }),
    liveKeyHosts: [...productionHosts(contract), ...list(variables[names.liveKeyHosts], ',')],
    policy,
    run,
    variables: names,
    schemeVariables: schemeVariables(contract),
  };
}

/** `host` or `host:port` of every server that the contract names as production. */
function productionHosts(contract: Contract): string[] {
  return contract.keyKinds
    .filter(({ environment }) => environment === 'production')
    .map(({ server }) => new URL(server).host);
}

function readBaseUrl(value: string | undefined, name: string, faults: string[]): URL | undefined {
  if (value === undefined) {
    faults.push(`${name} is not set: it is the base URL of the API to judge, such as https://sandbox.example.com/v2.`);
    return undefined;
  }
  const url = readUrl(value, name, faults);
  if (url?.protocol === 'http:' && !isLoopback(url)) {
    faults.push(
      `${name} is a plain-HTTP address outside this machine: a key never travels in the clear; give an https: address.`,
    );
  }
  if (url && (url.search || url.hash || url.username || url.password)) {
    faults.push(`${name} has a query, a fragment or credentials: give scheme, host, port and path only.`);
  }
  return url;
}

function readUrl(value: string, name: string, faults: string[]): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  faults.push(`${name} is not an http(s) address: write it whole, such as https://api.example.com/v2.`);
  return undefined;
}

function readEnvironment(
  contract: Contract,
  baseUrl: URL | undefined,
  value: string | undefined,
  faults: string[],
): string {
  const known =
    contract.keyKinds.length > 0 ? contract.keyKinds.map(({ environment }) => environment) : ['production', 'sandbox'];
  const name = variableNames(contract.id).environment;
  const inferred =
    baseUrl &&
    contract.keyKinds.find(({ server }) => withoutTrailingSlash(new URL(server)) === withoutTrailingSlash(baseUrl));
  if (value === undefined && inferred) return inferred.environment;
  if (value === undefined) {
    const why =
      contract.keyKinds.length > 0
        ? "and the base URL is none of the contract's servers"
        : 'and the contract does not say which environment a server is';
    if (baseUrl) faults.push(`${name} is not set ${why}: say ${known.join(' or ')}.`);
    return '';
  }
  if (!known.includes(value)) faults.push(`${name} is not an environment of the contract: say ${known.join(' or ')}.`);
  const actual = inferred?.environment ?? environmentOfHost(contract, baseUrl);
  if (actual !== undefined && known.includes(value) && value !== actual) {
    faults.push(`${name} says ${value}, but the base URL is on the contract's ${actual} server: correct one of them.`);
  }
  return value;
}

/** Of a path that the contract does not name: production is production below any path, and with a dot behind its name. */
function environmentOfHost({ keyKinds }: Contract, url: URL | undefined): string | undefined {
  const hostOf = ({ host }: URL): string => host.replace(/\.(?=:|$)/, '');
  const there = keyKinds.filter(({ server }) => url && hostOf(new URL(server)) === hostOf(url));
  const [environment, ...others] = new Set(there.map((kind) => kind.environment));
  return others.length === 0 ? environment : undefined;
}

function readKeys(
  contract: Contract,
  kind: KeyKind | undefined,
  variables: Variables,
  faults: string[],
): Keys | undefined {
  const names = variableNames(contract.id);
  const primary = primaryOf(contract);
  const read = (name: string, expected?: KeyKind, others?: readonly KeyKind[]): Secret | undefined => {
    const value = variables[name];
    if (value === undefined) return undefined;
    return readKey(contract, { name, shell: `$${name}`, value, scheme: primary }, faults, expected, others);
  };
  const isAsked = contract.operations.some((operation) => alternativesOf(contract, operation).length > 0);
  const full = read(names.apiKey, kind) ?? (isAsked ? undefined : noOnesKey());
  if (full === undefined) {
    faults.push(
      `${names.apiKey} is not set: it is a key with full access to the target; without it no refusal proves anything.`,
    );
  }
  const others = readOtherCredentials(contract, variables, faults);
  const otherKinds = contract.keyKinds.filter((candidate) => candidate !== kind);
  const otherEnvironment = read(names.otherEnvironmentKey, undefined, kind ? otherKinds : undefined);
  const revoked = read(names.revokedKey, kind);
  const ipLocked = read(names.ipLockedKey, kind);
  const ipLockedAddress = variables[names.ipLockedKeyAddress];
  if (ipLocked && ipLockedAddress === undefined) {
    faults.push(
      `${names.ipLockedKeyAddress} is not set: it is the address that the key of ${names.ipLockedKey} is locked to.`,
    );
  }
  if (ipLockedAddress !== undefined && isIP(ipLockedAddress) === 0) {
    faults.push(`${names.ipLockedKeyAddress} is not an address: give one IPv4 or IPv6 address, without a mask.`);
  }
  const scoped = readScopedKeys(contract, kind, variables[names.scopedKeys], faults);
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
function readOtherCredentials(contract: Contract, variables: Variables, faults: string[]): Record<string, Secret> {
  const names = schemeVariables(contract);
  const found = schemesInUse(contract).flatMap((scheme) => {
    const name = names[scheme.name];
    const value = name === undefined ? undefined : variables[name];
    if (name === undefined || value === undefined) return [];
    return [[scheme.name, readKey(contract, { name, shell: `$${name}`, value, scheme }, faults)] as const];
  });
  const others = Object.fromEntries(found);
  const isConfigured = (scheme: SecurityScheme): boolean =>
    contract.equivalentSchemes.includes(scheme.name) || others[scheme.name] !== undefined;
  const alternatives = contract.operations.flatMap((operation) => alternativesOf(contract, operation));
  if (alternatives.length > 0 && !alternatives.some((schemes) => schemes.every(isConfigured))) {
    const fewest = alternatives.toSorted((one, other) => missing(one).length - missing(other).length)[0] ?? [];
    for (const { name } of missing(fewest)) {
      faults.push(
        `${names[name]} is not set: it is the credential of the scheme ${name}; no operation opens with ${variableNames(contract.id).apiKey} alone.`,
      );
    }
  }
  return others;

  function missing(schemes: readonly SecurityScheme[]): readonly SecurityScheme[] {
    return schemes.filter((scheme) => !isConfigured(scheme));
  }
}

interface GivenKey {
  readonly name: string;
  readonly shell: string;
  readonly value: string;
  /** What it is a credential of. */
  readonly scheme: SecurityScheme | undefined;
}

function readKey(
  contract: Contract,
  { name, shell, value, scheme }: GivenKey,
  faults: string[],
  expected?: KeyKind,
  others?: readonly KeyKind[],
): Secret {
  const unfit = unfitFor(value, scheme);
  if (unfit !== undefined) faults.push(`${name} ${unfit}.`);
  const isPair = scheme !== undefined && isBasic(scheme);
  const kinds = scheme === undefined || contract.equivalentSchemes.includes(scheme.name) ? contract.keyKinds : [];
  const found = kinds.find(({ prefix }) => value.startsWith(prefix));
  const wanted = expected ? [expected] : (others ?? []);
  if (wanted.length > 0 && !wanted.some(({ prefix }) => value.startsWith(prefix))) {
    const says = wanted.map(({ prefix, environment }) => `${prefix} (${environment})`).join(' or ');
    faults.push(
      `${name} does not begin with ${says}${found ? `, it is a key for ${found.environment}` : ''}: give a key of that kind.`,
    );
  } else if (found && value.length < found.prefix.length + 6) {
    faults.push(`${name} has fewer than six characters after ${found.prefix}: copy the key again.`);
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

function readScopedKeys(
  contract: Contract,
  kind: KeyKind | undefined,
  value: string | undefined,
  faults: string[],
): ScopedKey[] {
  const name = variableNames(contract.id).scopedKeys;
  const form = `write scope=KEY, several scopes joined by +, several keys by ;`;
  return list(value, ';').flatMap((entry, index) => {
    const [scopes, key, ...rest] = entry.split(/=(.*)/s);
    if (!scopes || !key || rest.join('') !== '') {
      faults.push(`${name}, entry ${index + 1}, is not of the form scope=KEY: ${form}.`);
      return [];
    }
    const names = list(scopes, '+');
    const unknown = contract.scopes.length > 0 ? names.filter((scope) => !contract.scopes.includes(scope)) : [];
    if (unknown.length > 0) {
      faults.push(
        `${name}, entry ${index + 1}, names a scope that the contract does not have: use ${contract.scopes.join(', ')}.`,
      );
    }
    const given = { name: `${name}, entry ${index + 1},`, shell: `$${name}`, value: key, scheme: primaryOf(contract) };
    const { kind: kindName, isPair } = readKey(contract, given, faults, kind);
    return [
      {
        scopes: new Set(names),
        secret: new Secret(`${name} ${names.join('+')}`, key, {
          origin: 'issued',
          kind: kindName,
          isPair,
          shell: `$${keyVariable(name, names)}`,
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

function readPlainHttpUrl(
  baseUrl: URL | undefined,
  value: string | undefined,
  name: string,
  faults: string[],
): URL | undefined {
  if (value !== undefined) {
    const url = readUrl(value, name, faults);
    if (url?.protocol === 'https:')
      faults.push(`${name} is an https: address: it is where plain HTTP is tried; give an http: address.`);
    return url;
  }
  if (!baseUrl || baseUrl.protocol === 'http:') return undefined;
  const url = new URL(baseUrl);
  url.protocol = 'http:';
  url.port = '';
  return url;
}

function readCa(file: string | undefined, name: string, faults: string[]): string | undefined {
  if (file === undefined) return undefined;
  try {
    const pem = readFileSync(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch {
    faults.push(
      `${name} names no file that can be read as a PEM certificate: give the file of the certificate authority.`,
    );
    return undefined;
  }
}

function readPolicy(environment: string, writes: string | undefined, name: string, faults: string[]): Policy {
  const production = environment === 'production';
  if (writes !== undefined && writes !== 'allow')
    faults.push(`${name} is neither empty nor "allow": say allow to permit writes on the sandbox.`);
  if (writes === 'allow' && production)
    faults.push(`${name} is set for production: nothing is ever written there; remove it.`);
  return { production, allowWrites: writes === 'allow' && !production };
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function withoutTrailingSlash(url: URL): string {
  return url.href.replace(/\/+$/, '');
}

function list(value: string | undefined, separator: string): string[] {
  return (value ?? '')
    .split(separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
