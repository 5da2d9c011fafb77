import { expect, test } from '@playwright/test';
import type { DefectId } from '../../mock/defects/index.ts';
import { reveal } from '../../src/secret.ts';
import { startMock } from '../../mock/start.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { complaintLines } from '../support/complaints.ts';
import { judgeMock, twitch, mockOf } from '../support/harness.ts';

/** The second contract: nothing that the suite does may hold for the first one only. */

test('the sound mock of it draws no complaint, and every applicable cell is proven', async () => {
  const contract = await twitch();
  const { cells, mock } = await judgeMock({ contract });
  expect(complaintLines(cells, contract)).toEqual([]);
  expect(cells.filter(({ outcome }) => outcome !== 'conforms' && outcome !== 'not applicable')).toEqual([]);
  expect(cells.filter(({ outcome }) => outcome === 'conforms').length).toBeGreaterThan(280);
  expect(mock.effects).toEqual([]);
});

test('what it does not say is not applicable, with the reason', async () => {
  const contract = await twitch();
  const { cells } = await judgeMock({ contract, operations: (id) => id === 'GET /users' || id === 'PATCH /channels' });
  const reasonOf = (rule: string, operation = 'GET /users'): string | undefined =>
    cells.find((cell) => cell.rule === rule && cell.operation === operation)?.reason;
  expect(reasonOf('other-environment')).toBe('the contract names one environment');
  expect(reasonOf('sufficient-scope')).toBe('the contract names no scope for the operation');
  expect(reasonOf('rate-limit-headers')).toBe('the contract names no rate-limit headers');
  expect(reasonOf('address-lock')).toBe('the contract promises no key that is locked to addresses');
  expect(reasonOf('equivalent-forms')).toBe('the contract promises no second way that is equivalent');
  expect(reasonOf('separate-scopes', 'PATCH /channels')).toBe(
    'the contract does not say that scopes of a resource are separate',
  );
  expect(reasonOf('cached-answer', 'PATCH /channels')).toBe('the operation is no GET');
});

/** Bugs of the first contract, as this one shows them. */
const expected: Partial<Record<DefectId, readonly string[]>> = {
  'any-well-formed-key-accepted': [
    'invalid-key: * (status, body)',
    'partial-key: half-a-key (status)',
    'placeholder-key: placeholder-undefined placeholder-constructor placeholder-prototype placeholder-to-string placeholder-change-me placeholder-password placeholder-your-key-in-capitals (status)',
    'stored-form: * (status)',
    'breaking-key: key-of-8-kilobytes (refused)',
  ],
  'revoked-key-accepted': ['revoked-key: revoked-key (status)'],
  'scope-not-enforced': [
    'insufficient-scope: scoped-out-key scoped-out-key-dry-run (status, body) on safe operations',
    'insufficient-scope: same-verb-key (status, body) on GET /bits/leaderboard',
    'connection-permissions: scoped-out-key-on-connection (status)',
  ],
  'key-in-query-access-token': ['undocumented-credential: key-in-query (refused)'],
  'first-line-counts': ['repeated-credential: good-line-then-bad-line (refused)'],
};

for (const [id, lines] of Object.entries(expected) as [DefectId, readonly string[]][]) {
  test(`${id} draws exactly its complaints on it`, async () => {
    const contract = await twitch();
    const { cells } = await judgeMock({ contract, defect: { id } });
    expect(complaintLines(cells, contract)).toEqual(lines);
  });
}

test('its keys are read from variables of their own', async () => {
  const contract = await twitch();
  const mock = await startMock({ ...mockOf(contract) });
  try {
    const settings = mock.settings('sandbox');
    const target = readTarget(contract, settings);
    expect(target.schemeVariables).toEqual({ clientId: 'TWITCH_KEY_CLIENT_ID' });
    expect(Object.keys(target.keys.others)).toEqual(['clientId']);
    expect(target.keys.others['clientId'] && reveal(target.keys.others['clientId'])).toBe(
      settings['TWITCH_KEY_CLIENT_ID'],
    );
  } finally {
    await mock.close();
  }
});
