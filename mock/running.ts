import type { Contract, EnvironmentName } from '../src/model/contract.ts';
import { schemeVariables, variableNames } from '../src/config/variables.ts';
import { Client, type Received, type Sent } from './client.ts';
import { type Mock, type MockOptions, startMock } from './start.ts';

/** A mock for the length of a test. */
export interface Running {
  readonly contract: Contract;
  readonly mock: Mock;
  readonly keys: Keys;
  readonly send: (sent: Sent) => Promise<Received>;
}

/** The keys of one environment; empty texts where it has none of a sort. */
export interface Keys {
  readonly full: string;
  readonly other: string;
  readonly revoked: string;
  readonly locked: string;
  /** Of the schemes that take a credential of their own, by scheme. */
  readonly others: Readonly<Record<string, string>>;
  /** By scope. */
  readonly scoped: Readonly<Record<string, string>>;
}

/** Starts a mock, lets it be used and closes it, whatever happens. */
export async function running(options: MockOptions, use: (running: Running) => Promise<void>): Promise<void> {
  const mock = await startMock(options);
  const { contract } = options;
  const environments = Object.keys(mock.environments);
  const environment = environments.includes('sandbox') ? 'sandbox' : (environments[0] ?? '');
  const client = new Client(mock);
  try {
    const send = (sent: Sent): Promise<Received> => client.send({ environment, ...sent });
    await use({ contract, mock, keys: keysOf(contract, mock, environment), send });
  } finally {
    await client.close();
    await mock.close();
  }
}

export function keysOf(contract: Contract, mock: Mock, environment: EnvironmentName): Keys {
  const names = variableNames(contract.id);
  const settings = mock.settings(environment);
  const of = (name: string): string => settings[name] ?? '';
  const scoped = of(names.scopedKeys).split(';');
  return {
    full: of(names.apiKey),
    other: of(names.otherEnvironmentKey),
    revoked: of(names.revokedKey),
    locked: of(names.ipLockedKey),
    others: Object.fromEntries(
      Object.entries(schemeVariables(contract)).map(([scheme, name]) => [scheme, of(name)] as const),
    ),
    scoped: Object.fromEntries(scoped.map((entry) => entry.split('=') as [string, string])),
  };
}
