import type { Contract, Operation } from '../model/contract.ts';
import type { RequestBuilder } from './request-builder.ts';
import type { SecurityAlternative } from './security-alternative.ts';
import type { PlannedRequest } from '../model/request.ts';

/** Headings of the catalogue, in the order of the documentation. */
export type CaseGroup =
  | 'control'
  | 'credential'
  | 'comparison'
  | 'presentation'
  | 'environment'
  | 'address lock'
  | 'authorisation'
  | 'order'
  | 'transport'
  | 'routing'
  | 'caching'
  | 'browser'
  | 'survey';

/** `true`, or why there is nothing to ask. */
export type Applicability = true | string;

/** One named way to send one operation: what is sent, and nothing about what must come back. */
export interface Case {
  readonly id: string;
  readonly group: CaseGroup;
  /** What is sent, in the present tense: `a key cut by one character`. */
  readonly title: string;
  /**
   * The case that arms this one: the same request with a credential that is to be accepted. A refusal shows nothing
   * unless its control is accepted in the same run. Absent: the case is itself a positive.
   */
  readonly control?: string;
  /**
   * The documented forms of the credential that it is sent in, once each; a function makes of a form the ones that the
   * case needs. Absent: the first form that suits it only.
   */
  readonly alternatives?: 'each' | ((form: SecurityAlternative) => readonly SecurityAlternative[]);
  /** Whether a form has what the case is about: a header, a scheme, a second credential. */
  readonly suits?: (form: SecurityAlternative) => Applicability;
  /** For operations that the contract opens to everyone; every other case is for the rest. */
  readonly forAnonymous?: true;
  /** No well-formed HTTP: a 400 is about the form then, not about what an operation makes of its input. */
  readonly malformed?: true;
  /** The same oddity with the full-access key, to compare with. */
  readonly comparison?: string;
  /** Sent only where a case that names it as its comparison was answered neither 401 nor 403: a refusal needs no comparison. */
  readonly onDemand?: true;
  readonly appliesTo?: (operation: Operation, contract: Contract) => Applicability;
  /** @throws Unprovable where a key is missing or policy forbids it */
  readonly request: (builder: RequestBuilder) => PlannedRequest;
}

/** Why a probe was not sent, in words; thrown while a case builds its request. */
export class NotSent extends Error {
  /**
   * `policy`: the environment's profile forbids it, so the contract is not judged by it there; `form`: it makes no sense
   * in the form of the credential.
   */
  override readonly cause: 'key' | 'policy' | 'form' | 'request' | 'budget';
  /** The environment variable that would change it. */
  readonly variable: string | undefined;

  constructor(cause: NotSent['cause'], reason: string, variable?: string) {
    super(reason);
    this.name = 'Unprovable';
    this.cause = cause;
    this.variable = variable;
  }
}
