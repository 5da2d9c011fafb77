import { challengesOf, fieldValues, mediaTypeOf } from '../../src/fields/response-fields.ts';
import { parseMediaType } from '../../src/fields/field-parser.ts';
import { remembered } from '../../src/fields/remembered.ts';
import { comparableHeaders } from '../../src/judging/comparable-headers.ts';
import { bodyMatches, finding, isRefusal, isSuccess, summary, undecided } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { hasSameBody } from '../../src/judging/same-response.ts';
import type { HttpResponse, Landmarks, Respondent, SentRequest } from '../../src/model/exchange.ts';
import type { Operation } from '../../src/model/contract.ts';
import { documentedResponse } from '../../src/openapi/documented-response.ts';
import { isJson, matchesMediaType } from '../../src/openapi/media-type.ts';
import type { UncontrolledCase } from '../../src/requests/case.ts';
import { needsGet } from './conditions.ts';
import { otherEnvironmentKey } from './environments.ts';
import { keyCutByOne, keyOf8Kilobytes, revokedKeyCase, wrongPrefix } from './invalid-key.ts';
import { neverIssuedKey, noKey } from './shared-cases.ts';
import { unknownMethod } from './ways-round-by-method.ts';

/** Whose responses keep or break what a contract says of every response. */
export const OF_THE_API: readonly Respondent[] = ['operation', 'api'];

/** Error codes, "Error format": every error has the same members, and the contract says which one repeats the status. */
const errorEnvelope: Rule = {
  id: 'error-envelope',
  level: 'MUST',
  title: 'every refusal has the documented envelope, in which the status is repeated',
  section: 'Error responses',
  since: '2026.11',
  source: { promise: 'error-envelope' },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: { every: 'refusal' },
  respondents: OF_THE_API,
  requiresControl: false,
  reasonNotApplicable: (_, { refusals }) => (refusals.envelope ? undefined : 'the contract describes no error body'),
  expectations: ['envelope', 'code'],
  verify: (judged) => {
    const { response, contract, exchange } = judged;
    // RFC 9110 §9.3.2: a response to HEAD has no content.
    if (exchange.request.method === 'HEAD' || !asksForJson(exchange.request)) return [];
    const name = contract.statusMember;
    const body = response.body.json as Record<string, unknown> | null | undefined;
    const code = name === undefined ? undefined : body?.[name];
    const envelope = bodyMatches(judged, contract.refusals.envelope, 'error', 'envelope');
    if (code === undefined) return envelope;
    const expected = `${name} ${response.status}, equal to the status`;
    return [...envelope, finding('code', code === response.status, expected, `${name} ${JSON.stringify(code)}`)];
  },
};

/**
 * RFC 9110 §8.3: the media type says what the body is. Where the contract names no type for a refusal, JSON is what a client
 * reads, and any type of its kind is as good as the one that is named. No words promise the types of refusals, so a wrong
 * one deviates.
 */
