import { isIP } from 'node:net';
import type { Contract } from '../model/contract.ts';
import { ConfigurationError } from './configuration-error.ts';
import { wordsOf } from './key-sources.ts';
import { readCa, readClientCertificate, readProxy } from './read-connection.ts';
import { readKeys } from './read-keys.ts';
import { readParameterValues } from './read-parameter-values.ts';
import { readRunSettings } from './read-run-settings.ts';
import type { Policy, Target, VariableNames, WithoutFeature } from '../model/target.ts';
import { list, runSettingNames, schemeVariables, type Variables, variableNames } from './variables.ts';

/**
 * Makes the target from the environment variables.
 *
 * @param runSettings where they have been read already
 * @param otherProblems what is wrong elsewhere and is to be said in the same message
 *
 * @throws ConfigurationError with every problem at once, in the user's words and without any value that could be a key,
 * since one may have been put into any variable by mistake
 */
export function readTarget(
  contract: Contract,
  variables: Variables,
  runSettings = readRunSettings(variables, variableNames(contract.id)),
  otherProblems: readonly string[] = [],
): Target {
  const names = variableNames(contract.id);
  const problems: string[] = [];
  const plainHttpHosts = readPlainHttpHosts(variables[names.plainHttpHosts], names.plainHttpHosts, problems);
  const baseUrl = readBaseUrl(variables, names, plainHttpHosts, problems);
  const environment = readEnvironment(contract, baseUrl, variables[names.environment], problems);
  const kind = contract.keyKinds.find((candidate) => candidate.environment === environment);
  const keys = readKeys(contract, kind, variables, problems);
  const plainHttpUrl = readPlainHttpUrl(baseUrl, variables[names.plainHttpUrl], names.plainHttpUrl, problems);
  const ca = readCa(variables[names.ca], names.ca, problems);
  const certificate = readClientCertificate(variables, names, problems);
  const proxy = readProxy(variables, names, baseUrl, problems);
  const pathValues = readPathValues(contract, variables[names.pathValues], names.pathValues, problems);
  const beside = readParameterValues(contract, variables, keys, names, problems);
  const readsIds = readReadsIds(variables[names.readIds], names.readIds, problems);
  const without = readWithout(contract, variables, names, problems);
  problems.push(...runSettings.problems);
  const policy = readPolicy(environment, variables[names.sandboxWrites], names.sandboxWrites, problems);
  if (policy.production && plainHttpHosts.length > 0)
    problems.push(`${names.plainHttpHosts} is set, but on production no key is sent over plain HTTP: remove it.`);
  const keyCommand = readKeyCommand(variables, names, policy, problems);
  problems.push(...otherProblems);
  if (problems.length > 0 || baseUrl === undefined || keys === undefined) throw new ConfigurationError(problems);
  return {
    baseUrl: withoutTrailingSlash(baseUrl),
    environment,
    ...(kind && { kind }),
    keys,
    ...(plainHttpUrl && { plainHttpUrl: withoutTrailingSlash(plainHttpUrl) }),
    ...(ca !== undefined && { ca }),
    ...(certificate && { certificate }),
    ...(proxy && { proxy }),
    liveKeyHosts: [...productionHosts(contract), ...list(variables[names.liveKeyHosts], ',')],
    plainHttpHosts,
    pathValues: { given: pathValues, read: {}, ...(Object.keys(beside).length > 0 && { beside }) },
    readsIds,
    without,
    policy,
    ...(keyCommand && { keyCommand }),
    run: runSettings.settings,
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

function readBaseUrl(
  variables: Variables,
  names: VariableNames,
  plainHttpHosts: readonly string[],
  problems: string[],
): URL | undefined {
  const { baseUrl: name, plainHttpHosts: hosts } = names;
  const value = variables[name];
  if (value === undefined) {
    const ofRun = runSettingNames(names);
    const [given, ...others] = Object.values({ ...names }).filter(
      (each: string) => variables[each] !== undefined && !ofRun.includes(each),
    );
    const are = others.length > 0 ? `${given} and ${others.length} more are` : `${given} is`;
    problems.push(
      given === undefined
        ? `${name} is not set: give the base URL of the API to judge, such as https://sandbox.example.com/v2.`
        : `${name} is not set, but ${are}: give the base URL of the API to judge, such as https://sandbox.example.com/v2, or remove every setting of a target to judge the embedded mock.`,
    );
    return undefined;
  }
  const url = readUrl(value, name, problems);
  if (url?.protocol === 'http:' && !isLoopback(url) && !plainHttpHosts.includes(url.host)) {
    problems.push(
      isPrivateHost(url)
        ? `${name} is a plain-HTTP address outside this machine: give an https: address, or name its host in ${hosts} if it is in a private network and its keys are test keys.`
        : `${name} is a plain-HTTP address outside this machine, and no key is sent over plain HTTP there: give an https: address.`,
    );
  }
  if (url && (url.search || url.hash || url.username || url.password)) {
    problems.push(`${name} has a query, a fragment or credentials: give scheme, host, port and path only.`);
  }
  return url;
}

function readUrl(value: string, name: string, problems: string[]): URL | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  if (/^["'`]/.test(value)) {
    problems.push(`${name} is in quotes: remove the quotes.`);
    return undefined;
  }
  problems.push(`${name} is not an http(s) address: write it whole, such as https://api.example.com/v2.`);
  return undefined;
}

function readEnvironment(
  contract: Contract,
  baseUrl: URL | undefined,
  value: string | undefined,
  problems: string[],
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
    if (baseUrl) problems.push(`${name} is not set ${why}: say ${known.join(' or ')}.`);
    return '';
  }
  if (!known.includes(value))
    problems.push(`${name} is not an environment of the contract: say ${known.join(' or ')}.`);
  const actual = inferred?.environment ?? environmentOfHost(contract, baseUrl);
  if (actual !== undefined && known.includes(value) && value !== actual) {
    problems.push(
      `${name} says ${value}, but the base URL is on the contract's ${actual} server: correct one of them.`,
    );
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

function readPlainHttpUrl(
  baseUrl: URL | undefined,
  value: string | undefined,
  name: string,
  problems: string[],
): URL | undefined {
  if (value !== undefined) {
    const url = readUrl(value, name, problems);
    if (url?.protocol === 'https:')
      problems.push(`${name} is an https: address: it is where plain HTTP is tried; give an http: address.`);
    return url;
  }
  if (!baseUrl || baseUrl.protocol === 'http:') return undefined;
  const url = new URL(baseUrl);
  url.protocol = 'http:';
  url.port = '';
  return url;
}

function readPolicy(environment: string, writes: string | undefined, name: string, problems: string[]): Policy {
  const production = environment === 'production';
  if (writes !== undefined && writes !== 'allow')
    problems.push(
      `${name} has a value other than allow: set it to allow to permit writes on the sandbox, or remove it.`,
    );
  if (writes === 'allow' && production)
    problems.push(`${name} is set, but the suite never writes on production: remove it.`);
  return { production, allowWrites: writes === 'allow' && !production };
}

/** The command that makes and ends keys, of a sandbox alone. */
function readKeyCommand(
  variables: Variables,
  { keyCommand, keyWatch }: VariableNames,
  { production }: Policy,
  problems: string[],
): readonly string[] | undefined {
  const value = variables[keyCommand];
  const set = [keyCommand, keyWatch].filter((name) => variables[name] !== undefined && variables[name] !== 'off');
  if (production && set.length > 0) {
    const are = set.length > 1 ? 'are' : 'is';
    problems.push(
      `${set.join(' and ')} ${are} set, but keys are made and revoked only on a sandbox, not on production: remove what is set.`,
    );
  }
  if (value === undefined) return undefined;
  const words = wordsOf(value.trim());
  if (words === undefined)
    problems.push(
      `${keyCommand} holds characters that only a shell reads: give the words as a JSON list, such as ["node", "keys.js"].`,
    );
  else if (words[0] === undefined || words[0] === '')
    problems.push(`${keyCommand} names no program: give a program with its words, such as ["node", "keys.js"].`);
  return words;
}

/** Hosts as they are written in a URL: `api:3000`. Only those that no public network leads to. */
function readPlainHttpHosts(value: string | undefined, name: string, problems: string[]): readonly string[] {
  return list(value, ',').flatMap((entry, index) => {
    const url = URL.canParse(`http://${entry}`) ? new URL(`http://${entry}`) : undefined;
    if (!url || url.host.toLowerCase() !== entry.replace(/:80$/, '').toLowerCase()) {
      problems.push(`${name}, entry ${index + 1}, is no host: write name or name:port, such as api:3000.`);
      return [];
    }
    if (!isPrivateHost(url)) {
      problems.push(
        `${name}, entry ${index + 1}, is no host of a private network: a key goes over plain HTTP only to a name without a dot or a private address.`,
      );
      return [];
    }
    return [url.host];
  });
}

/**
 * A name that only a network of its own resolves (without a dot, or below a name that RFC 6762 or ICANN keeps for private
 * use), or an address that is routed nowhere else (RFC 1918, RFC 3927, RFC 4193).
 */
export function isPrivateHost({ hostname }: URL): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) === 4) return /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|127\.)/.test(address);
  if (isIP(address) === 6) return /^f[cd]/i.test(address) || address === '::1';
  return !hostname.includes('.') || /\.(?:internal|local|localhost|test)$/i.test(hostname);
}

