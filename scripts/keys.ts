import { argumentsOf } from '../src/config/command-line.ts';
import { ConfigurationError } from '../src/config/configuration-error.ts';
import { RunConfiguration } from '../src/config/run-configuration.ts';
import { isInPipeline } from '../src/config/variables.ts';
import { terminalConversation } from '../src/guided/conversation.ts';
import { GuideError } from '../src/guided/guide-error.ts';
import { keysByHand } from '../src/guided/keys-by-hand.ts';
import { ContractError } from '../src/openapi/contract-error.ts';
import { systemClock } from '../src/run/keys/plays.ts';
import { keyRules } from '../tests/catalogue/index.ts';
import { runEnvironment } from '../tests/playwright/environment.ts';

/** Has a person make a key of a sandbox and revoke it, and watches. */
argumentsOf('keys');
try {
  // No mock is started for it: it needs a base URL.
  const { contract, target } = await RunConfiguration.read(runEnvironment());
  if (!process.stdin.isTTY || isInPipeline())
    throw new GuideError('Nobody sits here who could make a key and revoke it: start this command at a terminal.');
  const conversation = terminalConversation(process.stdin, process.stdout);
  process.exitCode = await keysByHand(contract, target, { conversation, clock: systemClock, rules: keyRules });
} catch (error) {
  if (![ConfigurationError, ContractError, GuideError].some((kind) => error instanceof kind)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
