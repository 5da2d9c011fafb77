import type { Conformance, ReportedCell, ReportedRule } from './conformance.ts';
import { evidenceText, findingText, isFatal } from './evidence.ts';
import { inLine } from '../visible-text.ts';
import { isFailing } from './outcomes.ts';
import { headline, mockInWords, NEWER } from './wording.ts';
import { type Element, xml } from './xml.ts';

const LONGEST_MESSAGE = 1000;

/**
 * `junit.xml`: a suite for each operation and a test for each cell. A test fails for what the run fails for, and its message
 * is what was found; what could not be judged, does not apply or is a known failure is skipped, with the reason. JUnit knows
 * no warning, so a deviation that the run does not fail for passes, and says in its output what was found.
 */
export function junit(report: Conformance): string {
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const suites = report.operations.flatMap(({ id, line }) => {
    const cells = report.cells.filter(({ operation }) => operation === id);
    const place = { file: report.contract.file, line: String(line) };
    const tests = cells.map((cell) => testCase(cell, rules.get(cell.rule), report, place));
    return cells.length === 0 ? [] : [suite(id, tests, report)];
  });
  const all = suites.flatMap(({ children }) => children ?? []);
  return xml({
    name: 'testsuites',
    attributes: {
      name: inLine(
        `${headline(report)}${report.target.mock === true ? `. ${mockInWords(report)}` : ''}`,
        LONGEST_MESSAGE,
      ),
      ...countsOf(all),
      time: seconds(report.durationMs),
    },
    children: suites,
  });
}

function suite(name: string, tests: readonly Element[], { startedAt, target }: Conformance): Element {
  return {
    name: 'testsuite',
    attributes: { name, ...countsOf(tests), timestamp: startedAt, hostname: hostOf(target.baseUrl), time: '0' },
    children: tests,
  };
}

function countsOf(tests: readonly Element[]): Record<'tests' | 'failures' | 'errors' | 'skipped', string> {
  const having = (name: string): string =>
    String(tests.filter(({ children = [] }) => children.some((child) => child.name === name)).length);
  return {
    tests: String(tests.length),
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
  };
}

function testCase(
  cell: ReportedCell,
  rule: ReportedRule | undefined,
  report: Conformance,
  place: Readonly<Record<'file' | 'line', string>>,
): Element {
  const { rule: id, operation, outcome, level } = cell;
  return {
    name: 'testcase',
    attributes: { name: rule ? `${id}: ${rule.title}` : id, classname: operation, ...place, time: '0' },
    children: [
      properties([
        { name: 'outcome', value: outcome },
        { name: 'level', value: level },
        ...(cell.known ? [{ name: 'known failure', value: excuse(cell.known) }] : []),
      ]),
      ...ending(cell, rule, report),
    ],
  };
}

function ending(cell: ReportedCell, rule: ReportedRule | undefined, report: Conformance): Element[] {
  const { outcome, known, newer } = cell;
  const found = inLine(findingText(cell), LONGEST_MESSAGE);
  const text = evidenceText(cell, rule?.source);
  if (known) return [skipped(`known failure: ${excuse(known)}: ${found}`)];
  if (newer && (isFailing(outcome) || outcome === 'error')) return [skipped(`${NEWER}: ${outcome}: ${found}`)];
  if (isFatal(cell, report)) return [{ name: 'failure', attributes: { message: found, type: outcome }, text }];
  if (outcome === 'error') return [{ name: 'error', attributes: { message: found, type: outcome }, text }];
  if (outcome === 'deviates') return [{ name: 'system-out', text: `deviates: ${found}\n\n${text}` }];
  return outcome === 'conforms' ? [] : [skipped(`${outcome}: ${found}`)];
}

function skipped(message: string): Element {
  return { name: 'skipped', attributes: { message: inLine(message, LONGEST_MESSAGE) } };
}

function properties(all: readonly { readonly name: string; readonly value: string }[]): Element {
  return {
    name: 'properties',
    children: all.map(({ name, value }) => ({ name: 'property', attributes: { name, value } })),
  };
}

function excuse({ reason, owner, link, expires }: NonNullable<ReportedCell['known']>): string {
  return `${reason} (${owner}, ${link}, until ${expires})`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
