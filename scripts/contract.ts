import manifest from '../package.json' with { type: 'json' };
import { argumentsOf } from '../src/config/command-line.ts';
import { contractCommand } from '../src/authoring/contract-command.ts';

/** For whoever brings a document of their own. */
const { words, values } = argumentsOf('contract');
const { code, out, err } = await contractCommand(words, values.sarif, manifest.version);
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
