import { commandText } from '../config/command-text.ts';
import { bugsWithoutCause, causesOfReport } from './causes.ts';
import type { Conformance } from './conformance.ts';
import { cellsByVariable, gapsOf } from './gaps.ts';
import { readable } from '../visible-text.ts';
import { many } from './wording.ts';

const MOST = 3;

/**
 * What a reader does next, the most telling first: at most three sentences. A line to copy stays whole, or stays away.
 *
 * @param file path of the report itself, where the run makes no page of it
 */
export function nextSteps(report: Conformance, file?: string): string[] {
  const { counts, verdict, target } = report;
  const [cause] = causesOfReport(report);
  const bugs = bugsWithoutCause(report);
  const bug = bugs.find(({ cells: [{ known }] }) => known === undefined);
  const shown = bug?.cells[0].cases.find(({ outcome, evidence }) => outcome === bug.outcome && evidence !== undefined);
  const repeat = shown?.evidence?.curl;
  const variables = [...cellsByVariable(gapsOf(report))].map(
    ([variable, cells]) => `set ${variable} to prove ${many(cells, 'cell')}`,
  );
  const [firstVariable, ...others] = variables;
  return [
    ...(cause ? [`${cause.remedy.charAt(0).toLowerCase()}${cause.remedy.slice(1).replace(/\.$/, '')}`] : []),
    ...(bug && repeat !== undefined && isOneLine(repeat)
      ? [`see ${bug.rule} on ${bug.cells[0].operation} yourself: ${repeat}`]
      : []),
    ...(firstVariable === undefined ? [] : [firstVariable]),
    ...(counts.error > 0 ? [`run again: ${many(counts.error, 'cell')} could not be judged because of an error`] : []),
    ...others,
    file === undefined
      ? `${commandText('report')} opens the page with the evidence of every cell`
      : `${commandText('report', file)} makes the page with the evidence of every cell`,
    ...(verdict === 'conforms' && target.mock !== true
      ? [`${commandText('gate')} before a release: it fails for whatever is not proven`]
      : []),
  ].slice(0, MOST);
}

function isOneLine(text: string): boolean {
  return readable(text) === text && !text.includes('\n');
}
