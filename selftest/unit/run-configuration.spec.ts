import { writeFileSync } from 'node:fs';
import { join, resolve, win32 } from 'node:path';
import { expect, test } from '../support/unit-test.ts';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { RunConfiguration } from '../../src/config/run-configuration.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import type { GivenVariables, Variables } from '../../src/config/variables.ts';
import { contractIdOf } from '../../src/openapi/contract-id.ts';
import { copyContract } from '../support/contract-copy.ts';
import { mockOf } from '../support/contracts.ts';

const BASE_URL = 'https://sandbox.huechat.ai/v2';
const KEY = 'sk_test_9zY8xW7vU6tS5rQ4pO3nM2lK1jI0hG';

const given = (variables: Variables): GivenVariables => ({ variables, problems: [] });

function read(variables: Variables): Promise<RunConfiguration> {
  return RunConfiguration.read(readRunEnvironment('specs/huechat', given(variables)), (contract) =>
    dryRunSettings(mockOf(contract)),
  );
}

test.describe('the folder of the contract', () => {
  const spellings = [
    ...['specs/huechat', 'specs/huechat/', 'specs/huechat//', './specs/huechat', 'specs/huechat/.', 'specs/huechat/./'],
    ...['specs/twitch/../huechat', 'specs/huechat/../huechat/.', resolve('specs/huechat')],
  ];

  for (const folder of spellings)
    test(`${folder.replace(resolve('.'), '…')} is the contract huechat, whose base URL is judged`, async () => {
      expect(contractIdOf(folder)).toBe('huechat');
      const environment = readRunEnvironment('', given({ CONTRACT: folder, HUECHAT_BASE_URL: BASE_URL }));
      expect(environment).toMatchObject({ contractFolder: folder, usesEmbeddedMock: false });
      expect((await RunConfiguration.read(environment)).contract.id).toBe('huechat');
    });

  test('a single dot is the folder that the suite was started in', () => {
    expect(contractIdOf('.')).toBe(contractIdOf(resolve('.')));
    const name = contractIdOf('.')
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_');
    const environment = readRunEnvironment('', given({ CONTRACT: '.', [`${name}_BASE_URL`]: BASE_URL }));
    expect(environment.usesEmbeddedMock).toBe(false);
  });

  for (const folder of [
    'specs\\huechat',
    'specs\\huechat\\',
    'C:\\suite\\specs\\twitch\\..\\huechat',
    'specs/huechat/.',
  ])
    test(`${folder} is huechat on Windows`, () => {
      expect(contractIdOf(folder, win32)).toBe('huechat');
    });

  test('the default stands where nothing is said, and the base URL of another contract is none of it', () => {
    expect(readRunEnvironment('specs/huechat', given({ TWITCH_BASE_URL: BASE_URL }))).toMatchObject({
      contractFolder: 'specs/huechat',
      usesEmbeddedMock: true,
    });
  });
});

test.describe('the target', () => {
  test('is that of the base URL', async () => {
    const { target, usesEmbeddedMock } = await read({ HUECHAT_BASE_URL: BASE_URL, HUECHAT_API_KEY: KEY });
    expect({ usesEmbeddedMock, baseUrl: target.baseUrl }).toEqual({ usesEmbeddedMock: false, baseUrl: BASE_URL });
  });

  test('is the mock where nothing is said of a target: with the settings of the run', async () => {
    const { target, settings, usesEmbeddedMock } = await read({ HUECHAT_BUDGET: '7' });
    expect(usesEmbeddedMock).toBe(true);
    expect(target.baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(settings.budget).toBe(7);
    expect(target.run).toBe(settings);
  });

  test('is read once', async () => {
    const configuration = await read({});
    expect(configuration.target).toBe(configuration.target);
  });

  test('needs a base URL where no mock can be started', async () => {
    const configuration = await RunConfiguration.read(readRunEnvironment('specs/huechat', given({})));
    expect(() => configuration.target).toThrow(/HUECHAT_BASE_URL is not set/);
  });
});

test('the runner, which has not read the contract, knows the same reports as the process that asks', async () => {
  for (const [value, reports] of [
    [undefined, ['html', 'summary', 'sarif', 'junit', 'badge', 'playwright', 'allure']],
    ['allure,playwright , summary', ['summary', 'playwright', 'allure']],
  ] as const) {
    const variables = { HUECHAT_REPORTS: value };
    const { reports: known, usesEmbeddedMock } = readRunEnvironment('specs/huechat', given(variables));
    expect({ known: [...known], usesEmbeddedMock }).toEqual({ known: reports, usesEmbeddedMock: true });
    expect([...(await read(variables)).settings.reports]).toEqual(reports);
  }
});

test.describe('what is wrong', () => {
  test('with the settings of a run is said to a process that has no target too', async () => {
    const configuration = await read({ HUECHAT_STRICT: 'shoulds' });
    expect(() => configuration.settings).toThrow(/^HUECHAT_STRICT may only hold should/);
    expect(configuration.knownFailures).toEqual([]);
  });

  test('is said all at once when the target is read', async ({}, info) => {
    const folder = copyContract(info.outputPath(), ['GET /contacts']);
    writeFileSync(join(folder, 'known-failures.yaml'), '- rule: missing-key\n');
    const configuration = await read({ CONTRACT: folder, HUECHAT_BASE_URL: BASE_URL, HUECHAT_BUDGET: 'x' });
    expect(() => configuration.target).toThrow(
      /^\d+ settings need a correction:\n {2}- HUECHAT_API_KEY[^]*\n {2}- HUECHAT_BUDGET[^]*known-failures\.yaml: entry 0 must have/,
    );
    expect(() => configuration.knownFailures).toThrow(/entry 0 must have required property/);
    expect(() => configuration.settings).toThrow(/^HUECHAT_BUDGET is neither auto nor a whole number/);
  });

  test('with a file that is not YAML is said in a sentence', async ({}, info) => {
    const folder = copyContract(info.outputPath(), ['GET /contacts']);
    writeFileSync(join(folder, 'known-failures.yaml'), '- [');
    const configuration = await read({ CONTRACT: folder });
    expect(() => configuration.knownFailures).toThrow(/known-failures\.yaml is not YAML: /);
  });
});
