import { type ExpectMatcherState, type MatcherReturnType, expect as playwrightExpect } from '@playwright/test';
import type { TestEnd } from '../../src/asking/messages.ts';

export const expect = playwrightExpect.extend({
  /** A violation is this matcher's failure and nothing else; whatever else a test throws is an error. */
  toConform(this: ExpectMatcherState, { failure }: TestEnd): MatcherReturnType {
    return { name: 'toConform', pass: failure === undefined, message: () => failure ?? '' };
  },
});
