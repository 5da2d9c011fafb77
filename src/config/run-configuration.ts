import { dirname, join } from 'node:path';
import type { Contract } from '../model/contract.ts';
import type { RunSettings, Target } from '../model/target.ts';
import { cachedContract } from '../openapi/contract-cache.ts';
import { contractIdOf } from '../openapi/contract-id.ts';
import { ConfigurationError } from './configuration-error.ts';
import { type KnownFailure, readKnownFailures } from './known-failures.ts';
import { readRunSettings } from './read-run-settings.ts';
import { readTarget } from './read-target.ts';
import { readVariables, reportsFolder, type Variables, variableNames, withEmbeddedMock } from './variables.ts';

/** What a process of a run knows before it has read the contract. */
export interface RunEnvironment {
  readonly variables: Variables;
  /** Path of the contract's folder as the user wrote it, such as `specs/example`. */
  readonly contractFolder: string;
  /** No base URL is set, so the run judges a mock that it starts itself. */
  readonly usesEmbeddedMock: boolean;
  /** Path of the folder that the run writes its reports to. */
  readonly reportsFolder: string;
}

/**
 * Reads the variables of the process and `.env`.
 *
 * @param defaultContract folder of the contract that is judged where `CONTRACT` is not set
 */
export function readRunEnvironment(defaultContract: string, variables = readVariables()): RunEnvironment {
  const contractFolder = variables['CONTRACT'] ?? defaultContract;
  return {
    variables,
    contractFolder,
    usesEmbeddedMock: variables[variableNames(contractIdOf(contractFolder)).baseUrl] === undefined,
    reportsFolder: reportsFolder(),
  };
}

/**
 * Everything that a process of a run goes by. The settings are parsed when it is made. A process that lists tests or
 * merges the reports of shards has no target: so each part says what is wrong with it to whoever asks for it.
 */
export class RunConfiguration {
  readonly contract: Contract;
  readonly usesEmbeddedMock: boolean;
  readonly reportsFolder: string;
  /** Path of `known-failures.yaml` beside the contract; the file need not exist. */
  readonly knownFailuresFile: string;
  readonly #settings: ReturnType<typeof readRunSettings>;
  readonly #knownFailures: Awaited<ReturnType<typeof readKnownFailures>>;
  readonly #targetVariables: () => Variables;
  #target: Target | undefined;

  private constructor(
    environment: RunEnvironment,
    contract: Contract,
    knownFailures: Awaited<ReturnType<typeof readKnownFailures>>,
    mockVariables: ((contract: Contract) => Variables) | undefined,
  ) {
    const { variables, usesEmbeddedMock } = environment;
    this.contract = contract;
    this.usesEmbeddedMock = usesEmbeddedMock;
    this.reportsFolder = environment.reportsFolder;
    this.knownFailuresFile = knownFailuresBeside(contract);
    this.#settings = readRunSettings(variables, variableNames(contract.id));
    this.#knownFailures = knownFailures;
    this.#targetVariables = () =>
      usesEmbeddedMock && mockVariables ? withEmbeddedMock(variables, contract.id, mockVariables(contract)) : variables;
  }

  /**
   * Reads the contract, the settings and the known failures beside the contract.
   *
   * @param mockVariables gives the variables of the embedded mock, asked for together with the target; absent: a target
   * needs a base URL
   * @throws ContractError where the contract cannot be used
   */
  static async read(
    environment: RunEnvironment,
    mockVariables?: (contract: Contract) => Variables,
  ): Promise<RunConfiguration> {
    const contract = await cachedContract(environment.contractFolder);
    const knownFailures = await readKnownFailures(knownFailuresBeside(contract));
    return new RunConfiguration(environment, contract, knownFailures, mockVariables);
  }

  /** @throws ConfigurationError with every problem of these settings */
  get settings(): RunSettings {
    return usable(this.#settings.settings, this.#settings.problems);
  }

  /** @throws ConfigurationError with everything that is wrong with the file */
  get knownFailures(): readonly KnownFailure[] {
    return usable(this.#knownFailures.entries, this.#knownFailures.problems);
  }

  /** @throws ConfigurationError with every problem of the target, of the settings and of the known failures at once */
  get target(): Target {
    return (this.#target ??= readTarget(
      this.contract,
      this.#targetVariables(),
      this.#settings,
      this.#knownFailures.problems,
    ));
  }
}

function knownFailuresBeside({ file }: Contract): string {
  return join(dirname(file), 'known-failures.yaml');
}

function usable<Value>(value: Value, problems: readonly string[]): Value {
  if (problems.length > 0) throw new ConfigurationError(problems);
  return value;
}
