import type { Rule } from '../../src/judging/rule.ts';

export interface ListenedRules {
  readonly rules: readonly Rule[];
  /** `rule/expectation` of everything that a rule looked at so far, also where it held. */
  readonly looked: ReadonlySet<string>;
}

/**
 * The same rules, and what each of them looks at. A rule names an expectation only while it judges, and a verdict keeps
 * only those that do not hold: one that can never fail would not be seen otherwise.
 */
export function listenTo(rules: readonly Rule[]): ListenedRules {
  const looked = new Set<string>();
  const listened = rules.map((rule): Rule => {
    const note = <Found extends readonly { readonly expectation: string }[] | undefined>(found: Found): Found => {
      for (const { expectation } of found ?? []) looked.add(`${rule.id}/${expectation}`);
      return found;
    };
    const { verifyFault } = rule;
    return {
      ...rule,
      verify: (judged) => note(rule.verify(judged)),
      ...(verifyFault && { verifyFault: (exchange) => note(verifyFault(exchange)) }),
    };
  });
  return { rules: listened, looked };
}
