import { casesGiven, type Rule } from '../../src/judging/rule.ts';
import type { Case } from '../../src/requests/case.ts';
import type { Catalogue } from '../../src/run/catalogue.ts';
import { accountRules } from './accounts.ts';
import { addressLockRules } from './address-lock.ts';
import { browserRules } from './browsers.ts';
import { cachingRules } from './caching.ts';
import { clientCertificateRules } from './client-certificates.ts';
import { crossOperationRules } from './cross-operation.ts';
import { environmentRules } from './environments.ts';
import { errorResponseRules } from './error-responses.ts';
import { gatewayClaimRules } from './gateway-claims.ts';
import { http2Rules } from './http2.ts';
import { httpsRules } from './https.ts';
import { invalidKeyRules } from './invalid-key.ts';
import { keyRules } from './keys-over-time.ts';
import { missingKeyRules } from './missing-key.ts';
import { optionalCredentialRules } from './optional-credentials.ts';
import { permissionRules } from './permissions.ts';
import { presentingTheKeyRules } from './presenting-the-key.ts';
import { presentingTwoKeysRules } from './presenting-two-keys.ts';
import { judgedOtherwise } from './promises.ts';
import { rateLimitRules } from './rate-limits.ts';
import { severalCredentialsRules } from './several-credentials.ts';
import { upgradeRules } from './upgrades.ts';
import { waysRoundByMethodRules } from './ways-round-by-method.ts';
import { waysRoundByPathRules } from './ways-round-by-path.ts';
import { worth } from './worth.ts';

/** What must hold of each operation, in the order of the documentation. */
export const rules: readonly Rule[] = [
  ...missingKeyRules,
  ...invalidKeyRules,
  ...severalCredentialsRules,
  ...optionalCredentialRules,
  ...presentingTheKeyRules,
  ...presentingTwoKeysRules,
  ...environmentRules,
  ...permissionRules,
  ...accountRules,
  ...httpsRules,
  ...clientCertificateRules,
  ...addressLockRules,
  ...waysRoundByPathRules,
  ...gatewayClaimRules,
  ...waysRoundByMethodRules,
  ...upgradeRules,
  ...http2Rules,
  ...cachingRules,
  ...browserRules,
  ...errorResponseRules,
  ...rateLimitRules,
];

/** What is sent to each operation: every case that a rule names, and the cases that those need. Controls come first. */
export const cases: readonly Case[] = controlsFirst([
  ...new Set([...rules, ...crossOperationRules].flatMap(casesNamed)),
]);

function casesNamed(rule: Pick<Rule, 'given' | 'comparedWith'>): Case[] {
  const named = [...casesGiven(rule), ...(rule.comparedWith ?? [])];
  return named.flatMap((one) => [
    one,
    ...[one.control, one.comparison, one.elsewhere].filter((needed) => needed !== undefined),
  ]);
}

function controlsFirst(all: readonly Case[]): Case[] {
  const isControl = ({ kind }: Case): boolean => kind === 'control';
  return [...all.filter(isControl), ...all.filter((one) => !isControl(one))];
}

/** Everything that the suite knows about authentication with keys. */
export const catalogue: Catalogue = { cases, rules, crossOperationRules, judgedOtherwise, keyRules, worth };

export { crossOperationRules, keyRules };
