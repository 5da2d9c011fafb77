import { isAnswer } from '../../../src/judging/expectations.ts';
import type { Rule } from '../../../src/judging/rule.ts';

/**
 * OpenAPI, Security Requirement Object: the schemes of one requirement are asked for all together. A server that asks for
 * one of them, or looks up one of them, has half a lock.
 *
 * A credential that is missing is answered as a missing key, one that was never issued as an invalid one.
 */
export const everyCredential: Rule = {
  id: 'every-credential',
  level: 'MUST',
  title: 'of credentials that are asked for together each one is needed',
  section: 'Missing key',
  source: {
    standard: 'OpenAPI 3.1.1 §4.8.30, Security Requirement Object',
    url: 'https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object',
  },
  given: ['one-of-several-missing', 'one-of-several-never-issued'],
  verify: (judged) =>
    judged.case.id === 'one-of-several-missing'
      ? isAnswer(judged, 'missingKey', 'missing-key')
      : isAnswer(judged, 'invalidKey', 'invalid-key'),
};
