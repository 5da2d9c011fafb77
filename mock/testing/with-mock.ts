import { servicesOf } from '../server/state.ts';
import { type Mock, type MockOptions, startMock } from '../start.ts';
import type { Api, EnvironmentName } from '../types/api.ts';
import { schemeVariablesOf, variablesOf } from '../variables.ts';
import { Client, type Received, type Sent } from './client.ts';

/** A mock for the length of a test. */
export interface RunningMock {
  readonly api: Api;
  readonly mock: Mock;
  readonly keys: Keys;
  readonly send: (sent: Sent) => Promise<Received>;
}

/** The keys of one environment; the empty text where it has none of a type. */
export interface Keys {
  readonly full: string;
  readonly other: string;
  /** Of another account. */
  readonly otherAccount: string;
  readonly revoked: string;
  readonly locked: string;
  /** Of the schemes that take a credential of their own, by scheme. */
  readonly others: Readonly<Record<string, string>>;
  /** By scope. */
  readonly scoped: Readonly<Record<string, string>>;
}

/** Starts a mock, passes it to the test and closes it, also where the test fails. */
export async function withMock(options: MockOptions, use: (running: RunningMock) => Promise<void>): Promise<void> {
  const mock = await startMock(options);
  const { api } = servicesOf(options.document, options.name);
  const environments = Object.keys(mock.environments);
  const environment = environments.includes('sandbox') ? 'sandbox' : (environments[0] ?? '');
  const client = new Client(mock);
  try {
    const send = (sent: Sent): Promise<Received> => client.send({ environment, ...sent });
    await use({ api, mock, keys: keysOf(api, mock, environment), send });
  } finally {
    await client.close();
    await mock.close();
  }
}

export function keysOf(api: Api, mock: Mock, environment: EnvironmentName): Keys {
  const names = variablesOf(api);
  const settings = mock.settings(environment);
  const of = (name: string): string => settings[name] ?? '';
  const scoped = of(names.scopedKeys).split(';');
  return {
    full: of(names.apiKey),
    other: of(names.otherEnvironmentKey),
    otherAccount: of(names.otherAccountKey),
    revoked: of(names.revokedKey),
    locked: of(names.ipLockedKey),
    others: Object.fromEntries(
      Object.entries(schemeVariablesOf(api)).map(([scheme, name]) => [scheme, of(name)] as const),
    ),
    scoped: Object.fromEntries(scoped.map((entry) => entry.split('=') as [string, string])),
  };
}
