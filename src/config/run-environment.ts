import { statSync } from 'node:fs';
import type { ReportName } from '../model/target.ts';
import { contractIdOf, isDocument } from '../openapi/contract-id.ts';
import { readReports } from './read-reports.ts';
import { isOfAnother } from './unknown-variables.ts';
import {
  type GivenVariables,
  isOfContract,
  readVariables,
  reportsFolder,
  runSettingNames,
  type Variables,
  variableNames,
} from './variables.ts';

/** What a process of a run knows before it has read the contract. */
export interface RunEnvironment {
  readonly variables: Variables;
  /** What keeps the contract or the settings from being read at all, in sentences for the user. */
  readonly problems: readonly string[];
  /** Names that begin a line of `.env` which gives them no value, each with the number of that line. */
  readonly lost: Readonly<Record<string, number>>;
  /** Names that several lines of `.env` give a value, each with the numbers of these lines. */
  readonly repeated: Readonly<Record<string, readonly number[]>>;
  /** Path of the contract's folder or document as the user wrote it, such as `specs/example`. */
  readonly contractFolder: string;
  /**
   * Nothing is said of a target, so the run judges a mock that it starts itself. A key without a base URL says that another
   * server is meant.
   */
  readonly usesEmbeddedMock: boolean;
  /** Path of the folder that the run writes its reports to. */
  readonly reportsFolder: string;
  /** The reports that the run makes. What is wrong with the setting is said with all other settings. */
  readonly reports: ReadonlySet<ReportName>;
}

/**
 * Reads the variables of the process and `.env`.
 *
 * @param defaultContract folder of the contract that is judged where `CONTRACT` is not set
 */
export function readRunEnvironment(
  defaultContract: string,
  { variables, problems, lost = {}, repeated = {} }: GivenVariables = readVariables(),
): RunEnvironment {
  const contractFolder = variables['CONTRACT'] ?? defaultContract;
  const id = contractIdOf(contractFolder);
  const names = variableNames(id);
  const ofRun = runSettingNames(names);
  const ofTarget = [...Object.keys(variables), ...Object.keys(lost)].filter(
    (name) => isOfContract(name, id) && !ofRun.includes(name) && !isOfAnother(name, contractFolder),
  );
  const found = [...problems, ...(canHoldContract(contractFolder) ? [] : [NO_CONTRACT])];
  return {
    ...{ variables, lost, repeated, contractFolder },
    problems: found,
    usesEmbeddedMock: found.length === 0 && ofTarget.length === 0,
    reportsFolder: reportsFolder(),
    reports: readReports(variables[names.reports], names.reports, []),
  };
}

/** The same settings with another base URL, such as one that was typed. */
export function withBaseUrl(environment: RunEnvironment, baseUrl: string): RunEnvironment {
  const { baseUrl: name } = variableNames(contractIdOf(environment.contractFolder));
  return { ...environment, variables: { ...environment.variables, [name]: baseUrl }, usesEmbeddedMock: false };
}

const NO_CONTRACT =
  'CONTRACT names neither a folder nor a document: give the path of the folder that holds the OpenAPI document, such as specs/example, or of the document itself (.yaml, .yml or .json), relative to the folder where the suite was started.';

function canHoldContract(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return (found?.isDirectory() ?? false) || (found?.isFile() === true && isDocument(path));
}
