import type { Contract } from '../model/contract.ts';
import { addToEnvFile } from '../config/write-env-file.ts';
import {
  processVariables,
  readVariables,
  schemeVariables,
  type Variables,
  variableNames,
} from '../config/variables.ts';
import { loadContract, readDocument } from '../openapi/load-contract.ts';
import { type Conversation, EndOfAnswers, type Question } from './conversation.ts';
import { download, isAddress } from './download.ts';
import { GuideError } from './guide-error.ts';
import type { Looked } from './look.ts';
import * as questions from './questions.ts';

/** What the guided way works with: who answers, where it writes, and the commands that it calls. */
export interface GuideTools {
  /** Absent: nobody sits there, and what no option answers is left out. */
  readonly conversation?: Conversation;
  readonly say: (text: string) => void;
  /** `contract new`: makes the folder, and says so. A number is the code of one that could not. */
  readonly make: (name: string, file: string) => Promise<{ readonly folder: string } | number>;
  /** Another command of the suite, with variables of its own. */
  readonly command: (words: readonly string[], variables: Readonly<Record<string, string>>) => Promise<number>;
  /** What a first look at the target shows, by reads alone; undefined: it could not be looked at. */
  readonly look: (contract: Contract, variables: Variables) => Promise<Looked | undefined>;
  /** Path of `.env`. */
  readonly envFile: string;
}

/** What options say, by the ids of the questions. */
export type Given = Readonly<Record<string, string | undefined>>;

/**
 * From a document to a first report: makes the contract, asks for what a run needs, writes it into `.env`, plans, and runs.
 * An option answers its question; at a terminal the others are asked, each with its default and its reason.
 *
 * @param words name and document, as far as they are typed
 * @returns the exit code: that of the first run, or 0 where none was wanted
 * @throws GuideError, ContractError, ConfigurationError
 */
export async function guide(words: readonly string[], given: Given, tools: GuideTools): Promise<number> {
  const [typedName, typedDocument] = words;
  const { conversation } = tools;
  try {
    const made = await makeContract(typedName, typedDocument, tools);
    if (typeof made === 'number') return made;
    return (await settings(made, given, tools)) ? await firstRun(made, given, tools) : 0;
  } catch (error) {
    if (!(error instanceof EndOfAnswers)) throw error;
    tools.say('\nThat is where it ends. What is written so far stays.');
    return 2;
  } finally {
    conversation?.close();
  }
}

/** A contract and where it is. */
interface Made {
  readonly folder: string;
  readonly contract: Contract;
}

async function makeContract(
  typedName: string | undefined,
  typedDocument: string | undefined,
  { conversation, make }: GuideTools,
): Promise<Made | number> {
  const document = typedDocument ?? (await conversation?.ask(questions.documentQuestion()));
  if (document === undefined) throw new GuideError('Name the contract and its document: new NAME FILE.');
  const downloaded = isAddress(document) ? await download(document) : undefined;
  try {
    const file = downloaded?.file ?? document;
    const name = typedName ?? (await conversation?.ask(questions.nameQuestion(await titleOf(file))));
    if (name === undefined) throw new GuideError('Name the contract and its document: new NAME FILE.');
    const made = await make(name, file);
    return typeof made === 'number' ? made : { folder: made.folder, contract: await loadContract(made.folder) };
  } finally {
    downloaded?.remove();
  }
}

async function titleOf(file: string): Promise<string> {
  return (await readDocument(file, 'document')).contract.title;
}

/**
 * Asks for what a run needs, looks at the target with it, and writes it down. Keys are written, and sent to the base URL in
 * requests that read.
 *
 * @returns whether a run has what it needs
 */
