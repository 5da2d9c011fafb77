import { NotSent } from './not-sent.ts';
import { FULL_ACCESS_CASE } from './case.ts';
import type { Probe } from './plan-operation.ts';

export interface Budget {
  /** The most requests that a run may send after its preflight. */
  readonly requests: number;
  /** Chooses the operations on which each case is tried, so that successive seeds come to try all of them. */
  readonly seed: number;
}

/** All probes of a run, by operation. */
export type ProbesByOperation = ReadonlyMap<string, readonly Probe[]>;

/** By what measurement shows that a case is worth: which of them show the known defects of servers. */
export interface Worth {
  /** Ids of the cases that were there to be measured: what a later one shows is not known yet. */
  readonly measured: readonly string[];
  readonly defects: readonly ShownDefect[];
}

export interface ShownDefect {
  /** It breaks a documented MUST. */
  readonly documented?: true;
  /** Ids of the cases that show it, each `case@` where it is in another security alternative than the primary one. */
  readonly by: readonly string[];
}

/** A probe that could be sent, as far as the plan needs to know it. */
export interface Candidate {
  readonly operation: string;
  /** Id of the probe. */
  readonly id: string;
  /** The requests that it takes. */
  readonly cost: number;
  /** The most requests that follow where it is not refused, to see what that means. */
  readonly onDemand: number;
  /** Ids of the probes of the operation without which its response shows nothing. */
  readonly needs: readonly string[];
  readonly isSafe: boolean;
  /** The documented promises (MUST) that it is about, by their ids. */
  readonly promises: readonly string[];
}

/** What a probe that was sent has shown. */
export interface Shown {
  readonly operation: string;
  readonly id: string;
  /** `nothing`: all that was judged of it conforms; `something`: it does not; `unknown`: nothing could be judged. */
  readonly what: 'nothing' | 'something' | 'unknown';
}

/** What is known of the operations by now. */
export interface Known {
  /** Those on which the full-access key gets a success: what is tried there can be told from a refusal. */
  readonly opened: ReadonlySet<string>;
  /** Those that have shown to be different from most: in their refusals, their headers or their time. */
  readonly different: ReadonlySet<string>;
}

/** Requests after which what they have shown decides about the next ones. */
const BATCH = 24;

/** What is worth how much, in defects that all operations have. */
const WORTH = {
  /** A defect of a documented MUST. */
  documented: 12,
  /** A defect that one operation has, whichever it is: times the part of the operations that it is. */
  onOne: 2,
  /** A documented promise that was not tried on an operation yet. */
  promise: 2.5,
  /** A case that has shown something, on a further operation. */
  shown: 2,
  /** A case that is not measured yet: it was added for something that no other case shows. */
  unmeasured: 1,
  /** A case that shows no known defect, and the same where it is its turn. */
  nothingKnown: 0.01,
  inTurn: 0.5,
} as const;

/** So many seeds in a round: of these one has its turn. */
const ROUND = 4;

/** How much of what a case can show an operation shows whose requests have no effect, or whose key gets no success. */
const LESS_SEEN = 0.75;

/** Something that cases show: a known defect, or what only one case may show. */
interface Visible {
  readonly worth: number;
  readonly isEverywhere: { known: boolean };
}

interface Place {
  readonly candidates: ReadonlyMap<string, Candidate>;
  readonly seen: Set<Visible>;
  readonly promises: Set<string>;
}

/**
 * Which probes are sent within a budget, and in which order, decided while the run goes on. Most APIs have one gate for all
 * operations, so that what one of them shows all of them would. So whatever is worth most for its requests comes next:
 *
 * - a case that was sent nowhere yet is worth all the defects that it alone shows, those of a documented MUST first;
 * - a documented promise is worth to be tried on every operation, by the case that shows most;
 * - a case that was sent elsewhere is worth the chance that one operation alone has a defect, and as much as a new one where
 *   it has shown something or where the operation has shown to be different.
 *
 * What a probe needs to be judged goes with it and counts as its cost, and what it may need where it is not refused is kept
 * free.
 */
