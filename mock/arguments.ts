import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type AnyDefectId, isDefectId } from './defects/index.ts';
import type { RateLimit } from './types/rate-limit.ts';
import { type AnyVariantId, isVariantId } from './variants/index.ts';

/** What is wrong with the command line, in one sentence for the person who typed it. */
export class ArgumentError extends Error {}

export interface Arguments {
  readonly contract: string;
  readonly defect: AnyDefectId | undefined;
  readonly operation: string | undefined;
  readonly form: string | undefined;
  readonly variant: AnyVariantId | undefined;
  readonly environment: string | undefined;
  readonly port: number | undefined;
  readonly rateLimit: RateLimit | undefined;
  readonly attemptLimit: RateLimit | undefined;
  readonly settingsFile: string | undefined;
  /** The mock is a part of another program, which holds its standard input: it ends with that program. */
  readonly endsWithInput: boolean;
  readonly list: 'defects' | 'variants' | undefined;
  readonly help: boolean;
}

/** A clone is TypeScript, and has the scripts of package.json. */
const COMMAND = import.meta.url.endsWith('.ts') ? 'npm run mock -- ' : 'npx auth-conformance mock ';

/** That of the folder that the mock was started in, or the one that comes with it. */
const FIRST_CONTRACT = existsSync('specs/huechat')
  ? 'specs/huechat'
  : fileURLToPath(new URL('../specs/huechat', import.meta.url));

const OPTIONS = {
  contract: { type: 'string', default: FIRST_CONTRACT },
  defect: { type: 'string' },
  operation: { type: 'string' },
  form: { type: 'string' },
  variant: { type: 'string' },
  environment: { type: 'string' },
  port: { type: 'string' },
  'rate-limit': { type: 'string' },
  'attempt-limit': { type: 'string' },
  'settings-file': { type: 'string' },
  'end-with-input': { type: 'boolean' },
  'list-defects': { type: 'boolean' },
  'list-variants': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const HELP = `Starts the mock, prints its variables, and goes on until it is interrupted.

  ${COMMAND}[OPTION …]

  --contract PATH           folder or document of the contract (default: specs/huechat)
  --environment NAME        the environment whose variables are printed (default: sandbox)
  --defect ID               gets one thing wrong
  --operation ID            does so on one operation only
  --form NAME               does so in one security alternative only
  --variant ID              is unusual in one thing, and right
  --port PORT               the first port to listen on; default: any free ones
  --rate-limit N/SECONDS    requests that are allowed, such as 60/2
  --attempt-limit N/SECONDS keys that may be wrong
  --settings-file FILE      writes the variables there too
  --list-defects            lists the defects and ends
  --list-variants           lists the variants and ends
  --help                    shows this help
`;

export function readArguments(args: readonly string[]): Arguments {
  const values = parsed(args);
  const { defect, variant, operation, form, port } = values;
  if (defect !== undefined && !isDefectId(defect)) {
    throw new ArgumentError(`There is no defect "${defect}": --list-defects shows those there are.`);
  }
  if (variant !== undefined && !isVariantId(variant)) {
    throw new ArgumentError(`There is no variant "${variant}": --list-variants shows those there are.`);
  }
  if (defect === undefined && (operation ?? form) !== undefined) {
    throw new ArgumentError('--operation and --form confine a defect: name one with --defect.');
  }
  return {
    contract: values.contract,
    defect,
    operation,
    form,
    variant,
    environment: values.environment,
    port: port === undefined ? undefined : readPort(port),
    rateLimit: readRateLimit('--rate-limit', values['rate-limit']),
    attemptLimit: readRateLimit('--attempt-limit', values['attempt-limit']),
    settingsFile: values['settings-file'],
    endsWithInput: values['end-with-input'] ?? false,
    list: values['list-defects'] ? 'defects' : values['list-variants'] ? 'variants' : undefined,
    help: values.help === true,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new ArgumentError(`--port is "${text}": it is the first port to listen on, from 1 to 65535.`);
}

function readRateLimit(option: string, text: string | undefined): RateLimit | undefined {
  if (text === undefined) return undefined;
  const [, limit, windowSeconds] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  if (limit !== undefined) return { limit: Number(limit), windowSeconds: Number(windowSeconds) };
  throw new ArgumentError(`${option} is "${text}": write REQUESTS/SECONDS, such as 60/2.`);
}