/** `server_id=localhost;zone_id=example.org.`: a value may hold anything but a semicolon. */
function readPathValues(
  contract: Contract,
  value: string | undefined,
  name: string,
  problems: string[],
): Record<string, string> {
  const known = [
    ...new Set(
      contract.operations.flatMap(({ parameters }) =>
        parameters.flatMap((parameter) => (parameter.in === 'path' ? [parameter.name] : [])),
      ),
    ),
  ];
  const entries = list(value, ';').flatMap((entry, index) => {
    const [parameter = '', given = ''] = entry.split(/=(.*)/s).map((part) => part.trim());
    if (parameter === '' || given === '') {
      problems.push(
        `${name}, entry ${index + 1}, is not of the form parameter=value: write several joined by ;, such as server_id=localhost;zone_id=example.org.`,
      );
      return [];
    }
    if (!known.includes(parameter)) {
      const use = known.length > 0 ? `use ${known.join(', ')}` : 'no path of the contract has one';
      problems.push(`${name}, entry ${index + 1}, names a path parameter that the contract does not have: ${use}.`);
      return [];
    }
    return [[parameter, given] as const];
  });
  return Object.fromEntries(entries);
}

function readReadsIds(value: string | undefined, name: string, problems: string[]): boolean {
  if (value !== undefined && value !== 'off')
    problems.push(
      `${name} has a value other than off: set it to off if the run must not ask the target for ids, or remove it.`,
    );
  return value !== 'off';
}

