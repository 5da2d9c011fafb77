import {
  expectAccepted,
  finding,
  isAccepted,
  isSuccess,
  sameStatusAsControl,
  summary,
  undecided,
} from '../../src/judging/expectations.ts';
import { expectDenied, expectNoEffect, hangUpIsRefusal } from '../../src/judging/access.ts';
import { whyForbidden } from '../../src/judging/not-reached.ts';
import type { JudgedExchange, Rule } from '../../src/judging/rule.ts';
import { hasSameBody, hasSameShape } from '../../src/judging/same-response.ts';
import { namingEach } from '../../src/judging/several-names.ts';
import { isToken } from '../../src/fields/field-parser.ts';
import type { Contract, Operation, SecurityScheme } from '../../src/model/contract.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { HeaderLine, PlannedRequest } from '../../src/model/request.ts';
import { encodeBody, isJson } from '../../src/openapi/media-type.ts';
import { isBasic, isInAuthorization } from '../../src/openapi/security.ts';
import type { ControlledCase, OnDemandCase } from '../../src/requests/case.ts';
import type { RequestBuilder, RequestParts } from '../../src/requests/request-builder.ts';
import { inQuery, type SecurityAlternative } from '../../src/requests/security-alternative.ts';
import { type Secret, type Text, text } from '../../src/secret.ts';
import {
  needsAuthenticationScheme,
  needsBody,
  needsHeader,
  needsKeyInHeader,
  needsReadingRepresentative,
  needsRepresentative,
} from './conditions.ts';
import { COOKIE_NAMES, HEADER_NAMES, QUERY_NAMES } from './names/key-names.ts';
import { foreignKeyCase } from './permissions.ts';
import { neverIssuedKey, scopedKey, validKey } from './shared-cases.ts';

/**
 * The other half of every promise about refusals: a full-access key is accepted in each documented security alternative.
 * Servers that cut keys at a separator or strip words from them refuse some valid keys.
 *
 * Accepted means that the response is about something else: a 404 accepts the key, and so does a 400 to a request without
 * effect. A 403 for an id that may not exist shows neither.
 */
const validKeyRule: Rule = {
  id: 'valid-key',
  level: 'MUST',
  title: 'a full-access key is accepted',
  section: 'Presenting the key',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: { cases: [validKey] },
  expectations: ['accepted'],
  verify: (judged) => {
    const { response, fullAccess, operation, target, isRepeat } = judged;
    // Where another form of the key was accepted for the same id, a 403 is about the form.
    const isDenied = response.status === 403 && !(fullAccess && isAccepted(fullAccess));
    const doubt = isDenied ? whyForbidden(operation, target, isRepeat) : undefined;
    return [doubt === undefined ? expectAccepted(judged, 'the full-access key') : undecided('accepted', doubt)];
  },
};

/** A case that sends the full-access key with every header line that presents it respelt. */
function respelt(
  id: string,
  title: string,
  reasonUnsuitable: (alternative: SecurityAlternative) => string | undefined,
  respell: (line: HeaderLine) => HeaderLine,
): ControlledCase {
  const withLines = (builder: RequestBuilder): PlannedRequest => {
    const credentials = builder.credentialsFor(builder.fullKey());
    return builder.build({ credentials: { ...credentials, headers: credentials.headers.map(respell) } });
  };
  return {
    id,
    kind: 'controlled',
    group: 'presentation',
    title,
    control: validKey,
    alternatives: 'each',
    reasonUnsuitable,
    request: withLines,
  };
}

export const nameInLowerCase = respelt(
  'header-name-in-lower-case',
  'the full-access key under the header name in lower case',
  needsHeader,
  ([name, value]) => [name.toLowerCase(), value],
);

const nameInUpperCase = respelt(
  'header-name-in-upper-case',
  'the full-access key under the header name in upper case',
  needsHeader,
  ([name, value]) => [name.toUpperCase(), value],
);

/**
 * Authentication Overview, "Authentication Methods": the two ways to present the key are equivalent, for keys that are
 * accepted and for keys that are denied.
 *
 * Laxer than the page: where the resource changes by itself between two equal requests, only the shape is compared.
 */
