import { canFail, type Conformance, type ReportedCell } from './conformance.ts';
import { isFailing } from './outcomes.ts';
import { inLine } from '../visible-text.ts';
import { many } from './wording.ts';

/** GitHub shows ten of a kind of each step. */
const MOST = 10;
const MOST_RULES = 8;
const LONGEST = 300;

/**
 * What is wrong with the contract's operations as commands of a workflow on GitHub, which shows each at its line of the
 * document: `::error file=specs/example/openapi.yaml,line=12::…`. An operation is one of them, with its rules; what is known
 * is left out.
 */
export function annotations({ contract, operations, cells, strict = [] }: Conformance): string {
  const isError = (cell: ReportedCell): boolean =>
    canFail(cell) && (cell.outcome === 'violates' || strict.includes('should'));
  const failing = cells.filter(({ outcome, known }) => isFailing(outcome) && known === undefined);
  const found = operations.map(({ id, line, column }) => ({
    id,
    // On the page of a file that is one line, only the column tells operations apart.
    place: { file: contract.file, line, ...(column !== undefined && { col: column }) },
    own: failing.filter(({ operation }) => operation === id),
  }));
  const at = (level: 'error' | 'warning', those: (cell: ReportedCell) => boolean): string[] => {
    const all = found
      .map(({ id, place, own }) => ({ id, place, own: own.filter(those) }))
      .filter(({ own }) => own.length > 0);
    const shown = all.length > MOST ? all.slice(0, MOST - 1) : all;
    const left = all.slice(shown.length);
    return [
      ...shown.map(({ id, place, own }) =>
        command(level, { ...place, title: titleOf(id, own) }, own.slice(0, MOST_RULES).map(sentenceOf)),
      ),
      ...(left.length > 0
        ? [
            command(level, left[0]?.place ?? { file: contract.file, line: 1 }, [
              `${many(left.length, 'more operation')}: the summary of the job has all of them.`,
            ]),
          ]
        : []),
    ];
  };
  return [...at('error', isError), ...at('warning', (cell) => !isError(cell))].map((line) => `${line}\n`).join('');
}

/** That a run judged nothing, as a command of a workflow on GitHub. */
export function annotationOfNothing(notice: string): string {
  return `${command('error', { title: 'Nothing was judged' }, [inLine(notice.replace(/^## .*\n/, ''), LONGEST)])}\n`;
}

/** That a run made no report for code scanning, as a command of a workflow on GitHub. */
export function annotationOfNoSarif(setting: string): string {
  const sentence = `The run made no conformance.sarif, so code scanning gets nothing: add sarif to ${setting}, or remove ${setting}.`;
  return `${command('warning', { title: 'No findings for code scanning' }, [sentence])}\n`;
}

function titleOf(operation: string, own: readonly ReportedCell[]): string {
  return inLine(`${operation}: ${many(own.length, 'rule is', 'rules are')} not kept`, LONGEST);
}

function sentenceOf({ rule, outcome, cases, reason }: ReportedCell): string {
  const shown = cases.find((each) => each.outcome === outcome);
  const what =
    shown?.expected === undefined
      ? (shown?.reason ?? reason ?? 'no reason given')
      : `${shown.case}: expected ${shown.expected}, received ${shown.actual}`;
  return inLine(`${rule}: ${what}`, LONGEST);
}

/** Written so that no text in it, of a server or of a document, ends the line or the property that it stands in. */
function command(
  level: 'error' | 'warning',
  properties: Readonly<Record<string, string | number>>,
  lines: readonly string[],
): string {
  const named = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${level} ${named.join(',')}::${escaped(lines.join('\n'))}`;
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
