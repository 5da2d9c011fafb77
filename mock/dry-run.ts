import { issueKeys } from './server/keys.ts';
import { sound } from './server/sound.ts';
import { servicesOf } from './server/state.ts';
import { settingsOf } from './settings.ts';
import type { MockOptions } from './start.ts';

/** The variables of a mock that is not started, to plan a run against it: no port is open and no key opens anything. */
export function dryRunSettings({ document, name }: Pick<MockOptions, 'document' | 'name'>): Record<string, string> {
  const { api } = servicesOf(document, name);
  const { environments } = api;
  const keys = environments.flatMap((environment) => issueKeys(environment, api, sound));
  const addresses = new Map(
    environments.map(({ name: environment, basePath }, index) => [
      environment,
      { baseUrl: `https://127.0.0.1:${index + 1}${basePath}`, plainHttpUrl: `http://127.0.0.1:9${basePath}` },
    ]),
  );
  const chosen = environments.find((environment) => environment.name === 'sandbox') ?? environments[0];
  return settingsOf(api, chosen?.name ?? '', { addresses, keys, caFile: '' });
}
