import { startMock, type Mock, type MockOptions } from '../../mock/start.ts';
import type { Contract } from '../../src/contract/contract.ts';
import { loadContract } from '../../src/contract/load.ts';
import { Engine } from '../../src/engine.ts';
import { readTarget } from '../../src/target/read-target.ts';
import type { Cell } from '../../src/verdict/outcome.ts';
import type { WireOptions } from '../../src/wire/wire.ts';
import { cases } from '../cases/index.ts';
import { rules } from '../rules/index.ts';

let loaded: Promise<Contract> | undefined;

/** The suite's first contract, loaded once for a worker. */
export function huechat(): Promise<Contract> {
  return (loaded ??= loadContract('specs/huechat'));
}

export interface JudgedMock {
  readonly cells: readonly Cell[];
  readonly requests: number;
  readonly mock: Mock;
}

export interface JudgeOptions extends Omit<MockOptions, 'contract'> {
  readonly environment?: 'sandbox' | 'production';
  /** Changes the variables that the mock prints. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly wire?: Partial<WireOptions>;
  readonly operations?: (id: string) => boolean;
}

/** The whole catalogue against a mock of its own, without a runner. */
export async function judgeMock({
  environment = 'sandbox',
  variables = {},
  wire = {},
  operations = () => true,
  ...options
}: JudgeOptions): Promise<JudgedMock> {
  const contract = await huechat();
  const mock = await startMock({ contract, ...options });
  const target = readTarget(contract, { ...mock.settings(environment), ...variables });
  const engine = new Engine(contract, target, { cases, rules }, { tries: 2, backoff: 1, ...wire });
  try {
    const cells: Cell[] = [];
    let requests = 0;
    for (const operation of contract.operations.filter(({ id }) => operations(id))) {
      const result = await engine.run(operation);
      cells.push(...result.cells);
      requests += result.requests;
    }
    return { cells, requests, mock };
  } finally {
    await engine.close();
    await mock.close();
  }
}
