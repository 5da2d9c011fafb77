import type { Case } from '../../src/plan/case.ts';
import { lockedKeys } from './address-lock.ts';
import { insufficientKeys } from './authorisation.ts';
import { almostRightKeys, revokedKeys } from './comparison.ts';
import { controls } from './control.ts';
import { missingCredentials, missingCredentialsFirst } from './credential.ts';
import { otherEnvironmentKeys } from './environment.ts';
import { spellings } from './presentation.ts';
import { plainHttp } from './transport.ts';

/** Everything that is sent, controls first. */
export const cases: readonly Case[] = [
  ...controls,
  ...missingCredentials,
  ...missingCredentialsFirst,
  ...almostRightKeys,
  ...revokedKeys,
  ...spellings,
  ...otherEnvironmentKeys,
  ...insufficientKeys,
  ...lockedKeys,
  ...plainHttp,
];
