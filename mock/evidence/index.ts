import type { DefectId } from '../defects/index.ts';
import { ofAnswers } from './answers.ts';
import { ofBrowsers, ofCaching } from './caching.ts';
import { ofCredentials } from './credentials.ts';
import { ofAddresses, ofEnvironments, ofHttps } from './environments.ts';
import { ofErrors, ofLimits, ofUniformity } from './errors.ts';
import type { Evidence } from './evidence.ts';
import { ofMethods } from './methods.ts';
import { ofOddKeys } from './odd-keys.ts';
import { ofPermissions } from './permissions.ts';
import { ofConnections, ofLenience, ofPresentation, ofSeveralCredentials } from './presentation.ts';
import { ofHiding, ofRewriting, ofRouting } from './routing.ts';
import { ofSeveralSchemes } from './several-schemes.ts';
import { ofTransport } from './transport.ts';

/** How each defect shows itself: total, so that none is planted that nobody has seen. */
export const evidence: Readonly<Record<DefectId, Evidence>> = {
  ...ofCredentials,
  ...ofOddKeys,
  ...ofTransport,
  ...ofEnvironments,
  ...ofHttps,
  ...ofAddresses,
  ...ofPermissions,
  ...ofAnswers,
  ...ofRouting,
  ...ofHiding,
  ...ofRewriting,
  ...ofMethods,
  ...ofPresentation,
  ...ofSeveralCredentials,
  ...ofLenience,
  ...ofConnections,
  ...ofErrors,
  ...ofUniformity,
  ...ofLimits,
  ...ofCaching,
  ...ofBrowsers,
  ...ofSeveralSchemes,
};
