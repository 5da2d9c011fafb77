import type { Finding } from '../model/finding.ts';
import type { Edition } from '../model/edition.ts';
import type { Contract, Level, Operation } from '../model/contract.ts';
import type { Volatile } from './same-response.ts';
import type { Standards } from './standards.ts';
import type { SchemaValidators } from '../openapi/schema-validators.ts';
import type { Case } from '../requests/case.ts';
import type { SecurityAlternative } from '../requests/security-alternative.ts';
import type { ScopedKey, Target } from '../model/target.ts';
import type { CompletedExchange, FailedExchange, HttpResponse, Landmarks, Respondent } from '../model/exchange.ts';

/** Who demands a rule: a promise of the contract by its id, or a public standard. */
export type Source = { readonly promise: string } | { readonly standard: string; readonly url: string };

/** Sections of the documentation, in its order. */
export const SECTIONS = [
  'Missing key',
  'Invalid key',
  'Presenting the key',
  'Environments',
  'Permissions',
  'HTTPS',
  'Address lock',
  'Ways round authentication',
  'Caching',
  'Browsers',
  'Error responses',
  'Rate limits',
  'Keys over time',
] as const;

export type Section = (typeof SECTIONS)[number];

/**
 * What a rule judges: certain cases, each in all its security alternatives, or of the operation every response that is a
 * refusal (401 or 403), every error (a status from 400 on), or every response. Where it names no case, one that was not
 * sent is no gap.
 */
export type Given = { readonly cases: readonly Case[] } | { readonly every: 'refusal' | 'error' | 'response' };

/** The cases that a rule names; none where it judges every response. */
export function casesGiven({ given }: { readonly given: Given }): readonly Case[] {
  return 'cases' in given ? given.cases : [];
}

/** A case that got a response, as a rule sees it. */
export interface JudgedExchange {
  readonly exchange: CompletedExchange;
  readonly response: HttpResponse;
  readonly case: Case;
  readonly alternative: SecurityAlternative;
  readonly operation: Operation;
  readonly contract: Contract;
  readonly target: Target;
  readonly schemas: SchemaValidators;
  /** The response to the control; absent where the case has none, or where policy left the control out. */
  readonly control?: HttpResponse;
  /** What the target says where no operation is. */
  readonly landmarks: Landmarks;
  readonly respondent: Respondent;
  /** Names of header fields that come and go while the request stays the same, in lower case. */
  readonly unsteadyHeaders: () => ReadonlySet<string>;
  /** What of a body is another in every response. */
  readonly volatile: () => Volatile;
  /** The response to the full-access key in the primary security alternative, if there was one. */
  readonly fullAccess?: HttpResponse;
  /** The response to the same operation without a credential, if there was one. */
  readonly noKey?: HttpResponse;
  /** The request is valid and may have had an effect, so that an equal one may have met another state. */
  readonly isRepeat?: true;
  /** The responses to each of the names that the case tries at once, by the name; empty: they were not tried alone. */
  readonly alone: ReadonlyMap<string, HttpResponse>;
  /** The scoped key that was sent, where one was. */
  readonly scopedKey?: ScopedKey;
  /**
   * The response to another case on the same operation.
   *
   * @param alternative absent: the primary one
   */
  readonly responseOf: (one: Pick<Case, 'id'>, alternative?: SecurityAlternative) => HttpResponse | undefined;
}

/** What every rule says of itself, whatever it judges by. */
export interface RuleHead {
  /** In kebab-case, unique: `missing-key`. */
  readonly id: string;
  readonly level: Level;
  /** What is, in the present tense, under 100 characters. */
  readonly title: string;
  readonly section: Section;
  /** The edition since which a run can fail for it. */
  readonly since: Edition;
  readonly source: Source;
  readonly standards: Standards;
}

export interface Rule extends RuleHead {
  readonly given: Given;
  /** Further cases whose responses `verify` looks up with `responseOf`. */
  readonly comparedWith?: readonly Case[];
  /** Those of `comparedWith` that the judgement of one case looks up; absent: all of them. */
  readonly comparedFor?: (one: Case) => readonly Case[];
  /** Only the security alternatives beside the primary one: for a rule that compares the two. */
  readonly alternatives?: 'others';
  /**
   * Of a rule that judges every response: whose. Then requests that are no well-formed HTTP are left out, and those to
   * upgrade the connection, because they are not what an API makes promises about. Absent: everyone's.
   */
  readonly respondents?: readonly Respondent[];
  /** The rule is about the order of input check and authentication: every other one leaves that question to it. */
  readonly judgesOrder?: true;
  /** Every expectation that `verify` or `verifyFault` may speak of. Another one is an error of the cell. */
  readonly expectations: readonly string[];
  /** Why there is nothing to judge on an operation; absent or undefined: there is. */
  readonly reasonNotApplicable?: (operation: Operation, contract: Contract) => string | undefined;
  /** The level on one operation, where the contract is less sure of it than the rule. */
  readonly levelOn?: (operation: Operation) => Level;
  /** For operations that the contract opens to everyone; every other rule is for the rest. */
  readonly forAnonymous?: true;
  /**
   * Judges operations too that a certificate of the client opens by itself. What a connection without it gets is often said by
   * a proxy that ends TLS, so rules about every response do not.
   */
  readonly alsoByCertificate?: true;
  /** False: a response is judged as it stands, whatever became of its control. */
  readonly requiresControl?: false;
  /** Judges one response. Pure: all it may know is in its argument. */
  readonly verify: (judged: JudgedExchange) => readonly Finding[];
  /** Judges a fault. Without it, or where it returns undefined, a fault is an error. */
  readonly verifyFault?: (exchange: FailedExchange) => readonly Finding[] | undefined;
}
