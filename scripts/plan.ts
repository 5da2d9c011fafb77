import { argumentsOf } from '../src/config/command-line.ts';
import { planCommand } from '../src/run/plan-command.ts';
import { cases, rules } from '../tests/catalogue/index.ts';
import { runEnvironment } from '../tests/playwright/environment.ts';
import { dryRunSettings } from '../mock/dry-run.ts';

/** Prints what a run would send and what it could not prove. Nothing is sent, not even to look up a name. */
const { values } = argumentsOf('plan');
const { code, out, err } = await planCommand(
  runEnvironment(),
  { cases, rules },
  ({ document, id }) => dryRunSettings({ document, name: id }),
  { names: values['names'] === true },
);
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
