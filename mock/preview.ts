import type { Contract } from '../src/model/contract.ts';
import { issueKeys, longSecret } from './keys.ts';
import { settingsOf } from './settings.ts';
import { compile } from './world.ts';

/** The variables of a mock that is never started, to plan a run against it: no port is open and no key opens anything. */
export function previewSettings(contract: Contract): Record<string, string> {
  const { environments } = compile(contract);
  const keys = environments.flatMap((environment) => issueKeys(environment, contract, longSecret));
  const addresses = new Map(
    environments.map(({ name, basePath }, index) => [
      name,
      { baseUrl: `https://127.0.0.1:${index + 1}${basePath}`, plainHttpUrl: `http://127.0.0.1:9${basePath}` },
    ]),
  );
  const chosen = environments.find(({ name }) => name === 'sandbox') ?? environments[0];
  return settingsOf(contract, chosen?.name ?? '', { environments: addresses, keys, caFile: '' });
}
