import { dirname, join } from 'node:path';
import type { Contract } from '../model/contract.ts';
import type { RunSettings, Target } from '../model/target.ts';
import { cachedContract } from '../openapi/contract-cache.ts';
import { ConfigurationError } from './configuration-error.ts';
import { keySourceVariables, readKeySources } from './key-sources.ts';
import { type KnownFailure, readKnownFailures } from './known-failures.ts';
import { readRunSettings } from './read-run-settings.ts';
import { readTarget } from './read-target.ts';
import type { RunEnvironment } from './run-environment.ts';
import { spelled } from './unknown-variables.ts';
import { isOfContract, runSettingNames, schemeVariables, type Variables, variableNames } from './variables.ts';

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
  /** A sentence about each variable that does not exist, and each that `.env` sets twice. */
  readonly #misspelt: readonly string[];
  readonly #knownFailures: Awaited<ReturnType<typeof readKnownFailures>>;
  readonly #targetVariables: () => Variables;
  /** Names that a sentence says are written wrongly: that they are not set is no second one. */
  readonly #lost: readonly string[];
  readonly #isNothingOfTarget: boolean;
  #target: Target | undefined;

  private constructor(
    environment: RunEnvironment,
    contract: Contract,
    knownFailures: Awaited<ReturnType<typeof readKnownFailures>>,
    mockVariables: ((contract: Contract) => Variables) | undefined,
  ) {
    const { usesEmbeddedMock, contractFolder, lost, repeated } = environment;
    const names = variableNames(contract.id);
    const known = [
      ...Object.values({ ...names }),
      ...Object.values(schemeVariables(contract)),
      ...keySourceVariables(contract),
    ];
    const { variables, problems } = spelled(environment.variables, contract.id, known, contractFolder, lost);
    this.contract =
      variables[names.clientCertificate] === undefined ? contract : { ...contract, presentsCertificate: true };
    this.usesEmbeddedMock = usesEmbeddedMock;
    this.reportsFolder = environment.reportsFolder;
    this.knownFailuresFile = knownFailuresBeside(contract);
    this.#misspelt = [...problems, ...repeatedSentences(repeated, contract.id)];
    // That the embedded mock ends its keys lets nobody release, and a minute's watch would be most of such a run.
    const isUnwatched = usesEmbeddedMock && variables[names.keyWatch] === undefined;
    this.#settings = readRunSettings(isUnwatched ? { ...variables, [names.keyWatch]: 'off' } : variables, names);
    this.#knownFailures = knownFailures;
    this.#lost = Object.keys(lost);
    const ofRun = runSettingNames(names);
    this.#isNothingOfTarget = known.every((name) => variables[name] === undefined || ofRun.includes(name));
    this.#targetVariables = () =>
      usesEmbeddedMock && mockVariables ? { ...variables, ...mockVariables(contract) } : variables;
  }

  /**
   * Reads the contract, the settings and the known failures beside the contract.
   *
   * @param mockVariables gives the variables of the embedded mock, asked for together with the target; absent: a target
   * needs a base URL
   * @throws ContractError where the contract cannot be used
   * @throws ConfigurationError where it or the settings cannot be read at all
   */
  static async read(
    environment: RunEnvironment,
    mockVariables?: (contract: Contract) => Variables,
  ): Promise<RunConfiguration> {
    if (environment.problems.length > 0) throw new ConfigurationError(environment.problems);
    const contract = await cachedContract(environment.contractFolder);
    const knownFailures = await readKnownFailures(knownFailuresBeside(contract));
    return new RunConfiguration(environment, contract, knownFailures, mockVariables);
  }

  /** @throws ConfigurationError with every problem of these settings */
  get settings(): RunSettings {
    return usable(this.#settings.settings, [...this.#misspelt, ...this.#settings.problems]);
  }

  /** @throws ConfigurationError with everything that is wrong with the file */
  get knownFailures(): readonly KnownFailure[] {
    return usable(this.#knownFailures.entries, this.#knownFailures.problems);
  }

  /** @throws ConfigurationError as `target` does, which is otherwise read when it is first asked for */
  check(): void {
    this.#target ??= this.#readTarget();
  }

  /** @throws ConfigurationError with every problem of the target, of the settings and of the known failures at once */
  get target(): Target {
    return (this.#target ??= this.#readTarget());
  }

  #readTarget(): Target {
    // Where a setting of the run alone is misspelt, no target is missing.
    if (!this.usesEmbeddedMock && this.#isNothingOfTarget && this.#misspelt.length > 0)
      throw new ConfigurationError([...this.#misspelt, ...this.#settings.problems]);
    const target = this.#whatIsRead();
    return usable(target, this.#misspelt);
  }

  #whatIsRead(): Target {
    const { variables, problems, failed } = readKeySources(this.contract, this.#targetVariables());
    try {
      return readTarget(this.contract, variables, this.#settings, [...problems, ...this.#knownFailures.problems]);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const silent = [...this.#lost, ...failed];
      const isSaid = (problem: string): boolean => silent.some((name) => problem.startsWith(`${name} is not set`));
      throw new ConfigurationError([...this.#misspelt, ...error.problems.filter((problem) => !isSaid(problem))]);
    }
  }
}

function repeatedSentences(repeated: RunEnvironment['repeated'], contractId: string): string[] {
  return Object.entries(repeated)
    .filter(([name]) => name === 'CONTRACT' || isOfContract(name, contractId))
    .map(([name, lines]) => `.env gives ${name} a value in lines ${lines.join(' and ')}: keep one of them.`);
}

function knownFailuresBeside({ file }: Contract): string {
  return join(dirname(file), 'known-failures.yaml');
}

function usable<Value>(value: Value, problems: readonly string[]): Value {
  if (problems.length > 0) throw new ConfigurationError(problems);
  return value;
}
