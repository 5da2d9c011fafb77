import type { inertRequest } from './example-requests.ts';
import { madeUpLike, noOnesKey } from '../config/made-up-keys.ts';
import type { Secret } from '../secret.ts';
import type { Target } from '../model/target.ts';

/**
 * What all cases of one operation share. Its made-up keys are the same in every security alternative, so that responses can
 * be compared. Its usual requests are kept because making them takes schemas and time.
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

  /** @param real the key that the made-up one looks like; absent: nobody knows what a key looks like there */
  neverIssued(real: Secret | undefined): Secret {
    const known = this.#neverIssued.get(real);
    if (known) return known;
    const prefix = real === this.#target.keys.full ? (this.#target.kind?.prefix ?? '') : '';
    const made = real ? madeUpLike(real, prefix) : noOnesKey();
    this.#neverIssued.set(real, made);
    return made;
  }
}
