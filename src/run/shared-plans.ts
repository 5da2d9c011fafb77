import type { Operation } from '../model/contract.ts';
import type { Probe } from '../requests/plan-operation.ts';

/** So many probes are held until they are sent: some dozens of megabytes. */
const MOST_HELD = 20_000;

interface Shared {
  readonly probes: Promise<readonly Probe[]>;
  /** Probes that are held for whoever sends them. */
  held: number;
}

/**
 * What is sent to each operation, for two who need it once each: the one who counts it, to say what a run sends, and the one
 * who sends it. It is planned for the first of them and held for the other, as long as that is not too much.
 */
export class SharedPlans {
  readonly #plan: (operation: Operation) => Promise<readonly Probe[]>;
  readonly #shared = new Map<string, Shared>();
  readonly #counted = new Set<string>();
  readonly #sent = new Set<string>();
  #held = 0;

  /** @param plan what is sent to an operation */
  constructor(plan: (operation: Operation) => Promise<readonly Probe[]>) {
    this.#plan = plan;
  }

  /** For whoever counts. */
  async counted(operation: Operation): Promise<readonly Probe[]> {
    const probes = await this.#use(operation, this.#counted, this.#sent);
    const shared = this.#shared.get(operation.id);
    if (!shared) return probes;
    if (this.#held + probes.length > MOST_HELD) this.#shared.delete(operation.id);
    else this.#held += shared.held = probes.length;
    return probes;
  }

  /** For whoever sends it. */
  sent(operation: Operation): Promise<readonly Probe[]> {
    return this.#use(operation, this.#sent, this.#counted);
  }

  #use(operation: Operation, own: Set<string>, other: ReadonlySet<string>): Promise<readonly Probe[]> {
    const { id } = operation;
    own.add(id);
    const known = this.#shared.get(id);
    if (!other.has(id)) {
      const made = known ?? { probes: this.#plan(operation), held: 0 };
      this.#shared.set(id, made);
      return made.probes;
    }
    this.#shared.delete(id);
    this.#held -= known?.held ?? 0;
    return known?.probes ?? this.#plan(operation);
  }
}
