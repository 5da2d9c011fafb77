import { expectDenied } from '../../../src/judging/access.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/** OWASP API9:2023: old and internal versions are often left without the gate of the current one. They are no part of the contract. */
export const otherVersion: Rule = {
  id: 'other-version',
  level: 'SHOULD',
  title: 'the operation below another prefix opens nothing without a key',
  section: 'Ways round',
  source: {
    standard: 'OWASP API9:2023, Improper Inventory Management',
    url: 'https://owasp.org/API-Security/editions/2023/en/0xa9-improper-inventory-management/',
  },
  given: ['prefix-v0', 'prefix-v1', 'prefix-internal', 'prefix-beta'],
  verify: expectDenied,
};
