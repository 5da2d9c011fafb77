import type { Contract, Operation } from '../contract/contract.ts';
import type { Validators } from '../contract/validators.ts';
import type { Target } from '../target/target.ts';
import { Ask } from './ask.ts';
import { Inventions } from './inventions.ts';
import { type Case, Unprovable } from './case.ts';
import { isOpen, whyNotOpen } from '../contract/security.ts';
import { ANYONE, type Form, formsOf, whyNoForm } from './form.ts';
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
  return form === ANYONE || form.id === primary?.id ? caseId : `${caseId}@${form.id}`;
}

/** The forms in which a case is sent on an operation; none where it does not apply. */
export function formsOfCase(one: Case, operation: Operation, contract: Contract): readonly Form[] {
  const forms = formsOrReason(one, operation, contract);
  return typeof forms === 'string' ? [] : forms;
}

/** The cases that are not sent on an operation in any form, each with the reason. */
export function notAsked(cases: readonly Case[], operation: Operation, contract: Contract): Map<string, string> {
  const reasons = cases.flatMap((one) => {
    const reason = formsOrReason(one, operation, contract);
    return typeof reason === 'string' ? [[one.id, reason] as const] : [];
  });
  return new Map(reasons);
}

function formsOrReason(one: Case, operation: Operation, contract: Contract): readonly Form[] | string {
  if (one.open) return isOpen(operation) ? [ANYONE] : whyNotOpen(operation);
  const forms = formsOf(contract, operation);
  if (forms.length === 0) return whyNoForm(contract, operation) ?? 'the operation takes no form of credential';
  if (one.control !== undefined && isOpen(operation))
    return 'the contract makes the credential optional there, so no refusal is promised';
  const applies = one.appliesTo?.(operation, contract) ?? true;
  if (applies !== true) return applies;
  const doubts = forms.map((form) => one.suits?.(form) ?? true);
  const suiting = forms.filter((_, index) => doubts[index] === true);
  if (suiting.length === 0) return [...new Set(doubts)].join('; ');
  if (one.forms === undefined) return suiting.slice(0, 1);
  return one.forms === 'each' ? suiting : suiting.flatMap(one.forms);
}

/** The probes that a case's control may be, best first: in the same form, or else in the primary one. */
export function controlIds({ id, case: { id: caseId, control }, form }: Probe): readonly string[] {
  if (control === undefined) return [];
  return id === caseId ? [control] : [`${control}@${(form.whole ?? form).id}`, control];
}

/** Everything that will be asked of one operation. Nothing is sent. */
export function planOperation(
  contract: Contract,
  target: Target,
  operation: Operation,
  cases: readonly Case[],
  validators: Validators,
): Probe[] {
  const primary = formsOf(contract, operation)[0] ?? ANYONE;
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
