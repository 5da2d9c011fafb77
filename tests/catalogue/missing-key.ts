import { expectRefused, isInputFirst } from '../../src/judging/access.ts';
import { expectRefusal, finding, isRefusal, isUnmet, summary, undecided } from '../../src/judging/expectations.ts';
import type { JudgedExchange, Rule } from '../../src/judging/rule.ts';
import { hasSameBody } from '../../src/judging/same-response.ts';
import { allowsAnonymous, reasonNotAnonymous } from '../../src/openapi/security.ts';
import type { HttpResponse } from '../../src/model/exchange.ts';
import type { AnonymousCase, ControlledCase } from '../../src/requests/case.ts';
import { varyingEachCompanion, withoutEach } from '../../src/requests/security-alternative.ts';
import { text } from '../../src/secret.ts';
import { unknownResource } from './caching.ts';
import { needsBody, needsPathParameter, needsRepresentative, needsSeveralCredentials } from './conditions.ts';
import { noKey, validKey } from './shared-cases.ts';

export const emptyKey: ControlledCase = {
  id: 'empty-key',
  kind: 'controlled',
  group: 'credential',
  title: 'the place of the credential without a value',
  control: validKey,
  alternatives: 'each',
  request: (builder) => builder.build({ key: text`` }),
};

/**
 * Authentication Overview, "Error Responses": a missing key is 401 with the body shown there.
 *
 * Laxer than the page: members that it does not show are allowed, since the error-codes page documents some.
 */
const missingKey: Rule = {
  id: 'missing-key',
  level: 'MUST',
  title: 'a request without a key is refused as unauthorized',
  section: 'Missing key',
  since: '2026.11',
  source: { promise: 'missing-key' },
  standards: { cwe: [306], owaspApi: ['API2'], asvs: ['8.2.1', '8.3.1'], severity: 'critical' },
  given: { cases: [noKey, emptyKey] },
  expectations: ['status', 'body'],
  verify: (judged) => {
    const findings = expectRefusal(judged, 'missingKey', 'missing-key');
    if (judged.case.id !== emptyKey.id || !findings.some(isUnmet)) return findings;
    // Whether a credential without a value is missing or invalid is not documented.
    const asInvalid = expectRefusal(judged, 'invalidKey', 'invalid-key');
    return asInvalid.some(isUnmet) ? findings : asInvalid;
  },
};

const oneMissing: ControlledCase = {
  id: 'one-of-several-missing',
  kind: 'controlled',
  group: 'credential',
  title: 'the credentials that are required together, without one of them',
  control: validKey,
  reasonUnsuitable: needsSeveralCredentials,
  alternatives: withoutEach,
  request: (builder) => builder.build({ key: builder.fullKey() }),
};

const oneNeverIssued: ControlledCase = {
  id: 'one-of-several-never-issued',
  kind: 'controlled',
  group: 'comparison',
  title: 'the credentials that are required together, one beside the key never issued',
  control: validKey,
  reasonUnsuitable: needsSeveralCredentials,
  alternatives: varyingEachCompanion,
  request: (builder) => builder.build({ key: builder.neverIssuedKey() }),
};

/**
 * OpenAPI, Security Requirement Object: the schemes of one requirement are required together. A server that asks for one of
 * them only, or looks up one of them only, protects the operation half.
 *
 * A missing credential gets the response to a missing key, and one that was never issued gets that to an invalid key.
 */
const everyCredential: Rule = {
  id: 'every-credential',
  level: 'MUST',
  title: 'each of the credentials that are required together is checked',
  section: 'Missing key',
  since: '2026.11',
  source: {
    standard: 'OpenAPI 3.1.1 §4.8.30, Security Requirement Object',
    url: 'https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object',
  },
  standards: { cwe: [304, 306], owaspApi: ['API2'], asvs: ['6.3.4'], severity: 'high' },
  given: { cases: [oneMissing, oneNeverIssued] },
  expectations: ['status', 'body'],
  verify: (judged) =>
    judged.case.id === oneMissing.id
      ? expectRefusal(judged, 'missingKey', 'missing-key')
      : expectRefusal(judged, 'invalidKey', 'invalid-key'),
};

export const openOperationCase: AnonymousCase = {
  id: 'open-operation',
  kind: 'anonymous',
  group: 'control',
  title: 'no credential, where the contract requires none',
  request: (builder) => builder.build({}),
};

/**
 * OpenAPI, Operation Object: an empty `security` removes the document's, and `{}` among alternatives makes a credential
 * optional. So the contract itself opens the operation to everyone, and a client that relies on it must not be refused.
 *
 * Laxer than a promise of success: a response about the input or about a resource that does not exist is not about a
 * credential.
 */
