import type { Operation } from '../model/contract.ts';
import type { Probe } from '../requests/plan-operation.ts';

/** So many probes are held until they are sent: some dozens of megabytes. */
const MOST_HELD = 20_000;

/**
 * What is sent to each operation, for two who need it one after the other: the one who counts it, to say what a run sends, and
 * the one who sends it. What was counted is held to be sent, as long as that is not too much.
 */
export class SharedPlans {
  readonly #plan: (operation: Operation) => Promise<readonly Probe[]>;
  readonly #held = new Map<string, readonly Probe[]>();
  #probesHeld = 0;

  /** @param plan what is sent to an operation */
  constructor(plan: (operation: Operation) => Promise<readonly Probe[]>) {
    this.#plan = plan;
  }

  /** For whoever counts. */
  async counted(operation: Operation): Promise<readonly Probe[]> {
    const probes = await this.#plan(operation);
    if (this.#probesHeld + probes.length > MOST_HELD) return probes;
    this.#held.set(operation.id, probes);
    this.#probesHeld += probes.length;
    return probes;
  }

  /** For whoever sends it. */
  async sent(operation: Operation): Promise<readonly Probe[]> {
    const held = this.#held.get(operation.id);
    if (!held) return this.#plan(operation);
    this.#held.delete(operation.id);
    this.#probesHeld -= held.length;
    return held;
  }
}
