import { type Mock, startMock } from '../../mock/start.ts';
import { Engine } from '../../src/run/engine.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { casesGiven, type Rule } from '../../src/judging/rule.ts';
import type { Cell } from '../../src/model/cell.ts';
import { cases, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import { huechat, judgeAll, type JudgeOptions, mockOf } from './harness.ts';
import { intercept, type InterceptOptions, type Seen } from './interceptor.ts';

export interface BehindOptions extends JudgeOptions, InterceptOptions {
  /** Ids of the rules that judge; only the cases they name are sent. Absent: all. */
  readonly by?: readonly string[];
}

export interface Behind {
  readonly cells: readonly Cell[];
  readonly seen: readonly Seen[];
  readonly requests: number;
  readonly mock: Mock;
  /** The variables that the target was read from. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the run told its operator. */
  readonly announced: readonly string[];
}

/** The catalogue, or a part of it, against a mock that has an interceptor before it. */
export async function judgeBehind(options: BehindOptions): Promise<Behind> {
  const { environment, variables, wire, operations = () => true, by, meddle, rewrite, turns, ...mockOptions } = options;
  const contract = await huechat();
  const mock = await startMock({ ...mockOf(contract), ...mockOptions });
  const interceptor = await intercept(mock, {
    ...(environment && { environment }),
    ...(meddle && { meddle }),
    ...(rewrite && { rewrite }),
    ...(turns && { turns }),
  });
  const announced: string[] = [];
  const wanted = by === undefined ? rules : rules.filter(({ id }) => by.includes(id));
  const engine = new Engine(
    contract,
    readTarget(contract, { ...interceptor.settings, ...variables }),
    {
      cases: by === undefined ? cases : cases.filter(({ id }) => isNeeded(id, wanted)),
      rules: wanted,
      crossOperationRules,
    },
    { tries: 2, backoff: 1, announce: (message) => announced.push(message), ...wire },
  );
  try {
    const asked = [];
    for (const operation of contract.operations.filter(({ id }) => operations(id)))
      asked.push(await engine.exchangesOf(operation));
    const { seen, settings } = interceptor;
    return {
      cells: judgeAll(asked, wanted, by === undefined ? crossOperationRules : []),
      seen,
      settings,
      mock,
      requests: engine.requests,
      announced,
    };
  } finally {
    await engine.close();
    await interceptor.close();
    await mock.close();
  }
}

function isNeeded(id: string, by: readonly Rule[]): boolean {
  return id === 'valid-key' || by.some((rule) => casesGiven(rule).some((one) => one.id === id));
}