const WITHOUT: readonly WithoutFeature[] = ['address-locks', 'other-environment', 'scoped-keys'];

/** What the API does not have, by the contract or by the setting. A key for it contradicts that. */
function readWithout(
  contract: Contract,
  variables: Variables,
  names: VariableNames,
  problems: string[],
): Target['without'] {
  const said = list(variables[names.without], ',');
  if (said.some((feature) => !WITHOUT.some((known) => known === feature)))
    problems.push(`${names.without} may only hold ${WITHOUT.join(', ')}: name those that the API does not have.`);
  const keys: Readonly<Record<WithoutFeature, string>> = {
    'address-locks': names.ipLockedKey,
    'other-environment': names.otherEnvironmentKey,
    'scoped-keys': names.scopedKeys,
  };
  const without = WITHOUT.flatMap((feature) => {
    if (said.includes(feature)) return [[feature, names.without] as const];
    return contract.without.includes(feature) ? [[feature, 'x-authentication/without'] as const] : [];
  });
  for (const [feature, by] of without)
    if (variables[keys[feature]] !== undefined)
      problems.push(
        `${keys[feature]} is set, and ${by} says that the API has no ${words(feature)}: correct one of them.`,
      );
  return Object.fromEntries(without);
}

/** `address-locks` as words. */
function words(feature: WithoutFeature): string {
  return feature.replaceAll('-', ' ');
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function withoutTrailingSlash(url: URL): string {
  return url.href.replace(/\/+$/, '');
}