const equivalentForms: Rule = {
  id: 'equivalent-forms',
  level: 'MUST',
  title: 'every documented way to present the credential gets the same response',
  section: 'Presenting the key',
  since: '2026.11',
  source: { promise: 'bearer-equivalent' },
  standards: { cwe: [], owaspApi: [], asvs: ['6.3.4'], severity: 'none' },
  given: { cases: [validKey, neverIssuedKey, scopedKey, foreignKeyCase] },
  // Two equal requests in the primary alternative show whether the resource changes by itself.
  comparedWith: [nameInLowerCase],
  alternatives: 'others',
  requiresControl: false,
  reasonNotApplicable: ({ security }, { equivalentSchemes }) => {
    const equivalent = security.filter(({ schemes }) => schemes.every(({ name }) => equivalentSchemes.includes(name)));
    return equivalent.length > 1 ? undefined : 'the contract promises no second way that is equivalent';
  },
  expectations: ['same-status', 'same-body'],
  verify: (judged) => {
    const { equivalentSchemes } = judged.contract;
    if (!judged.alternative.schemes.every(({ name }) => equivalentSchemes.includes(name))) return [];
    const primary = judged.responseOf(judged.case);
    if (!primary) return [undecided('same-status', 'the same request in the primary way got no response')];
    // The first of two equal requests may delete what the second one looks for.
    if (judged.isRepeat && isAccepted(primary) && isAccepted(judged.response))
      return [finding('same-status', true, '', '')];
    const isSame = primary.status === judged.response.status;
    const status = finding(
      'same-status',
      isSame,
      `status ${primary.status}, as in the primary way`,
      `status ${judged.response.status}`,
    );
    return isSame ? [status, comparedBody(judged, primary)] : [status];
  },
};

function comparedBody(judged: JudgedExchange, primary: JudgedExchange['response']): Finding {
  const { response, volatile } = judged;
  const once = judged.responseOf(validKey);
  const again = judged.responseOf(nameInLowerCase);
  const changesByItself =
    isSuccess(primary) && once !== undefined && again !== undefined && !hasSameBody(once, again, volatile());
  const isSame = changesByItself ? hasSameShape(primary, response) : hasSameBody(primary, response, volatile());
  return finding('same-body', isSame, `the body in the primary way: ${summary(primary)}`, summary(response));
}

/**
 * RFC 9110 §5.1: field names are case-insensitive. The contract does not speak of it, and clients do respell names (HTTP/2
 * writes them in lower case), so a server that minds refuses valid keys.
 */
const headerNameCase: Rule = {
  id: 'header-name-case',
  level: 'SHOULD',
  title: "the letter case of the credential's header name makes no difference",
  section: 'Presenting the key',
  since: '2026.11',
  source: { standard: 'RFC 9110 §5.1, Field Names', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-5.1' },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: { cases: [nameInLowerCase, nameInUpperCase] },
  expectations: ['same-status'],
  verify: sameStatusAsControl,
};

/** Changes the literal parts of a header value and leaves the key alone. */
const withWords =
  (change: (word: string) => string) =>
  ([name, value]: HeaderLine): HeaderLine => [
    name,
    value.map((part) => (typeof part === 'string' ? change(part) : part)),
  ];

const schemesInOtherCase: readonly ControlledCase[] = [
  respelt(
    'scheme-in-lower-case',
    'the full-access key behind the authentication scheme in lower case',
    needsAuthenticationScheme,
    withWords((word) => word.toLowerCase()),
  ),
  respelt(
    'scheme-in-upper-case',
    'the full-access key behind the authentication scheme in upper case',
    needsAuthenticationScheme,
    withWords((word) => word.toUpperCase()),
  ),
];

/** RFC 9110 §11.4: one space or several stand between the scheme and the credentials. */
const severalSpaces: ControlledCase = {
  ...respelt(
    'spaces-behind-scheme',
    'the full-access key behind the authentication scheme and three spaces',
    needsAuthenticationScheme,
    withWords((word) => word.replace(/ $/, '   ')),
  ),
  reasonNotApplicable: needsReadingRepresentative,
};

/** RFC 9110 §11.1: the authentication scheme is a case-insensitive token. The contract does not speak of it. */
const schemeCase: Rule = {
  id: 'scheme-case',
  level: 'SHOULD',
  title: 'the letter case of the authentication scheme and the spaces behind it make no difference',
  section: 'Presenting the key',
  since: '2026.11',
  source: {
    standard: 'RFC 9110 §11.1, Authentication Scheme, and §11.4, Credentials',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-11.1',
  },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: { cases: [...schemesInOtherCase, severalSpaces] },
  expectations: ['same-status'],
  verify: sameStatusAsControl,
};

/** A case that presents the key in an undocumented way. The other credentials of the alternative are right. */
function undocumented(
  id: string,
  title: string,
  parts: (builder: RequestBuilder) => RequestParts,
  reasonNotApplicable?: ControlledCase['reasonNotApplicable'],
): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'presentation',
    title,
    control: validKey,
    ...(reasonNotApplicable && { reasonNotApplicable }),
    request: (builder) => builder.build(besideCompanions(parts(builder), builder)),
  };
}

