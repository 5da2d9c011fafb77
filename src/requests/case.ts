import type { Contract, Operation } from '../model/contract.ts';
import type { RequestBuilder } from './request-builder.ts';
import type { SecurityAlternative } from './security-alternative.ts';
import type { PlannedRequest } from '../model/request.ts';

/** Headings under which reports list the cases, in the order of the documentation. */
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

/**
 * The id of the case that sends the full-access key. A key counts as accepted where it gets the response that this case
 * gets, so the judge has to find that response. `tests/catalogue/shared-cases.ts` declares the case.
 */
export const FULL_ACCESS_CASE = 'valid-key';

/**
 * The id of the case that sends no credential. A request is denied where it gets the response that this case gets, so the
 * judge has to find that response as well.
 */
export const NO_KEY_CASE = 'no-key';

/** The id of the case with a header that is longer than most parsers take, whose answer shows who stands before the API. */
export const TOO_LONG_CASE = 'key-of-64-kilobytes';

/** The id of the control where a certificate of the client opens an operation by itself: the certificate and no key. */
export const CERTIFICATE_CASE = 'certificate-alone';

/** The id of the case that presents nothing at all there, neither a certificate nor a key. */
export const NOTHING_CASE = 'no-certificate-and-no-key';

/** A key by what it is, as a reader is told. */
export type KeyKindShown =
  | 'full access'
  /** Its scopes stand beside it. */
  | 'scopes'
  | 'revoked'
  | 'other environment'
  | 'other account'
  | 'locked to another address'
  | 'never issued'
  | 'no key';

/** That a case shows what a key opens: its request is the usual one, with that key and nothing else of note. */
export interface ShownAccess {
  readonly key: KeyKindShown;
  readonly expected: 'opened' | 'denied';
  /** Id of the rule that judges it. */
  readonly rule: string;
}

/** What every case says: one named way to send an operation, and nothing about what must come back. */
interface CaseParts {
  /** In kebab-case: `key-cut-by-one`. */
  readonly id: string;
  readonly group: CaseGroup;
  /** What is sent, in the present tense: `a key cut by one character`. */
  readonly title: string;
  /** What the view of keys by operations shows of it; absent: nothing. */
  readonly access?: ShownAccess;
  /**
   * The security alternatives in which the case is sent. `each`: every suitable one. A function makes of a suitable
   * alternative the ones that the case needs. Absent: the first suitable one only.
   */
  readonly alternatives?: 'each' | ((alternative: SecurityAlternative) => readonly SecurityAlternative[]);
  /** Why the case makes no sense in a security alternative: `bearer is presented without …`. */
  readonly reasonUnsuitable?: (alternative: SecurityAlternative) => string | undefined;
  /** Why the case makes no sense on an operation: `the operation takes no body`. */
  readonly reasonNotApplicable?: (operation: Operation, contract: Contract) => string | undefined;
  /** Only where a certificate of the client opens the operation by itself; every other one is only where a key does. */
  readonly byCertificate?: true;
  /** Sent over HTTP/2, where the target offers it. */
  readonly overHttp2?: true;
  /** @throws NotSent where a key is missing or the policy forbids the request */
  readonly request: (builder: RequestBuilder) => PlannedRequest;
}

/** What only controlled cases have. The other kinds say so, so that copying one case into another is checked as well. */
interface WithoutControl {
  readonly control?: undefined;
  readonly whereOptional?: undefined;
  readonly malformed?: undefined;
  readonly comparison?: undefined;
  readonly elsewhere?: undefined;
  readonly alone?: undefined;
}

/** Sends a credential that must be accepted, so that it can be the control of other cases. */
export interface ControlCase extends CaseParts, WithoutControl {
  readonly kind: 'control';
}

/** Sends something whose response shows nothing unless the control is accepted in the same run. */
export interface ControlledCase extends CaseParts {
  readonly kind: 'controlled';
  /** The same request with a credential that must be accepted. */
  readonly control: ControlCase;
  /** Only where the contract makes the credential optional; every other one is only where it asks for one. */
  readonly whereOptional?: true;
  /** The request is no well-formed HTTP, so that a 400 is about its syntax and not about the operation's input. */
  readonly malformed?: true;
  /** The same peculiar request with the full-access key, sent only where this case is not refused. */
  readonly comparison?: OnDemandCase;
  /**
   * The same peculiar request on a path that is no operation, sent only where this case is not refused: where both get the
   * same, the response is about the peculiarity, and nothing was opened.
   */
  readonly elsewhere?: OnDemandCase;
  /** Of a case that tries several names at once: how they are told apart where it opened something. */
  readonly alone?: Alone;
}

/**
 * Tells which of several names in one request counts. Only where the request opened something, halves of its names are sent,
 * and again halves of each half that opens, down to single names: a few requests for a hit, and none where nothing opens.
 */
export interface Alone {
  /** The most names that there can be, for the plan of a run. */
  readonly most: number;
  /** As a reader is told: `api_key in the query`, `X-Real-IP: 127.0.0.1`. */
  readonly names: (builder: RequestBuilder) => readonly string[];
  /**
   * The request of the case with some of the names only.
   *
   * @throws NotSent as the case itself does
   */
  readonly request: (builder: RequestBuilder, names: readonly string[]) => PlannedRequest;
}

/** Sends something whose response is judged as it stands. */
export interface UncontrolledCase extends CaseParts, WithoutControl {
  readonly kind: 'uncontrolled';
}

/** Sends no credential to an operation that the contract opens to everyone. Every other kind is for the other operations. */
export interface AnonymousCase
  extends Omit<CaseParts, 'alternatives' | 'reasonUnsuitable' | 'byCertificate'>, WithoutControl {
  readonly kind: 'anonymous';
  readonly alternatives?: undefined;
  readonly reasonUnsuitable?: undefined;
  readonly byCertificate?: undefined;
}

/**
 * Is sent only where a case that names it as its `comparison` or its `elsewhere` got neither 401 nor 403: a refusal needs no
 * comparison.
 */
export interface OnDemandCase extends CaseParts, WithoutControl {
  readonly kind: 'on-demand';
}

export type Case = ControlCase | ControlledCase | UncontrolledCase | AnonymousCase | OnDemandCase;
