import type { Contract } from '../../src/model/contract.ts';
import {
  type Conformance,
  count,
  type ReportedRequest,
  type Evidence,
  type ReportedCase,
  type ReportedCell,
  reportPromises,
  reportRule,
} from '../../src/reporting/conformance.ts';
import { casesGiven } from '../../src/judging/rule.ts';
import type { Outcome } from '../../src/model/cell.ts';
import { catalogue, cases, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { huechat } from './contracts.ts';

const ANSWER = '{"data":[{"id":"ct_1","name":"Ada"}],"pagination":{"limit":1,"offset":0,"total":1,"has_more":false}}';

const COMPLAINT = `status 200; the value must have required property 'error', in 200 application/json, ${ANSWER}`;

export interface SampleOptions {
  /** How many operations; those of the contract first, then copies of them below other paths. */
  readonly operations?: number;
  readonly outcomeOf?: (operation: number, rule: string) => Outcome | undefined;
  readonly evidence?: Partial<NonNullable<Evidence['answer']>>;
  readonly actual?: string;
  /** Of two requests the first. */
  readonly before?: ReportedRequest;
  readonly startedAt?: string;
}

/** A report like a run's: the real catalogue on any number of operations, with any outcomes. No request is sent. */
export async function sample({
  operations: many = 4,
  outcomeOf = () => 'conforms',
  evidence = {},
  actual,
  before,
  startedAt = '2026-03-02T06:00:00.000Z',
}: SampleOptions = {}): Promise<Conformance> {
  const contract = await huechat();
  const all = [...rules, ...crossOperationRules];
  const operations = Array.from({ length: many }, (_, index) => operation(contract, index));
  const cells = operations.flatMap(({ id }, index) =>
    all.flatMap((rule): ReportedCell[] => {
      const outcome = outcomeOf(index, rule.id);
      if (outcome === undefined) return [];
      const named = casesGiven(rule).map((one) => one.id);
      const given = named.length > 0 ? named.slice(0, 6) : ['no-key', 'never-issued-key'];
      const probes = given.flatMap((each) => [each, `${each}@bearer`]);
      const its = probes.map((each, place) =>
        judged(each, place === 0 ? outcome : milder(outcome), id, { answer: evidence, before, actual }),
      );
      const reason = its[0]?.reason;
      const cell = { rule: rule.id, level: rule.level, operation: id, outcome, cases: its };
      return [{ ...cell, ...(reason !== undefined && { reason }), ...(outcome === 'not applicable' && { cases: [] }) }];
    }),
  );
  const { id, title, version, file, sha256 } = contract;
  const counts = count(cells);
  return {
    suite: { version: '0.1.0' },
    contract: { id, title, version, file, sha256 },
    target: { baseUrl: 'https://sandbox.example.com/v2', environment: 'sandbox' },
    startedAt,
    durationMs: 12_300,
    requests: cells.length * 3,
    verdict: counts.violates > 0 ? 'violates' : 'conforms',
    partial: cells.length < operations.length * all.length,
    counts,
    rules: all.map((rule) => reportRule(rule, contract)),
    cases: cases.map(({ id: name, title: words, group }) => ({ id: name, title: words, group })),
    operations,
    promises: reportPromises(contract, catalogue.judgedOtherwise),
    cells,
  };
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

function operation({ operations }: Contract, index: number): { id: string; line: number } {
  const { id = 'GET /things', line = 1 } = operations[index % operations.length] ?? {};
  const round = Math.floor(index / operations.length);
  return { id: round === 0 ? id : id.replace(' /', ` /area-${round}/`), line: line + round };
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
