/** What a run is going to send, worked out without any network. */
export interface RunPlan {
  /** Requests without the comparisons on demand. */
  readonly requests: number;
  readonly byMethod: Readonly<Record<string, number>>;
  /** By the name of the credential that a request carries. */
  readonly byCredential: Readonly<Record<string, number>>;
  /** Why probes cannot be sent, how many, and the variable that would change it. */
  readonly notSent: readonly { readonly reason: string; readonly probes: number; readonly variable?: string }[];
  /** Probes that the budget does not cover. */
  readonly leftOut: number;
  /** Comparisons, each sent only where a case is not refused: so many further requests at the most. */
  readonly onDemand: number;
  /** Requests over HTTP/2, sent only where the target offers it, which a plan does not ask: so many further ones. */
  readonly overHttp2: number;
  /**
   * Requests on an unsafe method whose harmlessness the contract alone proves: no control sends the same method and body
   * with a credential that is accepted, so that its response could show it.
   */
  readonly unprovenHarmless: number;
  /** What it takes to ask about keys over time; absent: the run makes no key. The most of both. */
  readonly keys?: { readonly requests: number; readonly seconds: number };
  /** How many rules are newer than the edition that the run pins; absent: it pins none. */
  readonly newerRules?: number;
}
