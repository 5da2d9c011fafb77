import type { Conformance, Counts, Verdict } from './conformance.ts';
import { many, verdictInWords } from './wording.ts';

/** What shields.io draws a badge from: https://shields.io/badges/endpoint-badge */
export interface Badge {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

const COLOURS: Readonly<Record<Verdict, string>> = {
  conforms: 'brightgreen',
  violates: 'red',
  'not proven': 'lightgrey',
  error: 'orange',
};

export function badge(report: Conformance): Badge {
  const { verdict, counts, partial, target } = report;
  const failing = counts.violates > 0 ? many(counts.violates, 'cell') : many(counts.deviates, 'deviation');
  const message = {
    conforms: verdictInWords(report),
    violates: `violates in ${failing}`,
    'not proven': 'not proven',
    error: 'could not judge',
  }[verdict];
  return {
    schemaVersion: 1,
    label: 'authentication',
    message: `${target.mock === true ? 'the mock ' : ''}${message}${partial ? ' (partial)' : ''}`,
    color: colourOf(verdict, counts, target.mock === true),
  };
}

/** A badge of the mock is not green: green is what people take for a word about their API. */
function colourOf(verdict: Verdict, { notProven, known, violates }: Counts, isMock: boolean): string {
  if (verdict !== 'conforms') return COLOURS[verdict];
  if (isMock) return 'blue';
  return notProven + known + violates > 0 ? 'green' : COLOURS.conforms;
}
