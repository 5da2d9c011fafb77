import { parseArgs } from 'node:util';
import { commandText } from './command-text.ts';
import { type CommandName, commands, type RunnerCommandName, runnerCommands } from './commands.ts';

/** A command of package.json, as `--help` says it. */
export interface Command {
  /** One or two sentences. */
  readonly does: string;
  /** What may stand behind the name, a line for each way to say it: `check FILE`. Absent: nothing but options. */
  readonly forms?: readonly string[];
  /** How many words that are no option there may be, from and to; absent: none. */
  readonly words?: readonly [least: number, most: number];
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** What its exit codes mean where they are more than 0 for done and 2 for a mistake. */
  readonly ends?: string;
}

interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** Of an option that takes one: `FILE`. */
  readonly value?: string;
  readonly does: string;
  /** As it would be typed. */
  readonly default?: string;
}

type OptionsOf<Name extends CommandName> = (typeof commands)[Name] extends { options: infer Options }
  ? Options
  : object;

/** Values of the options by name; those that are not typed and have no default are not there. */
type Values<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends { type: 'boolean' }
    ? boolean | undefined
    : Options[Name] extends { default: string }
      ? string
      : string | undefined;
};

export interface Arguments<Options> {
  readonly words: readonly string[];
  readonly values: Values<Options>;
}

/** What a command prints instead of doing its work, and how it ends. */
export interface Instead {
  readonly code: 0 | 2;
  /** For standard output where the code is 0, for standard error where it is 2. */
  readonly text: string;
}

/**
 * Reads what stands behind the name of a command.
 *
 * @returns what to print instead where help is asked for or something is typed that the command does not know
 */
export function readArguments<Name extends CommandName>(
  name: Name,
  args: readonly string[],
): Arguments<OptionsOf<Name>> | Instead {
  const command: Command = commands[name];
  const { options = {}, words: [least, most] = [0, 0], forms = [''] } = command;
  const isHelp = (word: string): boolean => word === '--help' || word === '-h';
  const ownArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (ownArgs.some(isHelp)) return { code: 0, text: helpOf(name, command) };
  const mistake = (text: string): Instead => ({
    code: 2,
    text: `${text}: ${commandText(name, '--help')} says what there is.\n`,
  });
  let parsed: ReturnType<typeof parseArgs>;
  try {
    const described = Object.entries(options).map(([option, { type, default: value }]) => [
      option,
      { type, ...(value !== undefined && { default: value }) },
    ]);
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: Object.fromEntries(described) as Record<string, { type: 'string' | 'boolean' }>,
    });
  } catch (error) {
    return mistake(sentenceOf(error, options));
  }
  const { positionals, values } = parsed;
  const noNumber = Object.entries(options).find(
    ([option, { value }]) => value === 'NUMBER' && !/^[1-9]\d*$/.test(String(values[option] ?? '1')),
  );
  if (noNumber) return mistake(`The option --${noNumber[0]} needs a whole number above zero`);
  if (positionals.length > most)
    return mistake(
      most === 0
        ? `${commandText(name)} takes no words, and there is ${JSON.stringify(positionals[0])}`
        : `${commandText(name)} takes ${inWords(forms)} and nothing more`,
    );
  if (positionals.length < least) return mistake(`${commandText(name)} takes ${inWords(forms)}`);
  return { words: positionals, values: values as Values<OptionsOf<Name>> };
}

/** Node's own sentences are about parsers: who types a command knows options. */
function sentenceOf(error: unknown, options: Readonly<Record<string, CommandOption>>): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const option = /(--?[\w-]+)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${option}`;
  const described = options[/--([\w-]+)/.exec(message)?.[1] ?? ''];
  if (described?.type === 'boolean') return `The option --${/--([\w-]+)/.exec(message)?.[1]} takes no value`;
  return `The option ${/(--[\w-]+)/.exec(message)?.[1] ?? option} needs ${described?.value ?? 'a value'} behind it`;
}

function inWords(forms: readonly string[]): string {
  return forms.join(', or ');
}

/** The text of `--help`. */
function helpOf(name: string, { does, forms = [''], options = {}, ends }: Command): string {
  const rows = Object.entries(options).map(([option, { value, does: what, default: usual }]): [string, string] => [
    `--${option}${value === undefined ? '' : ` ${value}`}`,
    `${what}${usual === undefined ? '' : ` (default: ${usual})`}`,
  ]);
  return helpText(name, { does, forms, rows, ...(ends !== undefined && { ends }) });
}

function helpText(
  name: string,
  {
    does,
    forms,
    rows,
    ends,
  }: Pick<Command, 'does' | 'ends'> & {
    readonly forms: readonly string[];
    readonly rows: readonly (readonly [option: string, does: string])[];
  },
): string {
  const all = [...rows, ['--help', 'shows this help'] as const];
  const width = Math.max(...all.map(([left]) => left.length));
  return [
    ...[does, '', ...forms.map((form) => `  ${commandText(name, form)}`), ''],
    ...all.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    ...(ends === undefined ? [] : ['', ends]),
    '',
  ].join('\n');
}

/** `--help` of a command whose options are Playwright's. */
export function helpOfRunnerCommand(name: RunnerCommandName): string {
  const { does, forms, options, ends } = runnerCommands[name];
  return helpText(name, { does, forms, rows: Object.entries(options), ends });
}

/** What stands behind the command that this process is. Ends the process where there is something to say instead. */
export function argumentsOf<Name extends CommandName>(name: Name): Arguments<OptionsOf<Name>> {
  const read = readArguments(name, process.argv.slice(2));
  if (!('code' in read)) return read;
  (read.code === 0 ? process.stdout : process.stderr).write(read.text);
  process.exit(read.code);
}
