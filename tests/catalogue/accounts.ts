import { expectNotOpened } from '../../src/judging/accounts.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import { allowsAnonymous } from '../../src/openapi/security.ts';
import type { ControlledCase, UncontrolledCase } from '../../src/requests/case.ts';
import { listLeadingTo } from '../../src/requests/list-operations.ts';
import { needsGet, needsPathParameter } from './conditions.ts';
import { validKey } from './shared-cases.ts';

/** A list says whether the second key is accepted at all, and whether both accounts have the resource. */
function needsList(operation: Operation, contract: Contract): string | undefined {
  const list = listLeadingTo(contract, operation);
  const isGuarded = list !== undefined && !allowsAnonymous(list);
  const reason = needsGet(operation) ?? needsPathParameter(operation);
  return reason ?? (isGuarded ? undefined : 'the contract has no list that shows the ids of an account');
}

const otherAccountKey: ControlledCase = {
  id: 'other-account-key',
  kind: 'controlled',
  group: 'authorisation',
  title: 'a full-access key of another account, with an id of the first one',
  access: { key: 'other account', expected: 'denied', rule: 'other-account' },
  control: validKey,
  reasonNotApplicable: needsList,
  request: (builder) => builder.build({ key: builder.otherAccountKey() }),
};

const otherAccountList: UncontrolledCase = {
  id: 'other-account-list',
  kind: 'uncontrolled',
  group: 'authorisation',
  title: 'a full-access key of another account, on the list that shows its own ids',
  reasonNotApplicable: needsList,
  request: (builder) => {
    const list = listLeadingTo(builder.contract, builder.operation) ?? builder.operation;
    return builder.ofOperation(list).build({ key: builder.otherAccountKey() });
  },
};

/**
 * OWASP API1:2023, and ASVS 5.0, 8.2.2 and 8.4.1: a key opens what its own account has, whoever knows the id of something
 * else. The contract says nothing of accounts. Reads are tried only.
 *
 * Laxer than the standards: a success shows a hole only where it holds the data and the id that the first account gets.
 */
const otherAccount: Rule = {
  id: 'other-account',
  level: 'MUST',
  title: 'what an account has does not open for the key of another account',
  section: 'Permissions',
  since: '2026.12',
  source: {
    standard: 'OWASP API1:2023, Broken Object Level Authorization',
    url: 'https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/',
  },
  standards: { cwe: [639], owaspApi: ['API1'], asvs: ['8.2.2', '8.4.1'], severity: 'high' },
  given: { cases: [otherAccountKey] },
  comparedWith: [otherAccountList],
  expectations: ['not-opened'],
  verify: (judged) => [expectNotOpened(judged, otherAccountList)],
};

export const accountRules: readonly Rule[] = [otherAccount];
