import type { inertRequest } from './example-requests.ts';
import { madeUpLike, noOnesKey } from '../config/made-up-keys.ts';
import type { Secret } from '../secret.ts';
import type { Target } from '../model/target.ts';

/**
 * What all cases of one operation have in common: its made-up keys, the same in every form of a case so that its answers
 * can be compared, and its usual requests, which it takes schemas to make.
 */
export class OperationSamples {
  readonly #target: Target;
  readonly #neverIssued = new Map<Secret | undefined, Secret>();
  readonly #usual = new Map<string, ReturnType<typeof inertRequest>>();

  constructor(target: Target) {
    this.#target = target;
  }

  usual(resource: string, make: () => ReturnType<typeof inertRequest>): ReturnType<typeof inertRequest> {
    const known = this.#usual.get(resource) ?? make();
    this.#usual.set(resource, known);
    return known;
  }

  /** @param real what it is to look like; absent: nobody knows what it looks like */
  neverIssued(real: Secret | undefined): Secret {
    const known = this.#neverIssued.get(real);
    if (known) return known;
    const prefix = real === this.#target.keys.full ? (this.#target.kind?.prefix ?? '') : '';
    const made = real ? madeUpLike(real, prefix) : noOnesKey();
    this.#neverIssued.set(real, made);
    return made;
  }
}