export class BudgetPlan {
  readonly #budget: Budget;
  readonly #places = new Map<string, Place>();
  /** Operations with the probe, by its id. */
  readonly #byId = new Map<string, Candidate[]>();
  readonly #visibleBy = new Map<string, readonly Visible[]>();
  readonly #showing = new Map<Visible, Set<string>>();
  readonly #taken = new Set<Candidate>();
  /** Those of them whose responses are known. */
  readonly #judged = new Set<Candidate>();
  readonly #scores = new Map<Candidate, number>();
  readonly #orders = new Map<Candidate, number>();
  readonly #shown = new Map<string, { nothing: number; something: number }>();
  #known: Known = { opened: new Set(), different: new Set() };

  constructor(candidates: readonly Candidate[], worth: Worth | undefined, budget: Budget) {
    this.#budget = budget;
    const byOperation = new Map<string, Map<string, Candidate>>();
    for (const candidate of candidates) {
      const its = byOperation.get(candidate.operation) ?? new Map<string, Candidate>();
      byOperation.set(candidate.operation, its.set(candidate.id, candidate));
      this.#byId.set(candidate.id, [...(this.#byId.get(candidate.id) ?? []), candidate]);
    }
    for (const [operation, its] of byOperation)
      this.#places.set(operation, { candidates: its, seen: new Set(), promises: new Set() });
    this.#measure(worth);
  }

  /**
   * What is sent next, with all that it needs; empty: the budget is spent, or nothing is left to send.
   *
   * @param left requests that may still be sent
   */
  next(left: number): readonly Candidate[] {
    const batch: Candidate[] = [];
    const tooDear = new Set<Candidate>();
    let free = left;
    for (let cost = 0; cost < BATCH && free > 0;) {
      const best = this.#best(tooDear, free);
      if (!best) break;
      const all = this.#withNeeds(best);
      const most = all.reduce((sum, one) => sum + one.cost + one.onDemand, 0);
      if (most > free) {
        tooDear.add(best);
        continue;
      }
      free -= most;
      for (const one of all) {
        batch.push(one);
        cost += one.cost;
        this.#take(one);
      }
    }
    return batch;
  }

  learn(shown: readonly Shown[], known: Known): void {
    this.#known = known;
    for (const candidate of this.#taken) this.#judged.add(candidate);
    for (const { id, what } of shown) {
      if (what === 'unknown') continue;
      const counts = this.#shown.get(id) ?? { nothing: 0, something: 0 };
      this.#shown.set(id, { ...counts, [what]: counts[what] + 1 });
    }
    this.#scores.clear();
  }

  /** Why a probe was not sent, in words. */
  reasonLeftOut(id: string, variable: string): NotSent {
    const { nothing = 0, something = 0 } = this.#shown.get(id) ?? {};
    const ends = `the budget of ${this.#budget.requests} ends before`;
    const reason =
      nothing > 0 && something === 0
        ? `not sent here: the same case conformed on ${nothing} operation${nothing === 1 ? '' : 's'}; ${ends}`
        : something > 0
          ? `not sent here, though the same case showed something on ${something} operation${something === 1 ? '' : 's'}: ${ends}`
          : `left out by ${variable}`;
    return new NotSent('budget', reason, variable);
  }

  /** What each probe may show: what is known of its case, or something of its own. */
  #measure(worth: Worth | undefined): void {
    const measured = new Set(worth?.measured);
    const units = new Map<string, Visible[]>();
    for (const { by, documented } of worth?.defects ?? []) {
      const visible = { worth: documented ? WORTH.documented : 1, isEverywhere: { known: false } };
      for (const unit of by) units.set(unit, [...(units.get(unit) ?? []), visible]);
    }
    for (const [id, [first]] of this.#byId) {
      const [unit = id, form] = id.split('@');
      const known = units.get(form === undefined ? unit : `${unit}@`);
      const own = { worth: this.#ownWorth(id, measured.has(unit), first), isEverywhere: { known: false } };
      // What only it may show besides, so that it is never worth nothing.
      const all = [...(known ?? []), own];
      this.#visibleBy.set(id, all);
      for (const visible of all) this.#showing.set(visible, (this.#showing.get(visible) ?? new Set<string>()).add(id));
    }
  }

  #ownWorth(id: string, isMeasured: boolean, first: Candidate | undefined): number {
    // What is presented in another way is mostly read by the same code.
    if (isMeasured || id.includes('@')) return this.#turn(id) === 0 ? WORTH.inTurn : WORTH.nothingKnown;
    return first !== undefined && first.promises.length > 0 ? WORTH.documented : WORTH.unmeasured;
  }

