import { expect, test } from '../support/unit-test.ts';
import { dryRunSettings } from '../../mock/dry-run.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { SchemaValidators } from '../../src/openapi/schema-validators.ts';
import { planOperation, type Probe } from '../../src/requests/plan-operation.ts';
import { permissionRules } from '../../tests/catalogue/permissions.ts';
import { partsOf } from '../../tests/catalogue/scope-parts.ts';
import { casesGiven } from '../../src/judging/rule.ts';
import { huechat, mockOf } from '../support/contracts.ts';

const CASES = permissionRules.flatMap(casesGiven).filter(({ id }) => !/dry-run|valid-request|on-connection/.test(id));

/** What each case about permissions presents on an operation: the scopes of its key, or why it is not sent. */
async function presented(id: string, scopeSets: readonly string[]): Promise<Record<string, string>> {
  const contract = await huechat();
  const scopedKeys = scopeSets.map((scopes, index) => `${scopes}=sk_test_${String(index).repeat(24)}`).join(';');
  const target = readTarget(contract, { ...dryRunSettings(mockOf(contract)), HUECHAT_SCOPED_KEYS: scopedKeys });
  const operations = contract.operations.filter((operation) => operation.id === id);
  const validators = new SchemaValidators(contract);
  const probes = operations.flatMap((one) => planOperation(contract, target, one, CASES, validators));
  const shown = ({ credential, notSent }: Probe): string =>
    notSent ? `${notSent.isNotApplicable ? 'not applicable' : 'not proven'}: ${notSent.message}` : scopesOf(credential);
  return Object.fromEntries(probes.filter((one) => one.id === one.case.id).map((probe) => [probe.id, shown(probe)]));
}

function scopesOf({ scopedKey }: NonNullable<Probe['credential']>): string {
  return [...(scopedKey?.scopes ?? [])].join('+');
}

for (const [scope, resource, verb] of [
  ['contacts:read', 'contacts', 'read'],
  ['read_contacts', 'contacts', 'read'],
  ['Contacts.Read', 'contacts', 'read'],
  ['crm.objects.contacts.write', 'crm objects contacts', 'write'],
  ['read:org', 'org', 'read'],
  ['user-read-email', 'user email', 'read'],
  ['channel:manage:broadcast', 'channel', 'manage'],
  ['chat:write.public', 'chat', 'write'],
  ['admin:read', 'admin', 'read'],
  ['admin', 'admin', undefined],
  ['read', 'read', undefined],
  ['orders:read-write', 'orders', undefined],
] as const)
  test(`${scope} ${verb === undefined ? 'does not tell a verb from a resource' : `is to ${verb} ${resource}`}`, () => {
    expect(partsOf(scope)).toEqual({ resource, ...(verb !== undefined && { verb }) });
  });

test('each kind of lack is tried with a key of its own', async () => {
  const others = 'conversations:read+conversations:write+channels:read';
  const allBut = `contacts:write+${others}`;
  expect(
    await presented('GET /contacts', [
      ...['contacts:read', 'contacts:write', 'conversations:read', 'conversations:write', 'none'],
      ...[others, allBut],
    ]),
  ).toEqual({
    'scoped-key': 'contacts:read',
    'scoped-out-key': 'conversations:write',
    'same-verb-key': 'conversations:read',
    'scopeless-key': '',
    'several-scopes-key': others,
    'sibling-scope-key': 'contacts:write',
    'all-but-scope-key': allBut,
  });
});

test('no key is sent twice, and a kind of lack without a key of its own is no gap', async () => {
  const given = await presented('GET /contacts', ['contacts:read', 'contacts:write', 'conversations:read']);
  expect(given).toMatchObject({
    'scoped-out-key': 'conversations:read',
    'same-verb-key': 'not applicable: scoped-out-key sends that key',
    'scopeless-key': 'not applicable: no key with no scope is given: HUECHAT_SCOPED_KEYS takes one',
    'several-scopes-key': expect.stringMatching(
      /^not applicable: no key with several scopes and none of contacts:read/,
    ),
    'all-but-scope-key': expect.stringMatching(
      /^not applicable: no key with several scopes, contacts:write among them/,
    ),
  });
  const only = await presented('GET /contacts', ['contacts:read', 'conversations:read+channels:read']);
  expect(only).toMatchObject({
    'scoped-out-key': 'conversations:read+channels:read',
    'same-verb-key': 'not applicable: scoped-out-key sends that key',
    'several-scopes-key': 'not applicable: scoped-out-key sends that key',
  });
});
