import { type ExpectMatcherState, type MatcherReturnType, expect as playwrightExpect } from '@playwright/test';
import type { ReportedRule } from '../../src/reporting/conformance.ts';
import { type EndOfTest, failureText } from './end-of-test.ts';

export const expect = playwrightExpect.extend({
  /**
   * A violation is this matcher's failure and nothing else; whatever else a test throws is an error.
   *
   * @param rules who says what a rule demands, by its id
   */
  toConform(this: ExpectMatcherState, end: EndOfTest, rules: ReadonlyMap<string, ReportedRule>): MatcherReturnType {
    return { name: 'toConform', pass: end.failing.length === 0, message: () => failureText(end, rules) };
  },
});