function besideCompanions(own: RequestParts, builder: RequestBuilder): RequestParts {
  const taken = own.headers?.map(([name]) => name.toLowerCase()) ?? [];
  const { headers, ...rest } = builder.companionCredentials();
  const beside = { ...rest, headers: headers.filter(([name]) => !taken.includes(name.toLowerCase())) };
  return { credentials: beside, ...own };
}

/** Where names are tried, and which. */
interface Place {
  /** As a reader is told: `in the query`. */
  readonly where: string;
  readonly names: readonly string[];
  readonly place: NonNullable<SecurityScheme['in']>;
  readonly parts: (builder: RequestBuilder, names: readonly string[]) => RequestParts;
}

/** The same under many names at once. Where that opens something, each name is tried alone. */
function undocumentedNamesOf(
  id: string,
  title: string,
  { where, names, place, parts }: Place,
  reasonNotApplicable?: ControlledCase['reasonNotApplicable'],
): ControlledCase {
  const all = (builder: RequestBuilder): readonly string[] => undocumentedNames(names, place, builder);
  return {
    ...undocumented(id, title, (builder) => parts(builder, all(builder)), reasonNotApplicable),
    alone: {
      most: names.length + 1,
      names: (builder) => all(builder).map((name) => `${name} ${where}`),
      request: (builder, some) =>
        builder.build(
          besideCompanions(
            parts(
              builder,
              some.map((name) => name.slice(0, -where.length - 1)),
            ),
            builder,
          ),
        ),
    },
  };
}

/** A form with a key in each of these fields. */
function formWith(key: Secret, builder: RequestBuilder, names: readonly string[]): RequestParts {
  const bodyType = 'application/x-www-form-urlencoded';
  // A server may read the form by the schema of its JSON body, and store what that allows.
  const more = encodeBody(bodyType, Object.fromEntries(builder.inertFields(bodyType, names))).text;
  const keys = names.map((name): Text => [`${name}=`, ...inQuery([key])]);
  return {
    bodyType,
    body: [...keys, ...(more === '' ? [] : [[more]])].flatMap((pair, index): Text =>
      index === 0 ? pair : ['&', ...pair],
    ),
  };
}

/** Shows whether it is the key that the response to a form is about, or the form. */
const madeUpKeyInForm: OnDemandCase = {
  id: 'never-issued-key-in-form-body',
  kind: 'on-demand',
  group: 'presentation',
  title: 'a key that was never issued, in the fields of the same form',
  reasonNotApplicable: needsBody,
  request: (builder) =>
    builder.build({
      credentials: builder.companionCredentials(),
      ...formWith(builder.neverIssuedKey(), builder, undocumentedNames(QUERY_NAMES, 'query', builder)),
    }),
};

/** An object of JSON with a key in each of these members. */
function jsonWith(key: Secret, builder: RequestBuilder, names: readonly string[]): RequestParts {
  const bodyType = builder.operation.body?.mediaType ?? 'application/json';
  const more = builder
    .inertFields(bodyType, names)
    .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const inJson = key.spelt(
    (value) => JSON.stringify(value).slice(1, -1),
    (word) => `$(printf %s "${word}" | sed 's/["\\]/\\&/g')`,
  );
  const members = names.flatMap((name, index): Text => [
    `${index === 0 ? '{' : ','}${JSON.stringify(name)}:"`,
    inJson,
    '"',
  ]);
  return { bodyType, body: [...members, `${more.join('')}}`] };
}

function needsJsonBody({ body }: Operation): string | undefined {
  return isJson(body?.mediaType ?? '') ? undefined : 'the operation takes no body of JSON';
}

