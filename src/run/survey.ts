import type { Contract, Operation } from '../model/contract.ts';
import { fieldValues } from '../fields/response-fields.ts';
import { validatorsOf } from '../openapi/schema-validators.ts';
import { planOperation } from '../requests/plan-operation.ts';
import type { Case } from '../requests/case.ts';
import type { Target } from '../model/target.ts';
import { lastResponse } from '../http/last-response.ts';
import { HttpSender } from '../http/sender.ts';
import { type Comparison, compare, seeded } from './statistics.ts';

/** What keeps a survey from saying anything, in one sentence for the user. */
export class SurveyError extends Error {}

/** Fewer of either sort show no difference. */
const FEWEST_SAMPLES = 5;

export interface TimingSurvey extends Comparison {
  readonly operation: string;
  /** Requests of each of the two sorts that were timed; of the sort that has fewer. */
  readonly samples: number;
  /** Requests that were not timed: they got 429, or no response, which says nothing about how long a key is looked at. */
  readonly leftOut: number;
}

/**
 * Whether a key that is right but for its last character is refused more slowly than one that is wrong from the start:
 * then the time tells how much of a key is right. An effect and a p-value, never a verdict. Not for production.
 *
 * @param rounds requests of each of the two sorts, sent one at a time and in turn
 */
export async function surveyTiming(
  contract: Contract,
  target: Target,
  cases: readonly Case[],
  rounds: number,
  seed: number,
): Promise<TimingSurvey> {
  const operation = firstSafe(contract);
  return withWire(contract, target, 1, async (wire) => {
    const times: Record<string, number[]> = { 'never-issued-key': [], 'key-changed-at-the-end': [] };
    const probes = probesOf(contract, target, operation, cases, Object.keys(times));
    let leftOut = 0;
    for (let round = 0; round < rounds; round++) {
      for (const { id, request } of round % 2 === 0 ? probes : probes.toReversed()) {
        if (!request) continue;
        const started = performance.now();
        const exchange = await wire.send(request, 'survey');
        const status = lastResponse(exchange)?.status;
        if (status === undefined || status === 429) leftOut++;
        else times[id]?.push(performance.now() - started);
      }
    }
    const [wrong = [], almost = []] = Object.values(times);
    const samples = Math.min(wrong.length, almost.length);
    if (samples < FEWEST_SAMPLES)
      throw new SurveyError(
        `The target throttles the guessing of keys: ${leftOut} of ${leftOut + wrong.length + almost.length} requests got 429 or no response, which leaves too few to time. Raise its limit for this survey, or try again later.`,
      );
    return { operation: operation.id, samples, leftOut, ...compare(wrong, almost, seeded(seed)) };
  });
}

export interface ThrottlingSurvey {
  readonly operation: string;
  readonly attempts: number;
  /** Refusals before the first answer that slows the guessing down; absent: none did. */
  readonly throttledAfter?: number;
  /** A 429 to a request without a valid key that nevertheless carried more than an error. */
  readonly dataIn429: boolean;
  readonly retryAfterMissing: boolean;
}

/** Whether guessing keys is slowed down, and what the answer to too many guesses says. Not for production. */
export async function surveyThrottling(
  contract: Contract,
  target: Target,
  cases: readonly Case[],
  attempts: number,
): Promise<ThrottlingSurvey> {
  const operation = firstSafe(contract);
  return withWire(contract, target, 0, async (wire) => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const [probe] = probesOf(contract, target, operation, cases, ['never-issued-key']);
      const exchange = probe?.request && (await wire.send(probe.request, 'survey'));
      const response = exchange && lastResponse(exchange);
      if (response?.status !== 429) continue;
      return {
        operation: operation.id,
        attempts,
        throttledAfter: attempt,
        dataIn429: carriesData(response.body.json),
        retryAfterMissing: fieldValues(response, 'retry-after').length === 0,
      };
    }
    return { operation: operation.id, attempts, dataIn429: false, retryAfterMissing: false };
  });
}

/** An error says what is wrong in words and numbers; a list or an object beside `details` is something else. */
function carriesData(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return Object.entries(body).some(
    ([name, value]) => name !== 'details' && typeof value === 'object' && value !== null,
  );
}

async function withWire<Result>(
  contract: Contract,
  target: Target,
  longestPause: number,
  work: (wire: HttpSender) => Promise<Result>,
): Promise<Result> {
  if (target.policy.production) throw new SurveyError('A survey of guesses is not for production: name a sandbox.');
  const wire = new HttpSender(contract, target, { concurrency: 1, tries: 1, longestPause });
  try {
    return await work(wire);
  } finally {
    await wire.close();
  }
}

function probesOf(
  contract: Contract,
  target: Target,
  operation: Operation,
  cases: readonly Case[],
  ids: readonly string[],
): ReturnType<typeof planOperation> {
  return planOperation(contract, target, operation, cases, validatorsOf(contract)).filter(({ id }) => ids.includes(id));
}

function firstSafe({ operations }: Contract): Operation {
  const operation = operations.find(({ isSafe }) => isSafe);
  if (!operation) throw new SurveyError('The contract has no safe operation to survey: nothing can be said of it.');
  return operation;
}
