import { expectRefused } from '../../src/judging/access.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { isBasic } from '../../src/openapi/security.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import { text } from '../../src/secret.ts';
import { needsSeveralCredentials } from './conditions.ts';
import { almostRightKeys } from './invalid-key.ts';
import { validKey } from './shared-cases.ts';
import { varyingEachCompanion } from '../../src/requests/security-alternative.ts';

/*
 * Operations that ask for several credentials at once, such as a key and a secret of the application. The rules about the
 * key change the key and leave the others right; here each of the others is changed, and the key is right.
 */

/** In characters. Another one as short may be somebody's: the id of an application is often a small number. */
const SHORTEST_ALTERED = 8;

/** The changes of a key that are changes of any credential. */
const ALTERED: ReadonlySet<string> = new Set([
  'key-cut-by-one',
  'key-extended-by-one',
  'key-in-other-case',
  'key-changed-in-front',
  'key-changed-in-the-middle',
  'key-changed-at-the-end',
]);

/** Each case about an altered key, about each credential beside the key in its place. */
const altered: readonly ControlledCase[] = almostRightKeys
  .filter(({ id }) => ALTERED.has(id))
  .map((one) => ({
    ...one,
    id: one.id.replace(/^key/, 'one-of-several'),
    title: one.title.replace(/^the key/, 'the right key, and a credential beside it'),
    reasonUnsuitable: needsSeveralCredentials,
    alternatives: varyingEachCompanion,
    request: (builder: RequestBuilder) => {
      builder.fullKey().derive('', (value) => {
        if (value.length < SHORTEST_ALTERED)
          throw new NotSent('alternative', "the credential is so short that an altered one may be somebody's");
        return '';
      });
      if (one.id === 'key-in-other-case' && mayIgnoreCase(builder))
        throw new NotSent(
          'alternative',
          'the credential names somebody, and names may be compared without regard to case',
        );
      return one.request(builder);
    },
  }));

const oneEmpty: ControlledCase = {
  id: 'one-of-several-empty',
  kind: 'controlled',
  group: 'credential',
  title: 'the credentials that are required together, the place of one beside the key without a value',
  control: validKey,
  reasonUnsuitable: needsSeveralCredentials,
  alternatives: varyingEachCompanion,
  request: (builder) => builder.build({ key: text`` }),
};

/** A user, or `X-App-Id`, which says whose the key is. */
function mayIgnoreCase({ alternative: { varied } }: RequestBuilder): boolean {
  return varied !== undefined && (isBasic(varied) || /(?:^|[-_])id$|[a-z]Id$/i.test(varied.parameter ?? ''));
}

/**
 * OpenAPI, Security Requirement Object: the schemes of one requirement are required together. A server that compares a part
 * of one of them, or takes its place without a value for it, checks the others only.
 *
 * Laxer than for a key: the body is left to the rule every-credential. Whether a user or an id may be written in the other
 * case is left open, and so are credentials of fewer than eight characters, of which an altered one may be somebody else's.
 */
const alteredCredential: Rule = {
  id: 'altered-credential',
  level: 'MUST',
  title: 'each of the credentials that are required together is compared as a whole',
  section: 'Invalid key',
  since: '2026.12',
  source: {
    standard: 'OpenAPI 3.1.1 §4.8.30, Security Requirement Object',
    url: 'https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object',
  },
  standards: { cwe: [178, 187, 304], owaspApi: ['API2'], asvs: ['6.2.8', '6.3.4'], severity: 'high' },
  given: { cases: [oneEmpty, ...altered] },
  expectations: ['status'],
  verify: (judged) => expectRefused(judged, 'invalidKey'),
};

export const severalCredentialsRules: readonly Rule[] = [alteredCredential];