const openOperation: Rule = {
  id: 'open-operation',
  level: 'MUST',
  title: 'an operation that the contract opens to everyone requires no credential',
  section: 'Missing key',
  since: '2026.11',
  source: {
    standard: 'OpenAPI 3.1.1 §4.8.10, Operation Object: security',
    url: 'https://spec.openapis.org/oas/v3.1.1.html#operation-object',
  },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: { cases: [openOperationCase] },
  forAnonymous: true,
  reasonNotApplicable: (operation) => (allowsAnonymous(operation) ? undefined : reasonNotAnonymous(operation)),
  expectations: ['no-credential-needed'],
  verify: ({ response }) => [
    finding(
      'no-credential-needed',
      !isRefusal(response),
      'a status other than 401 and 403',
      `status ${response.status}`,
    ),
  ],
};

const noKeyMalformedBody: ControlledCase = {
  id: 'no-key-malformed-body',
  kind: 'controlled',
  group: 'order',
  title: 'no credential and a body that is not JSON',
  control: validKey,
  reasonNotApplicable: needsBody,
  request: (builder) => builder.build({ body: ['{"inert":'] }),
};

export const noKeyUnknownResource: ControlledCase = {
  id: 'no-key-unknown-resource',
  kind: 'controlled',
  group: 'order',
  title: 'no credential and the id of a resource that does not exist',
  control: validKey,
  reasonNotApplicable: needsPathParameter,
  request: (builder) => builder.build({ resource: 'unknown' }),
};

/**
 * "Every API request requires an API key", whatever else is wrong with the request. A server that looks at the input or for
 * the resource first tells strangers what exists and runs its parsers for them.
 *
 * Laxer than the promise: a 404 in the very words of an unknown path may be the router's, so it is not proven.
 */
const authenticationFirst: Rule = {
  id: 'authentication-first',
  level: 'MUST',
  title: 'a missing key is refused before the input or the resource is looked at',
  section: 'Missing key',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [306, 696], owaspApi: ['API2'], asvs: ['8.3.1', '16.5.3'], severity: 'high' },
  given: { cases: [noKeyMalformedBody, noKeyUnknownResource, noKey] },
  judgesOrder: true,
  expectations: ['status'],
  verify: (judged) => {
    if (judged.case.id === noKey.id && !isInputFirst(judged)) return [];
    const findings = expectRefused(judged, 'missingKey');
    if (judged.case.id !== noKeyUnknownResource.id || !findings.some(isUnmet) || !isOfNoPath(judged)) return findings;
    const why = 'so nothing shows that the operation looked for the resource before the key';
    return [undecided('status', `got ${summary(judged.response)}, as on a path that does not exist, ${why}`)];
  },
};

/**
 * A router that knows some values of a parameter only, or answers before any gate, has the same words for a path with a
 * made-up id as for a path that is none of the API's: without a key, and with one.
 */
function isOfNoPath({ response, responseOf, landmarks, volatile, noKey }: JudgedExchange): boolean {
  const { unknownPath, unknownPathWithKey } = landmarks;
  const isSame = (one: HttpResponse | undefined, other: HttpResponse | undefined): boolean =>
    one !== undefined && one.status === other?.status && hasSameBody(one, other, volatile());
  // Sent by the rules on caching; absent where they do not send it, such as on an unsafe operation.
  const withKey = responseOf(unknownResource);
  return (
    noKey !== undefined &&
    isRefusal(noKey) &&
    isSame(unknownPath, response) &&
    (withKey === undefined || isSame(unknownPathWithKey, withKey))
  );
}

/** A case without a credential that asks for something else than JSON, or for nothing. */
function asking(id: string, title: string, accept: string | null): ControlledCase {
  return {
    id: `no-key-${id}`,
    kind: 'controlled',
    group: 'credential',
    title: `no credential, and ${title}`,
    control: validKey,
    reasonNotApplicable: needsRepresentative,
    request: (builder) => builder.build({ accept }),
  };
}

/** RFC 9110 §15.5.7: 406 refuses whatever was asked for, since nothing can be said in the form that was asked for. */
const NOT_ACCEPTABLE = 406;

/**
 * "A request without a key is answered with 401", whoever asks. Frameworks for web pages send a browser to a page for its
 * password instead, and take every client for a browser that does not ask for JSON (laravel/framework #25636).
 *
 * Laxer than the promise: the body may be in the form that was asked for, and 406 says that there is none.
 */
const refusalInAnyForm: Rule = {
  id: 'refusal-in-any-form',
  level: 'MUST',
  title: 'a missing key is refused as unauthorized whatever media type the request asks for',
  section: 'Missing key',
  since: '2026.11',
  source: { promise: 'missing-key' },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: {
    cases: [
      asking('for-a-page', 'Accept of a browser', 'text/html, application/xhtml+xml;q=0.9'),
      asking('for-anything', 'Accept: */*', '*/*'),
      asking('for-nothing', 'no Accept', null),
    ],
  },
  expectations: ['status'],
  verify: (judged) => (judged.response.status === NOT_ACCEPTABLE ? [] : expectRefused(judged, 'missingKey')),
};

export const missingKeyRules: readonly Rule[] = [
  missingKey,
  refusalInAnyForm,
  everyCredential,
  openOperation,
  authenticationFirst,
];
