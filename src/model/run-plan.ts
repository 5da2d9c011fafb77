/** What a run is going to send, worked out without any network. */
export interface RunPlan {
  readonly requests: number;
  readonly byMethod: Readonly<Record<string, number>>;
  /** By the name of the credential that a request carries. */
  readonly byCredential: Readonly<Record<string, number>>;
  /** Why probes cannot be sent, how many, and the variable that would change it. */
  readonly notSent: readonly { readonly reason: string; readonly probes: number; readonly variable?: string }[];
  readonly leftOut: number;
  /** Further requests at the most: comparisons that are sent only where something was not refused. */
  readonly onDemand: number;
}