/** Shows whether it is the key that the response to a body is about, or the body. */
const madeUpKeyInJson: OnDemandCase = {
  id: 'never-issued-key-in-json-body',
  kind: 'on-demand',
  group: 'presentation',
  title: 'a key that was never issued, in the members of the same body',
  reasonNotApplicable: needsJsonBody,
  request: (builder) =>
    builder.build({
      credentials: builder.companionCredentials(),
      ...jsonWith(builder.neverIssuedKey(), builder, undocumentedNames(QUERY_NAMES, 'query', builder)),
    }),
};

/** The way in which most APIs take keys: tried where the contract has nothing else to do with Authorization. */
const AS_BEARER = 'Authorization: Bearer';

/** The full-access key in places that no page names. */
const keysElsewhere: readonly ControlledCase[] = [
  undocumentedNamesOf('key-in-query', 'the full-access key in the query', {
    ...{ where: 'in the query', names: QUERY_NAMES, place: 'query' },
    parts: (builder, names) => {
      builder.assertNotProduction('a key in a URL is kept in logs');
      return { query: names.map((name): Text => [`${name}=`, ...inQuery([builder.fullKey()])]) };
    },
  }),
  undocumentedNamesOf('key-in-cookie', 'the full-access key in cookies', {
    ...{ where: 'in a cookie', names: COOKIE_NAMES, place: 'cookie' },
    parts: (builder, names) => ({
      headers: [
        [
          'Cookie',
          names.flatMap((name, index): Text => text`${index === 0 ? '' : '; '}${`${name}=`}${builder.fullKey()}`),
        ],
      ],
    }),
  }),
  undocumentedNamesOf('key-in-other-headers', 'the full-access key in headers that other APIs use', {
    ...{ where: 'in a header', names: [...HEADER_NAMES, AS_BEARER], place: 'header' },
    parts: (builder, names) => ({
      headers: names.map((name) =>
        name === AS_BEARER ? ['Authorization', text`Bearer ${builder.fullKey()}`] : [name, [builder.fullKey()]],
      ),
    }),
  }),
  undocumented(
    'key-as-basic-password',
    'the full-access key as user and password of the Basic scheme',
    (builder) => {
      const pair = builder.fullKey().derive(
        'as a Basic credential',
        (value) => Buffer.from(`${value}:${value}`).toString('base64'),
        (name) => `$(printf %s "$${name}:$${name}" | base64 -w0)`,
      );
      return { headers: [['Authorization', text`Basic ${pair}`]] };
    },
    (_, { schemes }) =>
      Object.values(schemes).some(isBasic) ? 'the contract documents the Basic scheme itself' : undefined,
  ),
  {
    ...undocumentedNamesOf(
      'key-in-form-body',
      'the full-access key in the fields of a form',
      {
        ...{ where: 'in a form', names: QUERY_NAMES, place: 'query' },
        parts: (builder, names) => formWith(builder.fullKey(), builder, names),
      },
      needsBody,
    ),
    comparison: madeUpKeyInForm,
  },
  {
    ...undocumentedNamesOf(
      'key-in-json-body',
      'the full-access key in members of the body',
      {
        ...{ where: 'in the body', names: QUERY_NAMES, place: 'query' },
        parts: (builder, names) => jsonWith(builder.fullKey(), builder, names),
      },
      (operation, contract) => needsJsonBody(operation) ?? needsRepresentative(operation, contract),
    ),
    comparison: madeUpKeyInJson,
  },
];

/**
 * "Every API request requires an API key, passed in the request header": a key anywhere else is no key. No log, proxy or
 * scanner watches a way to present keys that is not documented (OWASP ASVS 6.3.4, 14.2.1).
 *
 * Laxer than the missing-key rule: how such a request is refused is not documented.
 */
const undocumentedCredential: Rule = {
  id: 'undocumented-credential',
  level: 'MUST',
  title: 'a key outside the documented headers is denied',
  section: 'Presenting the key',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288, 598], owaspApi: ['API2', 'API9'], asvs: ['6.3.4', '14.2.1'], severity: 'medium' },
  given: { cases: keysElsewhere },
  expectations: ['refused'],
  verify: (judged) => namingEach(judged, expectNoEffect, (names) => `the key counts as ${names.join(', as ')}`),
  verifyFault: hangUpIsRefusal,
};