const errorMediaType: Rule = {
  id: 'error-media-type',
  level: 'SHOULD',
  title: 'every refusal has the media type of the contract, or else of JSON',
  section: 'Error responses',
  since: '2026.11',
  source: { standard: 'RFC 9110 §8.3, Content-Type', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-8.3' },
  standards: { cwe: [], owaspApi: [], asvs: ['4.1.1'], severity: 'none' },
  given: { every: 'refusal' },
  respondents: OF_THE_API,
  requiresControl: false,
  reasonNotApplicable: (_, { operations }) =>
    operations.some(namesAType) ? undefined : 'the contract names no media type',
  expectations: ['media-type'],
  verify: ({ response, operation, contract, exchange }) => {
    if (!asksForJson(exchange.request)) return [];
    const documented = documentedResponse(operation, response.status);
    // Where the contract describes no refusal at all, it says nothing of its type either.
    if (!documented && !contract.refusals.envelope) return [];
    // OpenAPI, Response Object: a response without `content` is documented to have none, and nothing has no type.
    if (response.body.bytes === 0 && documented?.mediaTypes.length === 0) return [];
    const type = mediaTypeOf(response)?.essence;
    const named = (documented?.mediaTypes ?? []).flatMap((written) => parseMediaType(written)?.essence ?? []);
    const isNamed = type !== undefined && named.some((name) => matchesMediaType(name, type));
    const isUsual = named.every(isJson) && type !== undefined && isJson(type);
    const sent = fieldValues(response, 'content-type').join(', ');
    const actual = type ?? (sent === '' ? 'no Content-Type' : `Content-Type: ${sent}`);
    return [finding('media-type', isNamed || isUsual, named.join(' or ') || 'application/json', actual)];
  },
};

/** RFC 9110 §12.1: whoever asks for another form may get the error in that form. */
function asksForJson({ headers }: SentRequest): boolean {
  const [accept] = headers.filter((line) => /^accept:/i.test(line));
  return accept === undefined || /json|\*\/\*/i.test(accept);
}

function namesAType({ responses }: Operation): boolean {
  return Object.values(responses).some(({ mediaTypes }) => mediaTypes.length > 0);
}

/**
 * RFC 9110 §15.5.2: a 401 carries a challenge. The contract never mentions one and practice is split, so its absence
 * deviates. A `Basic` challenge makes browsers ask for a password, and RFC 6750 §3.1 keeps error codes out of a challenge to
 * a request without credentials.
 */
const challenge: Rule = {
  id: 'challenge',
  level: 'SHOULD',
  title: 'a 401 carries a challenge that fits the contract and the request',
  section: 'Error responses',
  since: '2026.11',
  source: {
    standard: 'RFC 9110 §15.5.2, 401 Unauthorized',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2',
  },
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: { cases: [noKey] },
  requiresControl: false,
  expectations: ['challenge', 'no-basic', 'no-error-code'],
  verify: ({ response, contract }) => {
    if (response.status !== 401) return [];
    const sent = fieldValues(response, 'www-authenticate').join(', ');
    const challenges = challengesOf(response);
    const actual = sent === '' ? 'no WWW-Authenticate' : `WWW-Authenticate: ${sent}`;
    const present = finding('challenge', challenges.length > 0, 'a challenge in WWW-Authenticate', actual);
    if (challenges.length === 0) return [present];
    const documentsBasic = Object.values(contract.schemes).some(({ scheme }) => scheme === 'basic');
    const hasBasic = challenges.some(({ scheme }) => scheme === 'basic');
    const hasError = challenges.some(({ parameters }) => parameters.has('error'));
    return [
      present,
      finding('no-basic', documentsBasic || !hasBasic, 'no Basic challenge', actual),
      finding('no-error-code', !hasError, 'no error code, since no credential was sent', actual),
    ];
  },
};

/**
 * OWASP ASVS 6.3.8: only who holds a valid key is told whether a bad key was never issued, is malformed, was revoked or
 * belongs elsewhere. The contract gives them all one body; a difference beyond it deviates.
 */
const oneAnswerToBadKeys: Rule = {
  id: 'one-answer-to-bad-keys',
  level: 'SHOULD',
  title: 'bad keys of every sort get one response',
  section: 'Error responses',
  since: '2026.11',
  source: {
    standard: 'OWASP ASVS 5.0, 6.3.8: no difference that reveals valid users',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md',
  },
  standards: { cwe: [204], owaspApi: ['API2'], asvs: ['6.3.8'], severity: 'low' },
  given: { cases: [revokedKeyCase, otherEnvironmentKey, keyCutByOne, wrongPrefix] },
  comparedWith: [neverIssuedKey],
  expectations: ['same-answer', 'same-headers'],
  verify: ({ response, responseOf, alternative, unsteadyHeaders, volatile }) => {
    const reference = responseOf(neverIssuedKey, alternative) ?? responseOf(neverIssuedKey);
    const [unfit] = [reference, response].filter((one) => one && !isRefusal(one));
    if (!reference || unfit)
      return [undecided('same-answer', `got ${unfit?.status ?? 'no response'}, which is no refusal to compare`)];
    const isSame = reference.status === response.status && hasSameBody(reference, response, volatile());
    const ignored = [...volatile().members, ...unsteadyHeaders()];
    const [expected, actual] = [reference, response].map((one) => comparableHeaders(one, ignored).join(', '));
    return [
      finding(
        'same-answer',
        isSame,
        `the response to a key that was never issued: ${summary(reference)}`,
        summary(response),
      ),
      finding('same-headers', expected === actual, `the headers ${expected}`, `the headers ${actual}`),
    ];
  },
};

const INTERNALS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a stack trace', /(\n|\\n)\s+at [\w.<>$]+ ?\(|Traceback \(most recent call last\)|\.(java|py|rb|go|php|[jt]s):\d+/],
  ['an SQL query', /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b[^"]{1,200}\b(FROM|WHERE|SET|VALUES)\b/],
  ['an internal address', /\b(10(\.\d{1,3}){3}|192\.168(\.\d{1,3}){2}|172\.(1[6-9]|2\d|3[01])(\.\d{1,3}){2})\b/],
];

/**
 * OWASP ASVS 16.5.1: traces, queries and addresses in an error tell an attacker what to try next, whatever the error is
 * about.
 */
const noInternals: Rule = {
  id: 'no-internals',
  level: 'SHOULD',
  title: 'no error shows the inside of the server',
  section: 'Error responses',
  since: '2026.11',
  source: {
    standard: 'OWASP ASVS 5.0, 16.5.1: generic error messages',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x25-V16-Security-Logging-and-Error-Handling.md',
  },
  standards: { cwe: [209, 497], owaspApi: ['API8'], asvs: ['13.4.2', '16.5.1'], severity: 'low' },
  given: { every: 'error' },
  respondents: OF_THE_API,
  requiresControl: false,
  expectations: ['no-internals'],
  verify: ({ response, target }) => {
    const locked = target.keys.ipLockedAddress;
    const shown = INTERNALS.filter(([, pattern]) => pattern.test(response.body.text)).map(([what]) => what);
    const hasAllowList = locked !== undefined && response.body.text.includes(locked);
    const leaked = hasAllowList ? [...shown, 'an allow-list of addresses'] : shown;
    return [finding('no-internals', leaked.length === 0, 'an error in words for users', leaked.join(', '))];
  },
};

/** Fewer members in common may be chance, or words that an API says of everything. */
const FEWEST_IN_COMMON = 3;

/** Every member with a value that is no object, wherever it stands: `first_name="Ann"`. */
function membersOf(value: unknown, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => membersOf(item, name));
  if (typeof value !== 'object' || value === null) return value === null ? [] : [`${name}=${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, member]) => membersOf(member, key));
}

const membersOfBody = remembered(({ body }: HttpResponse): ReadonlySet<string> => new Set(membersOf(body.json)));

/** Members that the refusal has in common with the response to a key, if they are the better part of that. */
function dataInCommon(response: HttpResponse, fullAccess: HttpResponse, landmarks: Landmarks): readonly string[] {
  // What stands in the response to a path that is nothing as well, such as a version or a region, is no data.
  const others = Object.values(landmarks).map((one: HttpResponse) => membersOfBody(one));
  const data = new Set([...membersOfBody(fullAccess)].filter((one) => !others.some((members) => members.has(one))));
  const said = membersOfBody(response);
  const common = [...data].filter((one) => said.has(one));
  return common.length >= FEWEST_IN_COMMON && common.length * 2 >= data.size ? common : [];
}

/**
 * "Every API request requires an API key": a 401 or 403 that carries the data refuses in its status alone (cantaloupe #347).
 *
 * Laxer than that: half of the members of the operation's own response make a leak, and three at least.
 */
const refusalWithoutData: Rule = {
  id: 'refusal-without-data',
  level: 'MUST',
  title: 'no refusal carries what the operation answers to a key',
  section: 'Error responses',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [200, 306], owaspApi: ['API2', 'API3'], asvs: ['8.3.1'], severity: 'critical' },
  given: { every: 'refusal' },
  requiresControl: false,
  expectations: ['no-data'],
  verify: ({ response, fullAccess, landmarks }) => {
    if (!fullAccess || !isSuccess(fullAccess)) return [];
    const common = dataInCommon(response, fullAccess, landmarks);
    return [
      finding(
        'no-data',
        common.length === 0,
        'a refusal without the data of the operation',
        `${response.status} with ${common.length} members of the response to the full-access key`,
      ),
    ];
  },
};

const unknownPath: UncontrolledCase = {
  id: 'unknown-path',
  kind: 'uncontrolled',
  group: 'order',
  title: 'no credential, and a path that is no operation',
  reasonNotApplicable: needsGet,
  request: (builder) => builder.build({ target: ({ base, path }) => `${base}${path}/conformance-unknown` }),
};

/**
 * A client that expects JSON gets JSON, also from the servers in front of the API. Where the API itself refuses with pages,
 * the rule on media types says so.
 */
const jsonAtTheEdge: Rule = {
  id: 'json-at-the-edge',
  level: 'SHOULD',
  title: 'an error from a server in front of the API is no page of HTML',
  section: 'Error responses',
  since: '2026.11',
  source: { promise: 'error-envelope' },
  standards: { cwe: [], owaspApi: [], asvs: ['4.1.1'], severity: 'none' },
  given: { cases: [unknownPath, unknownMethod, keyOf8Kilobytes] },
  requiresControl: false,
  reasonNotApplicable: (operation, contract) =>
    operation === contract.operations.find(({ method }) => method === 'GET')
      ? undefined
      : 'one operation shows it for the server',
  expectations: ['no-html'],
  verify: ({ response, noKey }) => {
    const isPage = (one: HttpResponse): boolean => mediaTypeOf(one)?.essence === 'text/html';
    const isUsual = noKey !== undefined && isPage(noKey);
    return [finding('no-html', isUsual || !isPage(response), 'no HTML', summary(response))];
  },
};

/**
 * "Keys are server-side only": a response that repeats a key carries it into logs, caches and error trackers. That no
 * response does so is a consequence that the documentation does not draw itself.
 */
const noKeyEcho: Rule = {
  id: 'no-key-echo',
  level: 'SHOULD',
  title: 'no response repeats the key that was sent, or its last six characters',
  section: 'Error responses',
  since: '2026.11',
  source: { promise: 'server-side-only' },
  standards: { cwe: [200, 522], owaspApi: ['API8'], asvs: ['16.5.1'], severity: 'medium' },
  given: { every: 'response' },
  requiresControl: false,
  expectations: ['no-echo'],
  verify: ({ exchange }) => [
    finding('no-echo', exchange.echoes.length === 0, 'nothing of the key', exchange.echoes.join('; ')),
  ],
};

export const errorResponseRules: readonly Rule[] = [
  errorEnvelope,
  errorMediaType,
  challenge,
  oneAnswerToBadKeys,
  refusalWithoutData,
  noInternals,
  jsonAtTheEdge,
  noKeyEcho,
];
