/**
 * Why a probe is not sent.
 *
 * - `key`: a key is not configured; `variable` names the one to set.
 * - `budget`: the budget does not cover the probe; `variable` names the budget.
 * - `policy`: the environment's profile forbids the request, so the contract is not judged by it there.
 * - `alternative`: the case makes no sense in the security alternative.
 * - `request`: no request can be made, for example because no body is provably invalid.
 * - `stop`: the run was stopped before.
 */
export type NotSentArguments =
  | [cause: 'key' | 'budget', reason: string, variable: string]
  | [cause: 'policy', reason: string, variable?: string]
  | [cause: 'alternative' | 'request' | 'stop', reason: string];

/** Why a probe is not sent, in words. A case throws it while it builds its request. */
export class NotSent extends Error {
  override readonly cause: NotSentArguments[0];
  /** The environment variable that would change it. */
  readonly variable: string | undefined;

  constructor(...[cause, reason, variable]: NotSentArguments) {
    super(reason);
    this.name = 'NotSent';
    this.cause = cause;
    this.variable = variable;
  }

  /** The probe has nothing to show there, whoever runs the suite: it is not a gap that a setting could fill. */
  get isNotApplicable(): boolean {
    return this.cause === 'policy' || this.cause === 'alternative';
  }
}
