import type { Conformance, Verdict } from './conformance.ts';
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
  const { verdict, counts, partial } = report;
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
    message: partial ? `${message} (partial)` : message,
    color: verdict === 'conforms' && counts.notProven + counts.known > 0 ? 'green' : COLOURS[verdict],
  };
}
