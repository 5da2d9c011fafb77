import { excuse } from '../config/known-failures.ts';
import type { RunConfiguration } from '../config/run-configuration.ts';
import { today } from '../config/today.ts';
import type { RateLimiter } from '../http/rate-limiter.ts';
import { judgeKeys } from '../judging/keys/judge-keys.ts';
import type { KeyRuleId } from '../model/key-lifecycle.ts';
import type { PathValues } from '../model/target.ts';
import { newerRules } from '../reporting/compose.ts';
import { type ReportedKeys, reportKeys } from '../reporting/reported-keys.ts';
import type { Catalogue } from '../run/catalogue.ts';
import { askKeys } from '../run/keys/ask-keys.ts';
import { journalFolder } from '../run/keys/journal.ts';

export interface KeyAskingOptions {
  readonly configuration: RunConfiguration;
  readonly catalogue: Catalogue;
  /** Ids of the rules that are asked about. */
  readonly rules: ReadonlySet<string>;
  readonly pathValues: PathValues | undefined;
  readonly announce: (text: string) => void;
  readonly rateLimiter: RateLimiter;
  readonly signal: AbortSignal;
  /** Is given what says how many requests have been put on the wire so far. */
  readonly counted: (requests: () => number) => void;
}

/** Has keys made, changed and ended, judges what became of them, and puts it into the words of the report. */
export async function askAboutKeys({
  configuration,
  catalogue,
  rules,
  pathValues,
  announce,
  rateLimiter,
  signal,
  counted,
}: KeyAskingOptions): Promise<ReportedKeys> {
  const { contract, target, knownFailures, reportsFolder } = configuration;
  const wanted = catalogue.keyRules.filter(({ id }) => rules.has(id));
  const { observations, timeline, leftovers } = await askKeys(
    contract,
    { ...target, ...(pathValues && { pathValues }) },
    {
      ...{ announce, rateLimiter, signal, counted, timeout: target.run.timeout },
      journalFolder: journalFolder(reportsFolder),
      rules: new Set<KeyRuleId>(wanted.map(({ id }) => id)),
    },
  );
  const cells = judgeKeys(wanted, observations, contract);
  const excused = (cell: (typeof cells)[number]) => excuse(cell, target.environment, knownFailures, today());
  return reportKeys({ cells, timeline, leftovers }, excused, newerRules(catalogue, target.run.edition));
}
