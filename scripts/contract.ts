import manifest from '../package.json' with { type: 'json' };
import { contractCommand } from '../src/authoring/contract-command.ts';

/**
 * For whoever brings a document of their own.
 *
 * Usage: npm run contract -- check FILE [--sarif FILE], which ends with 0 where there is no gap, with 1 where there are
 * some and with 2 where the file cannot be read; npm run contract -- new NAME FILE.
 */
const { code, out, err } = await contractCommand(process.argv.slice(2), manifest.version);
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
