import type { Contract, EnvironmentName } from '../src/model/contract.ts';
import { NO_SCOPE, schemeVariables, variableNames } from '../src/config/variables.ts';
import { fullAccessKey, type IssuedKey, PRIMARY, type Sort } from './keys.ts';

export interface Addresses {
  /** `https://127.0.0.1:PORT/v2` */
  readonly baseUrl: string;
  readonly plainHttpUrl: string;
}

/** A mock as its settings tell of it. */
interface Whereabouts {
  readonly environments: ReadonlyMap<EnvironmentName, Addresses>;
  readonly keys: readonly IssuedKey[];
  readonly caFile: string;
}

/** The environment variables with which the suite finds one environment of a mock and its keys. */
export function settingsOf(
  contract: Contract,
  environment: EnvironmentName,
  { environments, keys, caFile }: Whereabouts,
): Record<string, string> {
  const names = variableNames(contract.id);
  const own = keys.filter((key) => key.environment === environment);
  const valueOf = (sort: Sort): string | undefined =>
    own.find((key) => key.sort === sort && key.slot === PRIMARY)?.value;
  const locked = own.find((key) => key.sort === 'address-locked');
  const scoped = own.filter((key) => key.sort === 'scoped' && key.scopes !== 'all');
  const settings = {
    [names.baseUrl]: environments.get(environment)?.baseUrl,
    [names.environment]: environment,
    [names.apiKey]: valueOf('full'),
    ...Object.fromEntries(
      Object.entries(schemeVariables(contract)).map(([scheme, name]) => [
        name,
        fullAccessKey(keys, environment, scheme)?.value,
      ]),
    ),
    [names.otherEnvironmentKey]: keys.find(
      (key) => key.sort === 'full' && key.slot === PRIMARY && key.environment !== environment,
    )?.value,
    [names.scopedKeys]: scoped.map((key) => `${[key.scopes].flat().join('+') || NO_SCOPE}=${key.value}`).join(';'),
    [names.revokedKey]: valueOf('revoked'),
    [names.ipLockedKey]: locked?.value,
    [names.ipLockedKeyAddress]: locked?.allowedAddress,
    [names.plainHttpUrl]: environments.get(environment)?.plainHttpUrl,
    [names.ca]: caFile,
    // A production key of a mock opens nothing in production, so the mock may see it.
    [names.liveKeyHosts]: [...environments.values()].map(({ baseUrl }) => new URL(baseUrl).host).join(','),
  };
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** The form that a shell and a `.env` file read alike. */
export function asLines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${/^[\w./:@%+-]*$/.test(value) ? value : `'${value}'`}\n`)
    .join('');
}
