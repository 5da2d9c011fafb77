import { argumentsOf } from '../src/config/command-line.ts';
import { ConfigurationError } from '../src/config/configuration-error.ts';
import { RunConfiguration } from '../src/config/run-configuration.ts';
import { ContractError } from '../src/openapi/contract-error.ts';
import { SurveyError, surveyThrottling, surveyTiming } from '../src/run/survey.ts';
import { cases } from '../tests/catalogue/index.ts';
import { runEnvironment } from '../tests/playwright/environment.ts';

const SAMPLES = 200;
const ATTEMPTS = 100;

/** Prints what guessing keys is like on a sandbox: how the time depends on the guess, and whether guesses are throttled. */
argumentsOf('survey');
try {
  // No mock is started for a survey: it needs a base URL.
  const { contract, target } = await RunConfiguration.read(runEnvironment());
  const timing = await surveyTiming(contract, target, cases, SAMPLES, target.run.seed);
  const [wrong, almost] = timing.medians.map((milliseconds) => `${milliseconds.toFixed(2)} ms`);
  process.stdout.write(
    `timing, ${timing.operation}, ${timing.samples} pairs${timing.leftOut > 0 ? ` (${timing.leftOut} throttled requests are left out)` : ''}: median ${wrong} for a wrong key, ${almost} for one that is almost right; effect ${timing.effect.toFixed(2)} (Cliff's delta), p = ${timing.pValue.toFixed(4)}\n`,
  );
  const throttling = await surveyThrottling(contract, target, cases, ATTEMPTS);
  const after =
    throttling.throttledAfter === undefined ? 'none was answered 429' : `429 after ${throttling.throttledAfter}`;
  process.stdout.write(
    `throttling, ${throttling.attempts} wrong keys: ${after}${throttling.dataIn429 ? '; the 429 carries data' : ''}${throttling.retryAfterMissing ? '; the 429 has no Retry-After' : ''}\n`,
  );
} catch (error) {
  if (![ConfigurationError, ContractError, SurveyError].some((kind) => error instanceof kind)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
