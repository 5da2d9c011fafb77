import type { Contract, Operation } from './contract/contract.ts';
import { Validators } from './contract/validators.ts';
import type { Case } from './plan/case.ts';
import type { Budget, ProbesByOperation } from './plan/budget.ts';
import { planOperation, type Probe } from './plan/plan.ts';
import { planAll } from './run-plan.ts';
import type { Target } from './target/target.ts';
import { isAccepted } from './verdict/expectations.ts';
import { judge } from './verdict/judge.ts';
import type { Cell } from './verdict/outcome.ts';
import type { Rule } from './verdict/rule.ts';
import type { Exchange } from './wire/exchange.ts';
import { Wire, type WireOptions } from './wire/wire.ts';

/** The knowledge of the suite: what is sent and what must hold. */
export interface Catalogue {
  readonly cases: readonly Case[];
  readonly rules: readonly Rule[];
}

export interface OperationResult {
  readonly operation: string;
  /** Put on the wire for it, retries included. */
  readonly requests: number;
  readonly cells: readonly Cell[];
}

const CONTROL = 'valid-key';

/** One contract, one target, one catalogue: asks each operation once and judges it by every rule. */
export class Engine {
  readonly #contract: Contract;
  readonly #target: Target;
  readonly #catalogue: Catalogue;
  readonly #schemas: Validators;
  readonly #wire: Wire;
  readonly #budget: Budget | undefined;
  #planned: ProbesByOperation | undefined;
  #armed: Promise<boolean> | undefined;

  constructor(
    contract: Contract,
    target: Target,
    catalogue: Catalogue,
    { budget, ...options }: Partial<WireOptions> & { readonly budget?: Budget | undefined } = {},
  ) {
    this.#contract = contract;
    this.#target = target;
    this.#catalogue = catalogue;
    this.#schemas = new Validators(contract);
    this.#budget = budget;
    this.#wire = new Wire(contract, target, options);
  }

  async close(): Promise<void> {
    await this.#wire.close();
  }

  /** @param rules those whose cells are wanted; only the cases they need are sent */
  async run(operation: Operation, rules: readonly Rule[] = this.#catalogue.rules): Promise<OperationResult> {
    const before = this.#wire.requests;
    const probes = this.#plan(operation);
    const exchanges = await this.#send(probes);
    const targetArmed = await this.#targetArmed(operation, exchanges);
    const asked = {
      contract: this.#contract,
      target: this.#target,
      operation,
      schemas: this.#schemas,
      probes,
      exchanges,
      targetArmed,
    };
    return {
      operation: operation.id,
      cells: rules.map((rule) => judge(rule, asked)),
      requests: this.#wire.requests - before,
    };
  }

  /** A budget is shared out over the whole run, so then the whole run is planned; otherwise each operation in its turn. */
  #plan(operation: Operation): readonly Probe[] {
    if (!this.#budget)
      return planOperation(this.#contract, this.#target, operation, this.#catalogue.cases, this.#schemas);
    this.#planned ??= planAll(this.#contract, this.#target, this.#catalogue, this.#schemas, this.#budget);
    return this.#planned.get(operation.id) ?? [];
  }

  async #send(probes: readonly Probe[]): Promise<Map<string, Exchange>> {
    const exchanges = new Map<string, Exchange>();
    await Promise.all(
      probes.map(async ({ id, request }) => {
        if (request) exchanges.set(id, await this.#wire.send(request, id));
      }),
    );
    return exchanges;
  }

  /** Asked once for a run, and only where an operation has no control of its own. */
  #targetArmed(operation: Operation, exchanges: ReadonlyMap<string, Exchange>): Promise<boolean> {
    const own = exchanges.get(CONTROL)?.answer;
    if (own && isAccepted(own)) return Promise.resolve(true);
    if (operation.isSafe) return Promise.resolve(false);
    return (this.#armed ??= this.#askForControl());
  }

  async #askForControl(): Promise<boolean> {
    const control = this.#catalogue.cases.filter(({ id }) => id === CONTROL);
    for (const operation of this.#contract.operations.filter(({ isSafe }) => isSafe)) {
      const [answered] = (
        await this.#send(planOperation(this.#contract, this.#target, operation, control, this.#schemas).slice(0, 1))
      ).values();
      if (answered?.answer && isAccepted(answered.answer)) return true;
    }
    return false;
  }
}