  #best(without: ReadonlySet<Candidate>, free: number): Candidate | undefined {
    let best: Candidate | undefined;
    let most = 0;
    for (const { candidates } of this.#places.values())
      for (const candidate of candidates.values()) {
        if (this.#taken.has(candidate) || without.has(candidate)) continue;
        if (candidate.cost + candidate.onDemand > free) continue;
        const score = this.#scoreOf(candidate);
        const isBetter = score > most || (best && score === most && this.#order(candidate) < this.#order(best));
        if (isBetter) [best, most] = [candidate, score];
      }
    return best;
  }

  /** What it may show, for each request that it takes. */
  #scoreOf(candidate: Candidate): number {
    const known = this.#scores.get(candidate);
    if (known !== undefined) return known;
    const { operation, id, isSafe } = candidate;
    const place = this.#placeOf(operation);
    const part = this.#known.different.has(operation) ? 1 : WORTH.onOne / this.#places.size;
    const visible = new Set<Visible>();
    const promises = new Set<string>();
    let cost = 0;
    let worth = (this.#shown.get(id)?.something ?? 0) > 0 ? WORTH.shown : 0;
    for (const one of this.#withNeeds(candidate)) {
      cost += one.cost;
      for (const each of this.#visibleBy.get(one.id) ?? []) visible.add(each);
      for (const promise of one.promises) if (!place.promises.has(promise)) promises.add(promise);
    }
    for (const each of visible) {
      if (!each.isEverywhere.known) worth += each.worth;
      if (!place.seen.has(each)) worth += Math.min(1, each.worth) * part;
    }
    const isLessSeen = !isSafe && this.#turn(id) !== 1;
    const isShut = place.candidates.has(FULL_ACCESS_CASE) && this.#isShut(operation);
    const score = ((worth + promises.size * WORTH.promise) * (isLessSeen || isShut ? LESS_SEEN : 1)) / cost;
    this.#scores.set(candidate, score);
    return score;
  }

  /** The full-access key was tried there, and got no success. */
  #isShut(operation: string): boolean {
    const control = this.#placeOf(operation).candidates.get(FULL_ACCESS_CASE);
    return control !== undefined && this.#judged.has(control) && !this.#known.opened.has(operation);
  }

  #take(candidate: Candidate): void {
    this.#taken.add(candidate);
    const place = this.#placeOf(candidate.operation);
    for (const promise of candidate.promises) place.promises.add(promise);
    for (const visible of this.#visibleBy.get(candidate.id) ?? []) {
      place.seen.add(visible);
      if (visible.isEverywhere.known) continue;
      visible.isEverywhere.known = true;
      for (const id of this.#showing.get(visible) ?? [])
        for (const other of this.#byId.get(id) ?? []) this.#scores.delete(other);
    }
    for (const other of place.candidates.values()) this.#scores.delete(other);
  }

  #placeOf(operation: string): Place {
    return this.#places.get(operation) ?? { candidates: new Map(), seen: new Set(), promises: new Set() };
  }

  #withNeeds(wanted: Candidate): Candidate[] {
    const { candidates } = this.#placeOf(wanted.operation);
    const needed = wanted.needs.flatMap((id) => candidates.get(id) ?? []);
    return [...new Set([...needed, wanted])].filter((one) => !this.#taken.has(one));
  }

  #order(candidate: Candidate): number {
    const { operation, id } = candidate;
    const order = this.#orders.get(candidate) ?? this.#hash(`${operation} ${id}`);
    this.#orders.set(candidate, order);
    return order;
  }

  #hash(name: string): number {
    return hashOf(`${this.#budget.seed} ${name}`);
  }

  /** Where the seed is in the round of a case: the next seed is one further. */
  #turn(id: string): number {
    return (hashOf(id) + this.#budget.seed) % ROUND;
  }
}

/** A number that depends on nothing but the name, and scatters neighbours. */
function hashOf(name: string): number {
  let hash = 2166136261;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}
