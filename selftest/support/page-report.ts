import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fingerprintsOf } from '../../src/judging/fingerprints.ts';
import { signsOf } from '../../src/judging/causes.ts';
import { cellId } from '../../src/model/cell-id.ts';
import { withPast } from '../../src/reporting/changes.ts';
import { composeReport } from '../../src/reporting/compose.ts';
import { type Conformance, type ReportedCell, reportCell } from '../../src/reporting/conformance.ts';
import { remember } from '../../src/reporting/history.ts';
import type { ReportedOperation } from '../../src/reporting/playwright-notes.ts';
import manifest from '../../package.json' with { type: 'json' };
import { catalogue, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { huechat, type JudgedMock, type JudgeOptions, judgeMock } from './harness.ts';

const FILE = 'reports/selftest-page-report.json';

const FIRST = 'GET /contacts';
const SECOND = 'POST /contact';

/** What each part of the report is judged on: a mock of its own with a defect, or a setting that is missing. */
const PARTS = {
  sound: {},
  revoked: { defect: { id: 'revoked-key-accepted' } },
  toldApart: { defect: { id: 'revoked-key-told-apart' } },
  challenge: { defect: { id: 'challenge-missing' } },
  missing: { defect: { id: 'missing-key-accepted' }, operations: (id) => id === FIRST },
  unscoped: { variables: { HUECHAT_SCOPED_KEYS: '' } },
  certificate: { defect: { id: 'untrusted-certificate' }, operations: (id) => id === SECOND },
} as const satisfies Readonly<Record<string, JudgeOptions>>;

type Part = keyof typeof PARTS;

/** Which part a cell is from: everything that a run can find, each on a rule of its own. */
function today(rule: string, operation: string): Part {
  if (rule === 'revoked-key') return 'revoked';
  if (rule === 'missing-key' && operation === FIRST) return 'missing';
  if (rule === 'challenge') return 'challenge';
  if (rule === 'insufficient-scope') return 'unscoped';
  return rule === 'claimed-host' && operation === SECOND ? 'certificate' : 'sound';
}

const yesterday = (rule: string): Part => (rule === 'one-answer-to-bad-keys' ? 'toldApart' : 'sound');

/**
 * Judges the mock in process and writes the report: cells of several runs, each as the engine judged it, composed as the
 * reporter composes them, after two earlier runs. It takes seconds, so it is made once for all tests of the page.
 */
export async function makePageReport(): Promise<void> {
  const contract = await huechat();
  const four = contract.operations.slice(0, 4).map(({ id }) => id);
  const judged = new Map<Part, JudgedMock>();
  for (const [part, options] of Object.entries(PARTS) as [Part, JudgeOptions][])
    judged.set(part, await judgeMock({ operations: (id) => four.includes(id), ...options }));
  const cells = new Map(
    [...judged].map(([part, run]) => [part, new Map(run.cells.map((cell) => [cellId(cell), reportCell(cell)]))]),
  );
  const asked = new Map(judged.get('sound')?.asked.map((one) => [one.operation.id, one]));
  const report = (startedAt: string, partOf: typeof today): Conformance => {
    const operations = four.map((operation): ReportedOperation => {
      const sound = asked.get(operation);
      if (!sound) throw new Error(`${operation} was not judged`);
      const own = rules.map(({ id: rule }) => cells.get(partOf(rule, operation))?.get(cellId({ rule, operation })));
      return {
        ...{
          operation,
          requests: 100,
          fingerprints: fingerprintsOf(crossOperationRules, sound),
          signs: signsOf(sound),
          unprovenHarmless: 2,
        },
        cells: own.filter((cell): cell is ReportedCell => cell !== undefined),
      };
    });
    return composeReport({
      contract: { ...contract, operations: contract.operations.slice(0, 4) },
      catalogue,
      operations: new Map(operations.map((one) => [one.operation, one])),
      ended: new Set(operations.flatMap((one) => one.cells.map(cellId))),
      target: { baseUrl: 'https://sandbox.example.com/v2', environment: 'sandbox', requests: 5 },
      ...{ version: manifest.version, startedAt: new Date(startedAt), durationMs: 12_300 },
      ...{ strict: new Set(), known: [], today: startedAt.slice(0, 10), interrupted: false },
      planned: four.length * rules.length,
      shard: { current: 1, total: 2 },
    });
  };
  const past = [report('2026-03-01T06:00:00.000Z', () => 'sound'), report('2026-03-01T18:00:00.000Z', yesterday)];
  const full = withPast(report('2026-03-02T06:00:00.000Z', today), past.map(remember));
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, JSON.stringify({ ...full, partial: true }));
}

/** @throws where the setup of the pages' tests did not make it */
export function pageReport(): Conformance {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Conformance;
}