/** Names under which the contract takes no key, and the names of its own headers: each is undocumented in that place. */
function undocumentedNames(
  names: readonly string[],
  where: NonNullable<SecurityScheme['in']>,
  { contract }: { readonly contract: Contract },
): readonly string[] {
  const documented = Object.values(contract.schemes).flatMap((scheme) =>
    scheme.in === where ? (scheme.parameter?.toLowerCase() ?? []) : [],
  );
  const ofHeaders = Object.values(contract.schemes).flatMap(({ in: place, parameter }) =>
    // What is no field name is a mistake of the document, and would be none of a parameter or a cookie either.
    place === 'header' && parameter !== undefined && isToken(parameter) && where !== 'header'
      ? [parameter, parameter.toLowerCase()]
      : [],
  );
  const takesAuthorization = Object.values(contract.schemes).some(
    (scheme) => scheme.type !== 'apiKey' || isInAuthorization(scheme),
  );
  return [...new Set([...names, ...ofHeaders])].filter(
    (name) => !documented.includes(name.toLowerCase()) && !(name === AS_BEARER && takesAuthorization),
  );
}

/** The full-access key in a documented header, though not as the page shows it. */
const undocumentedSpellings: readonly ControlledCase[] = [
  ...['Token', 'Digest', 'ApiKey', 'Basic'].map((scheme) =>
    undocumented(
      `scheme-${scheme.toLowerCase()}`,
      `the full-access key behind the scheme ${scheme}`,
      (builder) => ({ headers: [['Authorization', text`${`${scheme} `}${builder.fullKey()}`]] }),
      (_, contract) =>
        hasWord(contract, scheme) ? `the contract documents the word ${scheme} before the key` : undefined,
    ),
  ),
  undocumented(
    'no-scheme',
    'the full-access key in Authorization without a scheme',
    (builder) => ({ headers: [['Authorization', [builder.fullKey()]]] }),
    needsAuthorizationWithScheme,
  ),
  undocumented('scheme-run-together', 'the full-access key run together with its scheme', (builder) => ({
    headers: [['Authorization', text`Bearer${builder.fullKey()}`]],
  })),
  undocumented('scheme-twice', 'the full-access key behind the scheme twice', (builder) => ({
    headers: [['Authorization', text`Bearer Bearer ${builder.fullKey()}`]],
  })),
  {
    ...undocumented(
      'scheme-in-key-header',
      "the full-access key behind a scheme in the key's own header",
      (builder) => {
        const usual = builder.credentialsFor(builder.fullKey());
        const own = builder.headerLinesFor(builder.fullKey()).map(([name]) => name);
        const headers = usual.headers.map(([name, value]): HeaderLine => [
          name,
          own.includes(name) ? ['Bearer ', ...value] : value,
        ]);
        return { credentials: { ...usual, headers } };
      },
      needsAuthorizationWithScheme,
    ),
    reasonUnsuitable: needsKeyInHeader,
  },
];

function hasWord({ schemes }: Contract, word: string): boolean {
  return Object.values(schemes).some(
    (scheme) => isInAuthorization(scheme) && scheme.word?.toLowerCase() === word.toLowerCase(),
  );
}

/** Where the key is the whole value of Authorization, a word in front of it is a part of the key that only users know. */
function needsAuthorizationWithScheme(_: unknown, { schemes }: Contract): string | undefined {
  const isWhole = Object.values(schemes).some((scheme) => isInAuthorization(scheme) && scheme.word === undefined);
  return isWhole ? 'the contract documents Authorization without a scheme itself' : undefined;
}

/** The page shows one spelling for each header. That a server accepts others is not forbidden by it, so it deviates. */
const undocumentedScheme: Rule = {
  id: 'undocumented-scheme',
  level: 'SHOULD',
  title: 'a key in a documented header is denied unless it is written as documented',
  section: 'Presenting the key',
  since: '2026.11',
  source: {
    standard: 'OWASP ASVS 5.0, 6.3.4: no undocumented authentication pathways',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md',
  },
  standards: { cwe: [288], owaspApi: ['API2'], asvs: ['6.3.4'], severity: 'low' },
  given: { cases: undocumentedSpellings },
  expectations: ['refused'],
  verify: (judged) => expectDenied(judged),
  verifyFault: hangUpIsRefusal,
};

export const presentingTheKeyRules: readonly Rule[] = [
  validKeyRule,
  equivalentForms,
  headerNameCase,
  schemeCase,
  undocumentedCredential,
  undocumentedScheme,
];
