import { AllureGenerator } from '../../src/reporting/allure.ts';

/** A run that has come so far: it says the number of the process that it prepared, makes the report if asked to, and stays. */
const [results = '', output = '', then] = process.argv.slice(2);
const generator = new AllureGenerator(results, output);
generator.prepare();
process.stdout.write(`${generator.pid}\n`);
if (then === 'cancel') generator.cancel();
if (then === 'write') void generator.write();
setInterval(() => undefined, 60_000);
