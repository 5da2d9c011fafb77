import type { Contract, Operation } from '../contract/contract.ts';
import type { Validators } from '../contract/validators.ts';
import type { Target } from '../target/target.ts';
import { Ask, Inventions } from './ask.ts';
import { type Case, Unprovable } from './case.ts';
import { type Form, formsOf } from './form.ts';
import type { WireRequest } from './request.ts';

/** A case in one form for one operation, ready to be sent or with the reason why it is not. */
export interface Probe {
  /** `key-cut-by-one`, or `key-cut-by-one@bearer` in a form that is not the primary one. */
  readonly id: string;
  readonly case: Case;
  readonly form: Form;
  readonly operation: Operation;
  readonly request?: WireRequest;
  readonly unprovable?: Unprovable;
}

export function probeId(caseId: string, form: Form, primary: Form | undefined): string {
  return form.id === primary?.id ? caseId : `${caseId}@${form.id}`;
}

/** The forms in which a case is sent on an operation; none where it does not apply. */
export function formsOfCase(one: Case, operation: Operation, contract: Contract): readonly Form[] {
  if (one.appliesTo && one.appliesTo(operation, contract) !== true) return [];
  const forms = formsOf(contract, operation);
  if (one.forms === undefined) return forms.slice(0, 1);
  return one.forms === 'each' ? forms : forms.filter(one.forms);
}

/** Everything that will be asked of one operation. Nothing is sent. */
export function planOperation(
  contract: Contract,
  target: Target,
  operation: Operation,
  cases: readonly Case[],
  validators: Validators,
): Probe[] {
  const primary = formsOf(contract, operation)[0];
  if (!primary) return [];
  const inventions = new Inventions(target);
  return cases.flatMap((one) =>
    formsOfCase(one, operation, contract).map((form) => {
      const probe = { id: probeId(one.id, form, primary), case: one, form, operation };
      try {
        return { ...probe, request: one.request(new Ask(contract, operation, target, form, validators, inventions)) };
      } catch (error) {
        if (error instanceof Unprovable) return { ...probe, unprovable: error };
        throw error;
      }
    }),
  );
}
