import type { Rule } from '../../../src/judging/rule.ts';
import type { CrossOperationRule } from '../../../src/judging/operation-comparison.ts';
import { addressLock } from './address-lock.ts';
import { authenticatedConnection } from './authenticated-connection.ts';
import { authenticationFirst } from './authentication-first.ts';
import { breakingKey } from './breaking-key.ts';
import { cacheControl } from './cache-control.ts';
import { cachedAnswer } from './cached-answer.ts';
import { challenge } from './challenge.ts';
import { claimedHost } from './claimed-host.ts';
import { conflictingCredentials } from './conflicting-credentials.ts';
import { decoratedKey } from './decorated-key.ts';
import { equivalentForms } from './equivalent-forms.ts';
import { everyCredential } from './every-credential.ts';
import { errorEnvelope } from './error-envelope.ts';
import { errorMediaType } from './error-media-type.ts';
import { foreignOrigin } from './foreign-origin.ts';
import { headerNameCase } from './header-name-case.ts';
import { insufficientScope } from './insufficient-scope.ts';
import { internalHeader } from './internal-header.ts';
import { invalidKey } from './invalid-key.ts';
import { jsonAtTheEdge } from './json-at-the-edge.ts';
import { malformedFieldLine } from './malformed-field-line.ts';
import { methodOverride } from './method-override.ts';
import { missingKey } from './missing-key.ts';
import { noInternals } from './no-internals.ts';
import { noKeyEcho } from './no-key-echo.ts';
import { noRedirect } from './no-redirect.ts';
import { oneAnswerToBadKeys } from './one-answer-to-bad-keys.ts';
import { oldTls } from './old-tls.ts';
import { onePrecedence } from './one-precedence.ts';
import { openOperation } from './open-operation.ts';
import { otherEnvironment } from './other-environment.ts';
import { otherMethod } from './other-method.ts';
import { otherVersion } from './other-version.ts';
import { partialKey } from './partial-key.ts';
import { placeholderKey } from './placeholder-key.ts';
import { plainHttp } from './plain-http.ts';
import { plainHttpRedirect } from './plain-http-redirect.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { repeatedCredential } from './repeated-credential.ts';
import { revokedKey } from './revoked-key.ts';
import { schemeCase } from './scheme-case.ts';
import { separateScopes } from './separate-scopes.ts';
import { strangePath } from './strange-path.ts';
import { strictTransport } from './strict-transport.ts';
import { sufficientScope } from './sufficient-scope.ts';
import { trace } from './trace.ts';
import { undocumentedCredential } from './undocumented-credential.ts';
import { undocumentedScheme } from './undocumented-scheme.ts';
import { uniformErrors } from './uniform-errors.ts';
import { validKey } from './valid-key.ts';

/** Everything that must hold, in the order of the documentation. */
export const rules: readonly Rule[] = [
  missingKey,
  everyCredential,
  openOperation,
  authenticationFirst,
  invalidKey,
  partialKey,
  placeholderKey,
  breakingKey,
  decoratedKey,
  revokedKey,
  validKey,
  equivalentForms,
  headerNameCase,
  schemeCase,
  undocumentedCredential,
  undocumentedScheme,
  conflictingCredentials,
  repeatedCredential,
  malformedFieldLine,
  otherEnvironment,
  claimedHost,
  insufficientScope,
  separateScopes,
  sufficientScope,
  plainHttp,
  plainHttpRedirect,
  noRedirect,
  strictTransport,
  oldTls,
  addressLock,
  strangePath,
  internalHeader,
  otherVersion,
  otherMethod,
  methodOverride,
  trace,
  authenticatedConnection,
  cachedAnswer,
  cacheControl,
  foreignOrigin,
  errorEnvelope,
  errorMediaType,
  challenge,
  oneAnswerToBadKeys,
  noInternals,
  jsonAtTheEdge,
  noKeyEcho,
  rateLimitHeaders,
];

/** What must hold of all operations together. */
export const crossOperationRules: readonly CrossOperationRule[] = [onePrecedence, uniformErrors];
