import { strictTransportOf, fieldValues } from '../../src/fields/response-fields.ts';
import { expectNoRedirect, finding, summary } from '../../src/judging/expectations.ts';
import { accessOf } from '../../src/judging/access.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { FaultKind } from '../../src/model/exchange.ts';
import { reasonNotPresentable } from '../../src/openapi/security.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { UncontrolledCase } from '../../src/requests/case.ts';
import { neverIssuedKey, validKey } from './shared-cases.ts';

// Plain HTTP is tried with keys that are accepted nowhere: a real one would travel where everyone can read it.
const plainHttpCase: UncontrolledCase = {
  id: 'plain-http',
  kind: 'uncontrolled',
  group: 'transport',
  title: 'plain HTTP with a key that was never issued',
  request: (builder) => builder.build({ via: 'plain-http', key: builder.neverIssuedKey() }),
};

const plainHttpWithoutKey: UncontrolledCase = {
  id: 'plain-http-without-key',
  kind: 'uncontrolled',
  group: 'transport',
  title: 'plain HTTP without a credential',
  request: (builder) => builder.build({ via: 'plain-http' }),
};

const plainHttpForwardedProto: UncontrolledCase = {
  id: 'plain-http-forwarded-proto',
  kind: 'uncontrolled',
  group: 'transport',
  title: 'plain HTTP that X-Forwarded-Proto calls HTTPS, with a key that was never issued',
  request: (builder) =>
    builder.build({ via: 'plain-http', key: builder.neverIssuedKey(), headers: [['X-Forwarded-Proto', ['https']]] }),
};

/** The best way to serve plain HTTP is not to serve it. */
const NOT_SERVED: ReadonlySet<FaultKind> = new Set(['refused', 'reset', 'timeout', 'protocol']);

/**
 * Authentication Overview, "HTTPS required". How plain HTTP is refused is not documented: a closed port, a redirect to https
 * and a 4xx without API data conform. Data does not conform, and neither does a response that shows that the server looked
 * the key up.
 */
const plainHttp: Rule = {
  id: 'plain-http',
  level: 'MUST',
  title: 'plain HTTP is neither served nor used to look up a key',
  section: 'HTTPS',
  since: '2026.11',
  source: { promise: 'https-required' },
  standards: { cwe: [319, 523], owaspApi: ['API8'], asvs: ['12.2.1'], severity: 'high' },
  given: { cases: [plainHttpCase, plainHttpWithoutKey, plainHttpForwardedProto] },
  reasonNotApplicable: (_, { servers }) =>
    servers.length > 0 && servers.every((server) => server.startsWith('https:'))
      ? undefined
      : 'the contract does not say that the API is served over HTTPS only',
  expectations: ['not-served', 'key-not-looked-up'],
  verify: (judged) => {
    const { response, contract, schemas } = judged;
    const { schema, status = [] } = contract.refusals.invalidKey ?? {};
    const isLookedUp =
      schema !== undefined &&
      status.includes(response.status) &&
      schemas.errors(schema, response.body.json ?? null).length === 0;
    return [
      finding(
        'not-served',
        accessOf(judged) !== 'accepted',
        'no response of the API over plain HTTP',
        summary(response),
      ),
      finding('key-not-looked-up', !isLookedUp, 'no verdict on a key over plain HTTP', summary(response)),
    ];
  },
  verifyFault: ({ fault }) => (NOT_SERVED.has(fault.kind) ? [] : undefined),
};

/** A redirect from http to https lets a client go on that has just sent its key where everyone can read it. */
const plainHttpRedirect: Rule = {
  id: 'plain-http-redirect',
  level: 'SHOULD',
  title: 'plain HTTP is not redirected to HTTPS',
  section: 'HTTPS',
  since: '2026.11',
  source: {
    standard: 'OWASP ASVS 5.0, 4.1.2: only user-facing endpoints redirect to HTTPS',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x13-V4-API-and-Web-Service.md',
  },
  standards: { cwe: [319], owaspApi: ['API8'], asvs: ['4.1.2'], severity: 'medium' },
  given: { cases: [plainHttpCase] },
  requiresControl: false,
  expectations: ['no-redirect'],
  verify: ({ response }) => [expectNoRedirect(response, 'an error or no response')],
  verifyFault: ({ fault }) => (fault.kind === 'dns' ? undefined : []),
};

