import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import type { Contract } from '../model/contract.ts';
import { ConfigurationError } from './configuration-error.ts';
import { readKeys } from './read-keys.ts';
import { readRunSettings } from './read-run-settings.ts';
import type { Policy, Target } from '../model/target.ts';
import { list, schemeVariables, type Variables, variableNames } from './variables.ts';

/**
 * Makes the target from the environment variables.
 *
 * @param runSettings where they have been read already
 * @param otherProblems what is wrong elsewhere and is to be said in the same message
 *
 * @throws ConfigurationError with every problem at once, in the user's words and without any value, since a key may have
 * been put into any variable by mistake
 */
export function readTarget(
  contract: Contract,
  variables: Variables,
  runSettings = readRunSettings(variables, variableNames(contract.id)),
  otherProblems: readonly string[] = [],
): Target {
  const names = variableNames(contract.id);
  const problems: string[] = [];
  const baseUrl = readBaseUrl(variables[names.baseUrl], names.baseUrl, problems);
  const environment = readEnvironment(contract, baseUrl, variables[names.environment], problems);
  const kind = contract.keyKinds.find((candidate) => candidate.environment === environment);
  const keys = readKeys(contract, kind, variables, problems);
  const plainHttpUrl = readPlainHttpUrl(baseUrl, variables[names.plainHttpUrl], names.plainHttpUrl, problems);
  const ca = readCa(variables[names.ca], names.ca, problems);
  problems.push(...runSettings.problems);
  const policy = readPolicy(environment, variables[names.sandboxWrites], names.sandboxWrites, problems);
  problems.push(...otherProblems);
  if (problems.length > 0 || baseUrl === undefined || keys === undefined) throw new ConfigurationError(problems);
  return {
    baseUrl: withoutTrailingSlash(baseUrl),
    environment,
    ...(kind && { kind }),
    keys,
    ...(plainHttpUrl && { plainHttpUrl: withoutTrailingSlash(plainHttpUrl) }),
    ...(ca !== undefined && { ca }),
    liveKeyHosts: [...productionHosts(contract), ...list(variables[names.liveKeyHosts], ',')],
    policy,
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

function readBaseUrl(value: string | undefined, name: string, problems: string[]): URL | undefined {
  if (value === undefined) {
    problems.push(
      `${name} is not set: it is the base URL of the API to judge, such as https://sandbox.example.com/v2.`,
    );
    return undefined;
  }
  const url = readUrl(value, name, problems);
  if (url?.protocol === 'http:' && !isLoopback(url)) {
    problems.push(
      `${name} is a plain-HTTP address outside this machine: a key never travels in the clear; give an https: address.`,
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

function readCa(file: string | undefined, name: string, problems: string[]): string | undefined {
  if (file === undefined) return undefined;
  try {
    const pem = readFileSync(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch {
    problems.push(
      `${name} names no file that can be read as a PEM certificate: give the file of the certificate authority.`,
    );
    return undefined;
  }
}

function readPolicy(environment: string, writes: string | undefined, name: string, problems: string[]): Policy {
  const production = environment === 'production';
  if (writes !== undefined && writes !== 'allow')
    problems.push(`${name} is neither empty nor "allow": say allow to permit writes on the sandbox.`);
  if (writes === 'allow' && production)
    problems.push(`${name} is set for production: nothing is ever written there; remove it.`);
  return { production, allowWrites: writes === 'allow' && !production };
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

function withoutTrailingSlash(url: URL): string {
  return url.href.replace(/\/+$/, '');
}
