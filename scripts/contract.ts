import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import manifest from '../package.json' with { type: 'json' };
import { contractCommand } from '../src/authoring/contract-command.ts';
import { commandText } from '../src/config/command-text.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { ConfigurationError } from '../src/config/configuration-error.ts';
import { fileErrorCode, reasonOf } from '../src/config/unwritable.ts';
import { isInPipeline, processVariables } from '../src/config/variables.ts';
import { terminalConversation } from '../src/guided/conversation.ts';
import { guide } from '../src/guided/guide.ts';
import { GuideError } from '../src/guided/guide-error.ts';
import { look } from '../src/guided/look.ts';
import { ContractError } from '../src/openapi/contract-error.ts';

/** For whoever brings a document of their own. */
const { words, values } = argumentsOf('contract');
const { sarif, ...given } = values;
const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !isInPipeline();
const isGiven = Object.keys(given).length > 0;
if (words[0] === 'new' && words.length <= 3 && sarif === undefined && (isTerminal || isGiven)) await guided();
// Options of new alone are of no use to another command.
else process.exitCode = await said(isGiven ? [] : words, sarif);

async function said(typed: readonly string[], file?: string): Promise<number> {
  const { code, out, err } = await contractCommand(typed, file, manifest.version);
  process.stdout.write(out);
  process.stderr.write(err);
  return code;
}

async function guided(): Promise<void> {
  try {
    process.exitCode = await guide(words.slice(1), given, {
      ...(isTerminal && { conversation: terminalConversation(process.stdin, process.stdout) }),
      say: (sentence) => void process.stdout.write(`${sentence}\n`),
      make: async (name, file) => {
        const code = await said(['new', name, file]);
        return code === 0 ? { folder: `specs/${name}` } : code;
      },
      command,
      look,
      envFile: '.env',
    });
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 2;
  }
}

/** @throws the error itself, where it is none of a person's */
function sentenceOf(error: unknown): string {
  if ([GuideError, ContractError, ConfigurationError].some((kind) => error instanceof kind))
    return (error as Error).message;
  const code = fileErrorCode(error);
  if (code === undefined) throw error;
  const { path = '.env' } = error as NodeJS.ErrnoException;
  return `${path} cannot be written, ${reasonOf(code)}: correct that, or start in another folder.`;
}

/** Another command of the suite, as a process of its own. */
async function command(typed: readonly string[], variables: Readonly<Record<string, string>>): Promise<number> {
  const [, own = ''] = process.argv;
  const isPlan = typed[0] === 'plan';
  const child = spawn(process.execPath, [own, ...typed], {
    stdio: ['ignore', isPlan ? 'pipe' : 'inherit', 'inherit'],
    env: { ...processVariables(), ...variables },
  });
  const [plan, closed] = await Promise.all([child.stdout ? text(child.stdout) : '', once(child, 'close')]);
  // Its tables are for later.
  const [judged, sum] = plan.split('\n');
  if (sum !== undefined)
    process.stdout.write(`\n${judged}\n${sum}\n${commandText('plan')} says which requests these are.\n`);
  const [code] = closed as [number | null];
  return code ?? 2;
}
