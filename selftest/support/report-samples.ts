import type { Contract, Operation } from '../../src/model/contract.ts';
import { cellId } from '../../src/model/cell-id.ts';
import type { OperationSigns } from '../../src/judging/causes.ts';
import { type Fingerprints, fingerprintName } from '../../src/judging/operation-comparison.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { composeReport } from '../../src/reporting/compose.ts';
import { isFailing } from '../../src/reporting/outcomes.ts';
import type { ReportedOperation } from '../../src/reporting/playwright-notes.ts';
import {
  type Conformance,
  type ReportedRequest,
  type Evidence,
  type ReportedCase,
  type ReportedCell,
} from '../../src/reporting/conformance.ts';
import { casesGiven } from '../../src/judging/rule.ts';
import type { Outcome } from '../../src/model/cell.ts';
import { catalogue, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { huechat } from './contracts.ts';

const ANSWER = '{"data":[{"id":"ct_1","name":"Ada"}],"pagination":{"limit":1,"offset":0,"total":1,"has_more":false}}';

const COMPLAINT = `status 200; the value must have required property 'error', in 200 application/json, ${ANSWER}`;

/** Made-up cells show no cause. */
const NO_SIGNS: OperationSigns = { key: 'none', keyless: 'none', accepting: [], refused: {}, signs: [] };

export interface SampleOptions {
  /** How many operations; those of the contract first, then copies of them below other paths. */
  readonly operations?: number;
  readonly outcomeOf?: (operation: number, rule: string) => Outcome | undefined;
  readonly evidence?: Partial<NonNullable<Evidence['answer']>>;
  readonly actual?: string;
  /** Of two requests the first. */
  readonly before?: ReportedRequest;
  readonly startedAt?: string;
  /** As of a run without a target. */
  readonly mock?: true;
}

/**
 * A report of any size with any outcomes, for what no mock can show: a thousand operations, everything broken. The cells
 * are made up; the reporter's own composer makes the report of them. Reports of judged cells are in page-report.ts.
 */
export async function sample({
  operations: many = 4,
  outcomeOf = () => 'conforms',
  evidence = {},
  actual,
  before,
  startedAt = '2026-03-02T06:00:00.000Z',
  mock,
}: SampleOptions = {}): Promise<Conformance> {
  const whole = await huechat();
  const contract = { ...whole, operations: Array.from({ length: many }, (_, index) => operation(whole, index)) };
  const judgedOperations = contract.operations.map(({ id }, index): ReportedOperation => {
    const cells = rules.flatMap((rule): ReportedCell[] => {
      const outcome = outcomeOf(index, rule.id);
      return outcome === undefined ? [] : [cellOf(rule, outcome, id, { answer: evidence, before, actual })];
    });
    return {
      operation: id,
      requests: cells.length * 3,
      cells,
      fingerprints: printsOf(index, outcomeOf),
      signs: NO_SIGNS,
      unprovenHarmless: 0,
    };
  });
  return composeReport({
    ...{ contract, catalogue },
    operations: new Map(judgedOperations.map((one) => [one.operation, one])),
    ended: new Set(judgedOperations.flatMap(({ cells }) => cells.map(cellId))),
    target: { baseUrl: 'https://sandbox.example.com/v2', environment: 'sandbox', requests: 5, ...(mock && { mock }) },
    ...{ version: '0.1.0', startedAt: new Date(startedAt), durationMs: 12_300 },
    ...{ strict: new Set(), known: [], today: startedAt.slice(0, 10), interrupted: false },
    planned: judgedOperations.reduce((sum, { cells }) => sum + cells.length, 0),
  });
}

function cellOf(of: Rule, outcome: Outcome, operationId: string, answered: Answered): ReportedCell {
  const { id: rule, level } = of;
  const given = casesGiven(of).map(({ id }) => id);
  const named = given.length > 0 ? given.slice(0, 6) : ['no-key', 'never-issued-key'];
  const probes = named.flatMap((each) => [each, `${each}@bearer`]);
  const its = probes.map((each, place) => judged(each, place === 0 ? outcome : milder(outcome), operationId, answered));
  const reason = its[0]?.reason;
  return {
    ...{ rule, level, operation: operationId, outcome },
    ...(reason !== undefined && { reason }),
    cases: outcome === 'not applicable' ? [] : its,
  };
}

/** What the rules compare that hold operations against each other: an operation that is to fail differs from all others. */
function printsOf(index: number, outcomeOf: NonNullable<SampleOptions['outcomeOf']>): Fingerprints {
  return Object.fromEntries(
    crossOperationRules.flatMap((rule) => {
      const isUsual = !isFailing(outcomeOf(index, rule.id));
      return casesGiven(rule).map(({ id }) => [
        fingerprintName(rule, id),
        isUsual ? 'as usual' : `of its own, ${index}`,
      ]);
    }),
  );
}

/** Everything that a run can find, each on its own rule. */
export function everyOutcome(operation: number, rule: string): Outcome {
  if (rule === 'revoked-key') return 'violates';
  if (rule === 'missing-key' && operation === 0) return 'violates';
  if (rule === 'challenge') return 'deviates';
  if (rule === 'insufficient-scope') return 'not proven';
  if (rule === 'plain-http' && operation === 1) return 'error';
  return rule === 'address-lock' ? 'not applicable' : 'conforms';
}

/** A bad night on a large API: one bug everywhere, some here and there, a variable that is missing. */
export function badNight(operation: number, rule: string): Outcome {
  if (rule === 'revoked-key') return 'violates';
  if (rule === 'invalid-key' && operation % 20 === 0) return 'violates';
  if (rule === 'strange-path' && operation % 33 === 1) return 'violates';
  if (rule === 'error-envelope' && operation % 50 === 2) return 'violates';
  if (rule === 'challenge' && operation % 5 === 0) return 'deviates';
  if (/scope/.test(rule)) return 'not proven';
  return rule === 'address-lock' ? 'not applicable' : 'conforms';
}

function operation({ operations }: Contract, index: number): Operation {
  const original = operations[index % operations.length];
  if (!original) throw new Error('the contract has no operation');
  const { id, line } = original;
  const round = Math.floor(index / operations.length);
  return { ...original, id: round === 0 ? id : id.replace(' /', ` /area-${round}/`), line: line + round };
}

function milder(outcome: Outcome): Outcome {
  return outcome === 'not proven' || outcome === 'not applicable' ? outcome : 'conforms';
}

interface Answered {
  readonly answer: Partial<NonNullable<Evidence['answer']>>;
  readonly before: ReportedRequest | undefined;
  readonly actual: string | undefined;
}

function judged(
  probe: string,
  outcome: Outcome,
  operationId: string,
  { answer, before, actual = COMPLAINT }: Answered,
): ReportedCase {
  if (outcome === 'conforms' || outcome === 'not applicable') return { case: probe, outcome, status: 401 };
  if (outcome === 'not proven') {
    const variable = 'HUECHAT_SCOPED_KEYS';
    return { case: probe, outcome, reason: `a key without the scope is not configured: set ${variable}`, variable };
  }
  if (outcome === 'error') return { case: probe, outcome, reason: 'reset: the connection was reset after 1532 ms' };
  const [method = 'GET', path = '/'] = operationId.split(' ');
  const url = `https://sandbox.example.com/v2${path}`;
  return {
    ...{ case: probe, outcome, status: 200, expected: 'status 401; the invalid-key body', actual },
    expectations: ['status', 'body'],
    evidence: {
      request: {
        ...{ method, url, headers: ['Accept: application/json', 'X-API-Key: «HUECHAT_REVOKED_KEY»'] },
        ...(before && { before }),
      },
      answer: {
        status: 200,
        headers: ['Content-Type: application/json', `X-Request-Id: req_${operationId.length}_${probe}`],
        body: ANSWER,
        truncated: false,
        ...answer,
      },
      controlStatus: 200,
      curl: `curl --path-as-is -i -X ${method} -H "X-API-Key: $HUECHAT_REVOKED_KEY" '${url}'`,
    },
  };
}