async function settings({ folder, contract }: Made, given: Given, tools: GuideTools): Promise<boolean> {
  const { conversation, say, envFile } = tools;
  const names = variableNames(contract.id);
  const answered = (question: Question): Promise<string> => answerTo(question, given, conversation);
  const values: Record<string, string> = {};
  const locate = async (baseUrl: string): Promise<void> => {
    const question = questions.environmentQuestion(contract, baseUrl);
    values[names.baseUrl] = baseUrl;
    values[names.environment] =
      question && baseUrl !== '' ? values[names.environment] || (await answered(question)) : '';
  };
  await locate(await answered(questions.baseUrlQuestion(contract)));
  const isSet = (name: string): boolean => readVariables(processVariables(), envFile).variables[name] !== undefined;
  for (const [scheme, variable] of Object.entries({ ...primary(contract), ...schemeVariables(contract) })) {
    const described = contract.schemes[scheme];
    if (described && conversation && !isSet(variable))
      values[variable] = await conversation.askSecret(questions.keyQuestion(described, variable));
  }
  const looked = await lookAround(contract, values, locate, tools);
  const ask = (all: readonly Question[]): Promise<string> => valuesOf(all, conversation);
  values[names.pathValues] = given['path-values'] ?? (await ask(questions.pathValueQuestions(contract, looked)));
  values[names.parameterValues] = given['parameter-values'] ?? (await ask(questions.parameterValueQuestions(contract)));
  if (Object.values(values).some((value) => value !== '')) write({ CONTRACT: folder, ...values }, tools);
  const missing = Object.values(primary(contract)).filter(
    (variable) => values[names.baseUrl] !== '' && !isSet(variable),
  );
  for (const variable of missing)
    say(`\n${variable} is not set, and no refusal proves anything without it: set it in ${envFile}, and run.`);
  return missing.length === 0;
}

/**
 * Looks at the target, and asks for another base URL for as long as nothing of the document is under it. To give the same one
 * again is to insist.
 *
 * @param values of the settings so far
 * @param locate takes another base URL into them
 * @throws GuideError where nobody answers
 */
async function lookAround(
  contract: Contract,
  values: Readonly<Record<string, string>>,
  locate: (baseUrl: string) => Promise<void>,
  { conversation, look, envFile }: GuideTools,
): Promise<Looked['ids']> {
  const { baseUrl } = variableNames(contract.id);
  for (;;) {
    const current = values[baseUrl] ?? '';
    if (current === '') return {};
    const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
    const looked = await look(contract, { ...readVariables(processVariables(), envFile).variables, ...said });
    if (looked?.nowhere === undefined) return looked?.ids ?? {};
    const sentence = `This base URL has none of the operations of the document: ${looked.nowhere}`;
    if (!conversation) throw new GuideError(`--base-url cannot be used. ${sentence}; name another one.`);
    const another = await conversation.ask(questions.otherBaseUrlQuestion(contract, current, sentence));
    if (another === current) return {};
    await locate(another);
  }
}

function write(settings: Readonly<Record<string, string>>, { say, envFile }: GuideTools): void {
  const kept = addToEnvFile(envFile, settings);
  const written = Object.keys(settings).filter((name) => settings[name] !== '');
  const added = written.filter((name) => !kept.includes(name));
  if (added.length > 0) say(`\n${envFile} has ${added.join(', ')} now, and only you may read it.`);
  if (kept.length > 0)
    say(
      `${envFile} had ${kept.join(', ')} with another value already, and new did not change it: correct it there if it is wrong.`,
    );
}

/** The variable of the scheme that most operations ask for. */
function primary(contract: Contract): Record<string, string> {
  const [name] = contract.equivalentSchemes;
  return name === undefined ? {} : { [name]: variableNames(contract.id).apiKey };
}

/** The answers in the form of a setting: `id=1;name=a`. Where nobody answers, each question has its default. */
async function valuesOf(all: readonly Question[], conversation: Conversation | undefined): Promise<string> {
  const values: string[] = [];
  for (const question of all) {
    const value = conversation ? await conversation.ask(question) : question.default;
    if (value !== '') values.push(`${question.id}=${value}`);
  }
  return values.join(';');
}

/** Says what a run would send, and does a small one where it is wanted. */
async function firstRun({ folder, contract }: Made, given: Given, tools: GuideTools): Promise<number> {
  const { conversation, command } = tools;
  if (!conversation && given['budget'] === undefined) return 0;
  const variables = { CONTRACT: folder };
  const planned = await command(['plan'], variables);
  if (planned !== 0) return planned;
  const budget = await answerTo(questions.budgetQuestion(), given, conversation);
  if (Number(budget) === 0) return 0;
  conversation?.close();
  const code = await command(['run'], { ...variables, [variableNames(contract.id).budget]: budget });
  if (conversation) await command(['report'], variables);
  return code;
}

async function answerTo(question: Question, given: Given, conversation: Conversation | undefined): Promise<string> {
  const typed = given[question.id];
  if (typed === undefined) return conversation ? conversation.ask(question) : '';
  const problem = question.check?.(typed);
  if (problem !== undefined) throw new GuideError(`--${question.id} cannot be used. ${problem}`);
  return typed;
}
