import type { Contract, Operation } from '../model/contract.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import type { Target } from '../model/target.ts';
import { RequestBuilder } from './request-builder.ts';
import { OperationSamples } from './operation-samples.ts';
import { type Case, NotSent } from './case.ts';
import { allowsAnonymous, reasonNotAnonymous } from '../openapi/security.ts';
import { ANONYMOUS, type SecurityAlternative, securityAlternativesOf, whyNoForm } from './security-alternative.ts';
import type { PlannedRequest } from '../model/request.ts';

/** A case in one form for one operation, ready to be sent or with the reason why it is not. */
export interface Probe {
  /** `key-cut-by-one`, or `key-cut-by-one@bearer` in a form that is not the primary one. */
  readonly id: string;
  readonly case: Case;
  readonly alternative: SecurityAlternative;
  readonly operation: Operation;
  readonly request?: PlannedRequest;
  readonly notSent?: NotSent;
}

export function probeId(caseId: string, form: SecurityAlternative, primary: SecurityAlternative | undefined): string {
  return form === ANONYMOUS || form.id === primary?.id ? caseId : `${caseId}@${form.id}`;
}

/** The forms in which a case is sent on an operation; none where it does not apply. */
export function alternativesOfCase(
  one: Case,
  operation: Operation,
  contract: Contract,
): readonly SecurityAlternative[] {
  const forms = formsOrReason(one, operation, contract);
  return typeof forms === 'string' ? [] : forms;
}

/** The cases that are not sent on an operation in any form, each with the reason. */
export function reasonsNotSent(cases: readonly Case[], operation: Operation, contract: Contract): Map<string, string> {
  const reasons = cases.flatMap((one) => {
    const reason = formsOrReason(one, operation, contract);
    return typeof reason === 'string' ? [[one.id, reason] as const] : [];
  });
  return new Map(reasons);
}

function formsOrReason(one: Case, operation: Operation, contract: Contract): readonly SecurityAlternative[] | string {
  if (one.forAnonymous) return reasonNotAnonymous(operation) ?? [ANONYMOUS];
  const forms = securityAlternativesOf(contract, operation);
  if (forms.length === 0) return whyNoForm(contract, operation) ?? 'the operation takes no form of credential';
  if (one.control !== undefined && allowsAnonymous(operation))
    return 'the contract makes the credential optional there, so no refusal is promised';
  const applies = one.appliesTo?.(operation, contract) ?? true;
  if (applies !== true) return applies;
  const doubts = forms.map((form) => one.suits?.(form) ?? true);
  const suiting = forms.filter((_, index) => doubts[index] === true);
  if (suiting.length === 0) return [...new Set(doubts)].join('; ');
  if (one.alternatives === undefined) return suiting.slice(0, 1);
  return one.alternatives === 'each' ? suiting : suiting.flatMap(one.alternatives);
}

/** The probes that a case's control may be, best first: in the same form, or else in the primary one. */
export function controlIds({ id, case: { id: caseId, control }, alternative }: Probe): readonly string[] {
  if (control === undefined) return [];
  return id === caseId ? [control] : [`${control}@${(alternative.original ?? alternative).id}`, control];
}

/** Everything that will be asked of one operation. Nothing is sent. */
export function planOperation(
  contract: Contract,
  target: Target,
  operation: Operation,
  cases: readonly Case[],
  validators: SchemaValidators,
): Probe[] {
  const primary = securityAlternativesOf(contract, operation)[0] ?? ANONYMOUS;
  const samples = new OperationSamples(target);
  return cases.flatMap((one) =>
    alternativesOfCase(one, operation, contract).map((alternative) => {
      const probe = { id: probeId(one.id, alternative, primary), case: one, alternative, operation };
      try {
        return {
          ...probe,
          request: one.request(new RequestBuilder(contract, operation, target, alternative, validators, samples)),
        };
      } catch (error) {
        if (error instanceof NotSent) return { ...probe, notSent: error };
        throw error;
      }
    }),
  );
}
