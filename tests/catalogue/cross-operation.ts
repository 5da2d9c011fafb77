import type { CrossOperationRule } from '../../src/judging/operation-comparison.ts';
import { lockedKey } from './address-lock.ts';
import { revokedKeyCase } from './invalid-key.ts';
import { emptyKey } from './missing-key.ts';
import { foreignKeyCase } from './permissions.ts';
import { badKeyAndGoodBearer, goodKeyAndBadBearer } from './presenting-two-keys.ts';
import { neverIssuedKey, noKey } from './shared-cases.ts';

/**
 * Which of two credentials counts is not documented, but whichever it is, it is the same everywhere: a server whose
 * operations differ has more than one gate.
 */
const onePrecedence: CrossOperationRule = {
  id: 'one-precedence',
  level: 'SHOULD',
  title: 'which of two credentials counts is the same on every operation',
  section: 'Presenting the key',
  since: '2026.11',
  source: { promise: 'bearer-equivalent' },
  standards: { cwe: [436], owaspApi: ['API2'], asvs: ['6.3.4', '15.3.7'], severity: 'low' },
  compare: 'access',
  given: { cases: [goodKeyAndBadBearer, badKeyAndGoodBearer] },
};

/**
 * The documentation describes its errors once for all operations. An operation that answers the same failure in another shape
 * than the others was written by hand, and nobody knows what else it lacks. This needs no words of the contract.
 */
const uniformErrors: CrossOperationRule = {
  id: 'uniform-errors',
  level: 'SHOULD',
  title: 'the same failure has the same shape on every operation',
  section: 'Error responses',
  since: '2026.11',
  source: { promise: 'error-envelope' },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  compare: 'shape',
  promised: {
    [noKey.id]: 'missingKey',
    [emptyKey.id]: 'missingKey',
    [neverIssuedKey.id]: 'invalidKey',
    [revokedKeyCase.id]: 'invalidKey',
  },
  given: { cases: [noKey, emptyKey, neverIssuedKey, revokedKeyCase, foreignKeyCase, lockedKey] },
};

export const crossOperationRules: readonly CrossOperationRule[] = [onePrecedence, uniformErrors];
