import type { Contract, Operation } from '../model/contract.ts';
import { secretsOf } from './secrets-of-request.ts';
import type { PlannedRequest } from '../model/request.ts';
import type { ScopedKey, Target } from '../model/target.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import { allowsAnonymous, isOpenedByCertificate, reasonNotAnonymous } from '../openapi/security.ts';
import type { Secret } from '../secret.ts';
import { NotSent } from './not-sent.ts';
import type { Case } from './case.ts';
import { OperationSamples } from './operation-samples.ts';
import { RequestBuilder } from './request-builder.ts';
import {
  ANONYMOUS,
  CERTIFICATE,
  reasonWithoutAlternative,
  type SecurityAlternative,
  securityAlternativesOf,
} from './security-alternative.ts';

/** What a request presents as its credential; the probe's `alternative` says how. */
export interface PresentedCredential {
  /** Every key in the request, wherever it is. Empty: the request carries none. */
  readonly secrets: readonly Secret[];
  /** The key with few permissions that is among them. */
  readonly scopedKey?: ScopedKey;
}

interface ProbeParts {
  /** `key-cut-by-one`, or `key-cut-by-one@bearer` in a security alternative that is not the primary one. */
  readonly id: string;
  readonly case: Case;
  readonly alternative: SecurityAlternative;
  readonly operation: Operation;
}

/** A probe that is sent. */
export interface SentProbe extends ProbeParts {
  readonly request: PlannedRequest;
  readonly credential: PresentedCredential;
  readonly notSent?: undefined;
}

/** A probe that is not sent, with the reason. */
export interface UnsentProbe extends ProbeParts {
  readonly notSent: NotSent;
  readonly request?: undefined;
  readonly credential?: undefined;
}

/** A case in one security alternative on one operation. */
export type Probe = SentProbe | UnsentProbe;

export function probeId(
  caseId: string,
  alternative: SecurityAlternative,
  primary: SecurityAlternative | undefined,
): string {
  const isOnlyOne = alternative === ANONYMOUS || alternative === CERTIFICATE;
  return isOnlyOne || alternative.id === primary?.id ? caseId : `${caseId}@${alternative.id}`;
}

/** The security alternatives in which a case is sent on an operation; none where it does not apply. */
export function alternativesOfCase(
  one: Case,
  operation: Operation,
  contract: Contract,
): readonly SecurityAlternative[] {
  const found = alternativesOrReason(one, operation, contract);
  return typeof found === 'string' ? [] : found;
}

/** The cases that are not sent on an operation in any alternative, each with the reason. */
export function reasonsNotSent(cases: readonly Case[], operation: Operation, contract: Contract): Map<string, string> {
  const reasons = cases.flatMap((one) => {
    const found = alternativesOrReason(one, operation, contract);
    return typeof found === 'string' ? [[one.id, found] as const] : [];
  });
  return new Map(reasons);
}

function alternativesOrReason(
  one: Case,
  operation: Operation,
  contract: Contract,
): readonly SecurityAlternative[] | string {
  if (one.kind === 'anonymous') return reasonNotAnonymous(operation) ?? [ANONYMOUS];
  if (one.byCertificate) return alternativesByCertificate(one, operation, contract);
  const all = securityAlternativesOf(contract, operation);
  if (all.length === 0)
    return reasonWithoutAlternative(contract, operation) ?? 'the operation has no security alternative';
  if (one.whereOptional && !allowsAnonymous(operation)) return 'the contract asks for a credential there';
  if (one.kind === 'controlled' && !one.whereOptional && allowsAnonymous(operation)) return OPTIONAL;
  const reason = one.reasonNotApplicable?.(operation, contract);
  if (reason !== undefined) return reason;
  const reasons = all.map((alternative) => one.reasonUnsuitable?.(alternative));
  const suitable = all.filter((_, index) => reasons[index] === undefined);
  if (suitable.length === 0) return [...new Set(reasons)].join('; ');
  if (one.alternatives === undefined) return suitable.slice(0, 1);
  return one.alternatives === 'each' ? suitable : suitable.flatMap(one.alternatives);
}

const OPTIONAL = 'the contract makes the credential optional there, so it promises no refusal';

function alternativesByCertificate(
  one: Case,
  operation: Operation,
  contract: Contract,
): readonly SecurityAlternative[] | string {
  if (!isOpenedByCertificate(contract, operation)) return 'no certificate of the client opens the operation by itself';
  if (one.kind === 'controlled' && allowsAnonymous(operation)) return OPTIONAL;
  return one.reasonNotApplicable?.(operation, contract) ?? [CERTIFICATE];
}

/** The probes that can be a probe's control, best first: in the same alternative, or else in the primary one. */
export function controlIds({ id, case: { id: caseId, control }, alternative }: Probe): readonly string[] {
  if (control === undefined) return [];
  return id === caseId ? [control.id] : [`${control.id}@${(alternative.original ?? alternative).id}`, control.id];
}

/** Everything that will be sent to one operation. Sends nothing. */
export function planOperation(...what: Parameters<typeof planEachCase>): Probe[] {
  return [...planEachCase(...what)].flat();
}

/**
 * The same, a case at a time.
 *
 * @param usual `example`: valid requests in the place of those without effect, where writes are allowed
 */
export function* planEachCase(
  contract: Contract,
  target: Target,
  operation: Operation,
  cases: readonly Case[],
  validators: SchemaValidators,
  usual: 'usual' | 'example' = 'usual',
): Generator<readonly Probe[]> {
  const primary = securityAlternativesOf(contract, operation)[0] ?? ANONYMOUS;
  const samples = new OperationSamples(target);
  for (const one of cases) {
    yield alternativesOfCase(one, operation, contract).map((alternative): Probe => {
      const parts = { id: probeId(one.id, alternative, primary), case: one, alternative, operation };
      try {
        const request = one.request(
          new RequestBuilder(contract, operation, target, alternative, validators, samples, usual),
        );
        return { ...parts, request, credential: credentialOf(request, target) };
      } catch (error) {
        if (error instanceof NotSent) return { ...parts, notSent: error };
        throw error;
      }
    });
  }
}

/** The names that a probe tries at once, and its request with some of them only. */
export interface Names {
  readonly all: readonly string[];
  readonly request: (names: readonly string[]) => PlannedRequest;
}

/** Undefined where the probe's case does not try several names at once. */
export function namesOf(
  { case: { alone }, operation, alternative }: Probe,
  contract: Contract,
  target: Target,
  validators: SchemaValidators,
): Names | undefined {
  if (!alone) return undefined;
  const samples = new OperationSamples(target);
  const builder = new RequestBuilder(contract, operation, target, alternative, validators, samples);
  return { all: alone.names(builder), request: (names) => alone.request(builder, names) };
}

/** Names the exchange of a request with one of the names beside that of its probe. */
export function idAlone(probe: string, name: string): string {
  return `${probe}#${name}`;
}

/** Read from the finished request, since a case may put a key wherever it likes. */
function credentialOf(request: PlannedRequest, { keys }: Target): PresentedCredential {
  const secrets = secretsOf(request);
  const scopedKey = keys.scoped.find(({ secret }) => secrets.includes(secret));
  return { secrets, ...(scopedKey && { scopedKey }) };
}
