import { commandText } from '../config/command-text.ts';
import type { RunPlan } from '../model/run-plan.ts';
import type { Target } from '../model/target.ts';
import { BUDGET_FIGURES } from './budget-figures.ts';
import { editionInWords, grouped, many } from './wording.ts';

/** The plan in a line: how much, how long, and what cannot be proven. */
export function planLine(
  { requests, onDemand, overHttp2, notSent, leftOut, keys, newerRules = 0 }: RunPlan,
  { run }: Target,
): string {
  const gaps = notSent.reduce((sum, { probes }) => sum + probes, 0);
  return [
    `plan: ${many(requests, 'request')}${duration(requests, run.requestsPerMinute)}`,
    ...(requests === 0
      ? [`no operation can be judged: ${commandText('plan')} says how the security of each was read`]
      : []),
    ...(overHttp2 > 0 ? [`${grouped(overHttp2)} more if the target offers HTTP/2`] : []),
    ...(onDemand > 0 ? [`at most ${grouped(onDemand)} more to find the cause if something opens`] : []),
    ...(keys
      ? [`at most ${grouped(keys.requests)} more to make, change and revoke keys, watched for about ${keys.seconds} s`]
      : []),
    ...(gaps > 0 ? [`${grouped(gaps)} need a key that is not set`] : []),
    ...(leftOut > 0 ? [`the budget of ${run.budget} leaves out ${grouped(leftOut)} (seed ${run.seed})`] : []),
    ...(run.edition ? [editionInWords({ pinned: run.edition, newerRules })] : []),
  ].join('; ');
}

export function planText(plan: RunPlan, target: Target): string {
  return [
    planLine(plan, target),
    '',
    'by method',
    ...table(plan.byMethod),
    'by credential',
    ...table(plan.byCredential),
    'what a budget finds (measured with known defects on ten operations)',
    ...budgetLines(target.run),
    ...(plan.notSent.length > 0
      ? [
          'not proven, because a key is not set',
          ...plan.notSent.map(({ reason, probes }) => `  ${String(probes).padStart(6)}  ${reason}`),
        ]
      : []),
  ].join('\n');
}

/** Requests a minute of many free plans, for who does not say what the target allows. */
const USUAL_RATE = 100;

/** One for each of a few budgets, and for the one of the run. */
const SHOWN_BUDGETS = [100, 200, 400, 800];

function budgetLines({ budget, requestsPerMinute = USUAL_RATE }: Target['run']): string[] {
  // What was measured with fewer requests is sure with more.
  const own = BUDGET_FIGURES.filter(({ requests }) => budget !== undefined && requests <= budget).at(-1);
  return BUDGET_FIGURES.filter((figure) => SHOWN_BUDGETS.includes(figure.requests) || figure === own).map(
    ({ requests, everywhere, onOne }) =>
      `  ${String(requests).padStart(6)}  requests, ${Math.ceil(requests / requestsPerMinute)} min at ${requestsPerMinute} a minute: finds ${everywhere} % of the defects that are on every operation, ${onOne} % of the defects that are on one operation`,
  );
}

/** So many names of a group are shown where not all are asked for. */
const SHOWN = 3;

/**
 * What the cases try in one request that try many names at once.
 *
 * @param groups names by the id of the case
 */
export function groupsText(groups: ReadonlyMap<string, readonly string[]>, isWhole: boolean): string {
  if (groups.size === 0) return '';
  const lines = [...groups].map(([id, names]) => {
    const shown = isWhole ? names : names.slice(0, SHOWN);
    const more = names.length > shown.length ? [`and ${names.length - shown.length} more`] : [];
    return `  ${String(names.length).padStart(6)}  ${id}: ${[...shown, ...more].join('; ')}\n`;
  });
  const hint = isWhole ? '' : ` (${commandText('plan', '--names')} shows all)`;
  return `names that one request tries together (and then each alone, if that request is accepted)${hint}\n${lines.join('')}`;
}

function duration(requests: number, perMinute: number | undefined): string {
  if (perMinute === undefined) return '';
  const seconds = Math.ceil((requests / perMinute) * 60);
  return `, about ${Math.floor(seconds / 60)} min ${seconds % 60} s at ${perMinute} requests a minute`;
}

function table(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`);
}
