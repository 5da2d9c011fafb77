import { PRIMARY_CREDENTIAL } from './document/credentials.ts';
import { fullAccessKey } from './server/keys.ts';
import type { Api, EnvironmentName } from './types/api.ts';
import type { IssuedKey, KeyType } from './types/keys.ts';
import { fileURLToPath } from 'node:url';
import { NO_SCOPE, schemeVariablesOf, variablesOf } from './variables.ts';

export interface Addresses {
  /** Such as `https://127.0.0.1:40123/v2`. */
  readonly baseUrl: string;
  readonly plainHttpUrl: string;
}

interface SettingsOptions {
  readonly addresses: ReadonlyMap<EnvironmentName, Addresses>;
  readonly keys: readonly IssuedKey[];
  /** Path of the authority's certificate. */
  readonly caFile: string;
  /** Paths of what a client presents; absent: no operation asks for it. */
  /** Address of the console in which keys are made and revoked; absent: the API has operations for it. */
  readonly console?: string | undefined;
  readonly client?: { readonly certificate: string; readonly key: string } | undefined;
}

/** The variables with which a client finds one environment of a mock and its keys. */
export function settingsOf(
  api: Api,
  environment: EnvironmentName,
  { addresses, keys, caFile, client, console }: SettingsOptions,
): Record<string, string> {
  const names = variablesOf(api);
  const own = keys.filter((key) => key.environment === environment);
  const keyOf = (type: KeyType): IssuedKey | undefined =>
    own.find((key) => key.type === type && key.credential === PRIMARY_CREDENTIAL);
  // A scope with a character that parts keys or lines cannot be written down.
  const scoped = own.filter(
    ({ type, scopes }) => type === 'scoped' && [scopes].flat().every((scope) => /^[^\s;=+'"`]+$/.test(scope)),
  );
  const others = Object.entries(schemeVariablesOf(api)).map(([scheme, variable]) => [
    variable,
    fullAccessKey(keys, environment, scheme)?.value,
  ]);
  const elsewhere = api.environments.find(({ name }) => name !== environment);
  const settings: Record<string, string | undefined> = {
    [names.baseUrl]: addresses.get(environment)?.baseUrl,
    [names.environment]: environment,
    [names.apiKey]: keyOf('full')?.value,
    ...(Object.fromEntries(others) as Record<string, string | undefined>),
    [names.otherEnvironmentKey]: elsewhere && fullAccessKey(keys, elsewhere.name)?.value,
    [names.otherAccountKey]: keyOf('other-account')?.value,
    [names.scopedKeys]: scoped
      .map(({ scopes, value }) => `${[scopes].flat().join('+') || NO_SCOPE}=${value}`)
      .join(';'),
    [names.revokedKey]: keyOf('revoked')?.value,
    [names.ipLockedKey]: keyOf('address-locked')?.value,
    [names.ipLockedKeyAddress]: keyOf('address-locked')?.allowedAddress,
    // A suite that makes keys and revokes them has no business in production. It takes minutes to watch them, so it is asked for.
    ...(console !== undefined &&
      environment !== 'production' && { [names.keyCommand]: keyCommand(console), [names.keyWatch]: 'off' }),
    [names.plainHttpUrl]: addresses.get(environment)?.plainHttpUrl,
    [names.ca]: caFile,
    [names.clientCertificate]: client?.certificate,
    [names.clientKey]: client?.key,
    // A production key of a mock opens nothing in production, so a client may send it to the mock.
    [names.liveKeyHosts]: [...addresses.values()].map(({ baseUrl }) => new URL(baseUrl).host).join(','),
  };
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** The words of a command, as JSON. A line of a `.env` file has them within apostrophes, so they hold none. */
function keyCommand(console: string): string {
  const script = fileURLToPath(new URL('key-command.js', import.meta.url));
  return JSON.stringify([process.execPath, script, console]).replaceAll("'", String.raw`\u0027`);
}

/** Lines that a shell and a `.env` file read alike. */
export function asLines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${/^[\w./:@%+-]*$/.test(value) ? value : `'${value.replace(/['\r\n]/g, '')}'`}\n`)
    .join('');
}
