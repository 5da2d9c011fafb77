import type { Rule } from '../../src/verdict/rule.ts';
import { addressLock } from './address-lock.ts';
import { authenticationFirst } from './authentication-first.ts';
import { claimedHost } from './claimed-host.ts';
import { equivalentForms } from './equivalent-forms.ts';
import { errorEnvelope } from './error-envelope.ts';
import { errorMediaType } from './error-media-type.ts';
import { headerNameCase } from './header-name-case.ts';
import { insufficientScope } from './insufficient-scope.ts';
import { invalidKey } from './invalid-key.ts';
import { missingKey } from './missing-key.ts';
import { noKeyEcho } from './no-key-echo.ts';
import { otherEnvironment } from './other-environment.ts';
import { plainHttp } from './plain-http.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { revokedKey } from './revoked-key.ts';
import { schemeCase } from './scheme-case.ts';
import { separateScopes } from './separate-scopes.ts';
import { sufficientScope } from './sufficient-scope.ts';
import { validKey } from './valid-key.ts';

/** Everything that must hold, in the order of the documentation. */
export const rules: readonly Rule[] = [
  missingKey,
  authenticationFirst,
  invalidKey,
  revokedKey,
  validKey,
  equivalentForms,
  headerNameCase,
  schemeCase,
  otherEnvironment,
  claimedHost,
  insufficientScope,
  separateScopes,
  sufficientScope,
  plainHttp,
  addressLock,
  errorEnvelope,
  errorMediaType,
  noKeyEcho,
  rateLimitHeaders,
];
