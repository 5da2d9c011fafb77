import { AllureGenerator } from '../src/reporting/allure.ts';

/** Makes Allure's report of results, as a run does: what it costs by itself. */
const [results = '', output = ''] = process.argv.slice(2);
const problem = await new AllureGenerator().make(results, output);
if (problem !== undefined) throw new Error(problem);
