import type { Command } from './command-line.ts';
import { commands, runnerCommands } from './commands.ts';

/** The commands of the package, in the order in which a newcomer needs them. */
export const PACKAGE_COMMANDS = {
  new: 'Makes a contract of an OpenAPI document, with an .env.example.',
  check: 'Lists the gaps of an OpenAPI document.',
  plan: commands.plan.does,
  run: runnerCommands.conformance.does,
  report: commands.report.does,
  gate: runnerCommands.gate.does,
  merge: runnerCommands.merge.does,
  summary: commands.summary.does,
  accept: commands.accept.does,
  replay: commands.replay.does,
  parity: commands.parity.does,
  survey: commands.survey.does,
  keys: commands.keys.does,
  github: commands.github.does,
  mock: 'Starts the mock of a contract by itself, and prints the settings with which a run judges it.',
} as const satisfies Readonly<Record<string, Command['does']>>;

/**
 * What the package says of itself.
 *
 * @param unknown a word that is no command; absent: help was asked for
 */
export function overview(unknown?: string): string {
  if (unknown !== undefined)
    return `There is no command ${JSON.stringify(unknown)}: npx auth-conformance --help says what there is.\n`;
  const width = Math.max(...Object.keys(PACKAGE_COMMANDS).map(({ length }) => length));
  return [
    ...['Finds out whether an API keeps what its OpenAPI document promises about keys.', ''],
    ...['  npx auth-conformance COMMAND [--contract FOLDER_OR_FILE] [OPTION …]', ''],
    ...Object.entries(PACKAGE_COMMANDS).map(([name, does]) => `  ${name.padEnd(width)}  ${does}`),
    ...[
      '',
      'COMMAND --help explains a command and its options. Without --contract and CONTRACT, the commands use the contract of the package.',
    ],
    ...['Settings come from the environment and from .env; reports go to reports/.', ''],
  ].join('\n');
}