/** A client that follows a redirect takes its key along, and many clients take `X-API-Key` to other hosts as well. */
const noRedirect: Rule = {
  id: 'no-redirect',
  level: 'SHOULD',
  title: 'no request with a key is redirected',
  section: 'HTTPS',
  since: '2026.11',
  source: { standard: 'RFC 9110 §15.4, Redirection', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.4' },
  standards: { cwe: [522], owaspApi: ['API8'], asvs: ['3.7.2'], severity: 'medium' },
  given: { cases: [validKey, neverIssuedKey] },
  requiresControl: false,
  expectations: ['no-redirect'],
  verify: ({ response }) => [expectNoRedirect(response, 'no redirect')],
};

/** RFC 6797 tells clients never to try plain HTTP. The contract requires HTTPS and does not name the header. */
const strictTransport: Rule = {
  id: 'strict-transport',
  level: 'SHOULD',
  title: 'a response over HTTPS tells clients to stay with HTTPS',
  section: 'HTTPS',
  since: '2026.11',
  source: {
    standard: 'RFC 6797 §7.1, HTTP-over-Secure-Transport',
    url: 'https://www.rfc-editor.org/rfc/rfc6797#section-7.1',
  },
  standards: { cwe: [523], owaspApi: ['API8'], asvs: ['3.4.1'], severity: 'medium' },
  given: { cases: [validKey] },
  requiresControl: false,
  expectations: ['header'],
  verify: ({ response, exchange }) => {
    if (!exchange.request.url.startsWith('https:')) return [];
    const sent = fieldValues(response, 'strict-transport-security');
    return [
      finding(
        'header',
        (strictTransportOf(response)?.maxAge ?? 0) > 0,
        'Strict-Transport-Security with a max-age above 0',
        sent.length > 0 ? `Strict-Transport-Security: ${sent.join(', ')}` : 'no such header',
      ),
    ];
  },
};

const oldTlsCase: UncontrolledCase = {
  id: 'old-tls',
  kind: 'uncontrolled',
  group: 'transport',
  title: 'no credential, over TLS 1.1 at the newest',
  reasonNotApplicable: ({ id }, contract) => {
    const first = contract.operations.find((one) => one.isSafe && reasonNotPresentable(contract, one) === undefined);
    return id === first?.id ? undefined : 'one operation shows it for the server';
  },
  request: (builder) => {
    if (!builder.target.baseUrl.startsWith('https:'))
      throw new NotSent('policy', 'the target is a plain-HTTP address of this machine');
    return builder.build({ newestTls: 'TLSv1.1' });
  },
};

/** RFC 8996 retires TLS 1.0 and 1.1. The contract requires HTTPS and does not say which version. */
const oldTls: Rule = {
  id: 'old-tls',
  level: 'SHOULD',
  title: 'TLS 1.1 and older are refused',
  section: 'HTTPS',
  since: '2026.11',
  source: { standard: 'RFC 8996 §5, Do Not Use TLS 1.1', url: 'https://www.rfc-editor.org/rfc/rfc8996#section-5' },
  standards: { cwe: [326], owaspApi: ['API8'], asvs: ['12.1.1'], severity: 'medium' },
  given: { cases: [oldTlsCase] },
  requiresControl: false,
  expectations: ['not-spoken'],
  verify: ({ response }) => [finding('not-spoken', false, 'no connection', summary(response))],
  verifyFault: ({ fault }) => (fault.kind === 'tls' || fault.kind === 'reset' ? [] : undefined),
};

export const httpsRules: readonly Rule[] = [plainHttp, plainHttpRedirect, noRedirect, strictTransport, oldTls];
