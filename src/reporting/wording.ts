import { variableNames } from '../config/variables.ts';
import { type Conformance, type Counts, canFail, type OpenRefusals } from './conformance.ts';
import { isFailing, OUTCOMES } from './outcomes.ts';

/** `1 cell`, `1,000 cells`. */
export function many(count: number, one: string, several = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : several}`;
}

export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The verdict as a person says it: what was found, on how much, and what it does not say. */
export function headline(report: Conformance): string {
  const { verdict, counts, reason } = report;
  if (verdict === 'error') return `The run could not judge ${subjectOf(report)}: ${reason ?? errorsIn(report)}`;
  if (verdict === 'not proven') {
    const gaps = `${many(counts.notProven, 'cell is', 'cells are')} not proven, and the settings make the run fail for that`;
    return `It is not proven that ${subjectOf(report)} keeps its promises: ${reason ?? (counts.conforms > 0 ? gaps : 'nothing was proven')}`;
  }
  if (verdict === 'violates') return broken(report);
  const open = counts.notProven > 0 ? `, and ${many(counts.notProven, 'cell is', 'cells are')} not proven` : '';
  const newer = failuresOfNewerRules(report);
  const known =
    (counts.known > 0 ? `; ${many(counts.known, 'failure is', 'failures are')} known and excused` : '') +
    (newer > 0 ? `; ${many(newer, 'failure')} of newer rules cannot fail this run` : '');
  if (newer > 0 && counts.known === 0)
    return `${subjectOf(report)} fails only rules that are newer than the pinned edition${known}${open}`;
  if (counts.violates > 0) return `${subjectOf(report)} has only known failures${known}${open}`;
  return counts.deviates > 0
    ? `${subjectOf(report)} keeps every MUST that was judged, and deviates from a SHOULD in ${many(counts.deviates, 'cell')}${known}${open}`
    : `${subjectOf(report)} keeps every promise that was judged${open}`;
}

function failuresOfNewerRules({ cells }: Conformance): number {
  return cells.filter(({ outcome, newer }) => newer === true && (isFailing(outcome) || outcome === 'error')).length;
}

/** The verdict with how much it is about, so that a small part of a run does not read as the whole: `conforms (138 of 506 cells judged)`. */
export function verdictInWords({ verdict, counts }: Pick<Conformance, 'verdict' | 'counts'>): string {
  const judged = counts.conforms + counts.violates + counts.deviates;
  const all = judged + counts.notProven + counts.error;
  return verdict === 'conforms' && judged < all
    ? `conforms (${grouped(judged)} of ${many(all, 'cell')} judged)`
    : verdict;
}

function broken(report: Conformance): string {
  const { cells, rules, operations, counts } = report;
  const failing = cells.filter((cell) => isFailing(cell.outcome) && canFail(cell));
  const worst = failing.some(({ outcome }) => outcome === 'violates') ? 'violates' : 'deviates';
  const its = failing.filter(({ outcome }) => outcome === worst);
  const broke = new Set(its.map(({ rule }) => rule)).size;
  const on = new Set(its.map(({ operation }) => operation)).size;
  const verb = worst === 'violates' ? 'breaks' : 'deviates from';
  const wanted = worst === 'violates' ? '' : ', and the settings make the run fail for that';
  const known =
    counts.known > 0 ? `; ${many(counts.known, 'more failure is', 'more failures are')} known and excused` : '';
  return `${subjectOf(report)} ${verb} ${grouped(broke)} of ${many(rules.length, 'rule')} on ${grouped(on)} of ${many(operations.length, 'operation')}${wanted}${known}`;
}

/** Who keeps or breaks promises. */
function subjectOf({ contract, target }: Conformance): string {
  return target.mock === true ? `${contract.title}’s embedded mock` : contract.title;
}

function errorsIn({ counts }: Conformance): string {
  return `${many(counts.error, 'cell ends', 'cells end')} in an error`;
}

/** Said wherever a report of the embedded mock is shown, since its verdict is one about no API. */
export function mockInWords({ contract }: Pick<Conformance, 'contract'>): string {
  // Their names follow from the folder of the contract, so that whoever guesses them may have set others.
  const { baseUrl, apiKey } = variableNames(contract.id);
  return `No target is set, so the embedded mock was judged. This says nothing about your API: set ${baseUrl} and ${apiKey} in .env.`;
}

/** What a reader must know beside the verdict, in sentences. */
export function notices(report: Conformance): string[] {
  const { partial, shard, merged, counts, cells, rules, operations, reason, verdict } = report;
  const all = rules.length * operations.length;
  return [
    ...(report.target.mock === true ? [mockInWords(report)] : []),
    ...(shard ? [`Sharded: this is shard ${shard.current} of ${shard.total}. The others judged the rest.`] : []),
    ...(merged === true ? ['Sharded: put together from the reports of several shards.'] : []),
    ...(partial
      ? [
          `Partial: ${grouped(cells.length)} of ${many(all, 'cell')} were judged. This report says nothing about the others.`,
        ]
      : []),
    ...(counts.known > 0
      ? [
          `Known failures: ${many(counts.known, 'failing cell is', 'failing cells are')} excused by an entry of known-failures.yaml. The verdict leaves them out.`,
        ]
      : []),
    ...(reason !== undefined && verdict === 'violates' ? [reason] : []),
    ...remarks(report),
  ];
}

/** Of a cell whose rule is newer than the edition that the run pins. */
export const NEWER = 'newer than the pinned edition, so it cannot fail this run';

/** What a run saw beside its cells, in sentences for every report. */
export function remarks({ openRefusals, unprovenHarmless = 0, requests, edition }: Conformance): string[] {
  return [
    ...(edition ? [editionInWords(edition)] : []),
    ...(openRefusals ? [refusalsInWords(openRefusals)] : []),
    ...(unprovenHarmless > 0
      ? [
          `For ${grouped(unprovenHarmless)} of ${many(requests, 'request')} no response has shown that they change nothing: the contract says so, or writing is allowed.`,
        ]
      : []),
  ];
}

/** `edition 2026.11: 2 newer rules cannot fail this run` */
export function editionInWords({ pinned, newerRules }: NonNullable<Conformance['edition']>): string {
  const newer = newerRules === 0 ? 'no rule is newer' : `${many(newerRules, 'newer rule')} cannot fail this run`;
  return `edition ${pinned}: ${newer}`;
}

const REFUSED: Readonly<Record<string, string>> = {
  'no-key': 'a request without a key',
  'never-issued-key': 'a key that was never issued',
};

function refusalsInWords({ documented, observed }: OpenRefusals): string {
  const what = documented ? 'leaves open whether a refusal is 401 or 403' : 'documents no refusal';
  const seen = observed.map(
    ({ case: id, status, operations }) => `${status} to ${REFUSED[id] ?? id} (${many(operations, 'operation')})`,
  );
  return `The contract ${what}; the API answers ${seen.join(', ')}.`;
}

/** `2 min 5 s`, `9.1 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** `2026-11-23 13:50 UTC`: the same wherever it is read. */
export function moment(time: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(time) ? `${time.slice(0, 10)} ${time.slice(11, 16)} UTC` : time;
}

/** `39 cells follow (35 violates, 4 deviates)` */
export function following(counts: Counts): string {
  const present = OUTCOMES.filter(({ count }) => counts[count] > 0);
  const all = present.reduce((sum, { count }) => sum + counts[count], 0);
  const parts = present.map(({ outcome, count }) => `${grouped(counts[count])} ${outcome}`);
  return `${many(all, 'cell follows', 'cells follow')} (${parts.join(', ')})`;
}
