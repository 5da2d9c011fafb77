import suite from '../../package.json' with { type: 'json' };
import type { ChosenTest, Reported, ReportWanted, TestEnd } from '../../src/asking/messages.ts';
import { reportRun, type WrittenTo } from '../../src/asking/run-reports.ts';
import { endsOfComparisons } from '../../src/asking/test-ends.ts';
import { rulesOf, testOfRule } from '../../src/asking/test-units.ts';
import { ConfigurationError } from '../../src/config/configuration-error.ts';
import { cellId } from '../../src/model/cell-id.ts';
import type { ReportedOperation, TargetNote } from '../../src/reporting/playwright-notes.ts';
import type { ReportedKeys } from '../../src/reporting/reported-keys.ts';
import { catalogue } from '../catalogue/index.ts';
import { runConfiguration } from './run.ts';

interface Shards {
  readonly operations: ReadonlyMap<string, ReportedOperation>;
  readonly ended: readonly ChosenTest[];
  readonly target: TargetNote | undefined;
  readonly keys: ReportedKeys | undefined;
  /** Titles of the tests about keys over time that some shard had. */
  readonly keyTitles: readonly string[];
}

interface ReportedShards extends Reported {
  readonly hasAllureResults: boolean;
  /** How the tests of the rules that compare operations end, by their title. */
  readonly comparisons: ReadonlyMap<string, TestEnd>;
}

/** Makes the reports of one run of what its shards found. No setup has looked at the settings: what is wrong with them is said here. */
export async function reportShards(
  { operations, ended, target, keys, keyTitles }: Shards,
  { startedAt, durationMs, interrupted, strict }: ReportWanted,
  to: WrittenTo,
): Promise<ReportedShards> {
  try {
    const configuration = await runConfiguration();
    const { contract, settings } = configuration;
    const { rules } = catalogue;
    const found = {
      ...{ operations, target, interrupted, strict, durationMs, startedAt: new Date(startedAt), merged: true },
      ended: new Set(
        ended.flatMap(([operation, title]) => rulesOf(title, rules).map((rule) => cellId({ rule, operation }))),
      ),
      ...{ keys, leftovers: keys?.leftovers ?? [] },
      keyRulesPlanned: catalogue.keyRules
        .filter((rule) => keyTitles.includes(testOfRule(rule).title))
        .map(({ id }) => id),
      // Merged reports are to hold the whole.
      planned: contract.operations.length * rules.length,
    };
    const { report, ...written } = reportRun(configuration, catalogue, suite.version, found, to);
    const own = report?.cells ?? [];
    return { ...written, comparisons: endsOfComparisons(own, catalogue, contract, settings) };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { problem: error.message, text: '', hasAllureResults: false, comparisons: new Map() };
  }
}
