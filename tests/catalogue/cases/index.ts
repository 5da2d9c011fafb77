import type { Case } from '../../../src/requests/case.ts';
import { lockedKeys } from './address-lock.ts';
import { insufficientKeys } from './authorisation.ts';
import { almostRightKeys, revokedKeys } from './comparison.ts';
import { controls } from './control.ts';
import { missingCredentials, missingCredentialsFirst, openRequests, partialCredentials } from './credential.ts';
import { otherEnvironmentKeys } from './environment.ts';
import { methodSurveys, otherMethods } from './methods.ts';
import { breaking, decorated, fragments, placeholders } from './odd-keys.ts';
import { spellings } from './presentation.ts';
import { internalHeaders, otherVersions, strangePaths } from './routing.ts';
import { absentResources, browserRequests, edges, sequences } from './sequences.ts';
import { conflicts, malformedLines, repetitions } from './several-credentials.ts';
import { oldTls, plainHttp } from './transport.ts';
import { elsewhere, inBody, oddSchemes } from './undocumented-credential.ts';

/** Everything that is sent, controls first. */
export const cases: readonly Case[] = [
  ...controls,
  ...openRequests,
  ...missingCredentials,
  ...partialCredentials,
  ...missingCredentialsFirst,
  ...almostRightKeys,
  ...fragments,
  ...placeholders,
  ...decorated,
  ...breaking,
  ...revokedKeys,
  ...spellings,
  ...elsewhere,
  ...inBody,
  ...oddSchemes,
  ...conflicts,
  ...repetitions,
  ...malformedLines,
  ...otherEnvironmentKeys,
  ...insufficientKeys,
  ...lockedKeys,
  ...plainHttp,
  ...oldTls,
  ...strangePaths,
  ...internalHeaders,
  ...otherVersions,
  ...otherMethods,
  ...methodSurveys,
  ...sequences,
  ...absentResources,
  ...browserRequests,
  ...edges,
];
