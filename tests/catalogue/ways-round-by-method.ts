import { expectDenied, expectRefused, hangUpIsRefusal } from '../../src/judging/access.ts';
import { finding, isSuccess, summary } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { HeaderLine } from '../../src/model/request.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { ControlledCase, UncontrolledCase } from '../../src/requests/case.ts';
import { needsGet } from './conditions.ts';
import { validKey } from './shared-cases.ts';

const MALFORMED = '{"inert":';
const JSON_TYPE: HeaderLine = ['Content-Type', ['application/json']];

/** Headers in which frameworks look for another method than that of the request line. */
const OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Method'];
const override = (method: string): HeaderLine[] => OVERRIDES.map((name) => [name, [method]]);

/** A case without a credential that sends a method that has no effect. */
function withoutKey(id: string, method: string): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'routing',
    title: `no credential, and ${method}`,
    control: validKey,
    reasonNotApplicable: needsGet,
    request: (builder) => builder.build({ method }),
  };
}

/** Nothing, or names of methods: `GET,HEAD`. */
const LIST_OF_METHODS = /^\s*([A-Z]+(\s*,\s*[A-Z]+)*)?\s*$/;

const options = withoutKey('options', 'OPTIONS');

/** To a parser that does not know the method the request is malformed. */
export const unknownMethod: ControlledCase = { ...withoutKey('unknown-method', 'FOO'), malformed: true };

/** A case without a credential that sends a method that could have an effect, in a request that cannot be carried out. */
function undocumented(method: string): ControlledCase {
  return {
    id: `undocumented-${method.toLowerCase()}`,
    kind: 'controlled',
    group: 'routing',
    title: `no credential, an undocumented ${method}, an id that does not exist and a body that is not JSON`,
    control: validKey,
    reasonNotApplicable: ({ path, isSafe, parameters }, { operations }) => {
      if (!isSafe) return 'one operation of the path is enough';
      if (operations.some((other) => other.path === path && other.method === method))
        return `the contract has ${method} ${path}`;
      const hasId = parameters.some((one) => one.in === 'path');
      return method === 'DELETE' && !hasId ? 'DELETE is harmless only with an id that does not exist' : undefined;
    },
    request: (builder) =>
      builder.build({
        method,
        body: [MALFORMED],
        headers: [JSON_TYPE],
        ...(builder.operation.parameters.some((one) => one.in === 'path') && { resource: 'unknown' as const }),
      }),
  };
}

const overriddenToGet: ControlledCase = {
  id: 'post-overridden-to-get',
  kind: 'controlled',
  group: 'routing',
  title: 'no credential, and POST that headers and query turn into GET',
  control: validKey,
  reasonNotApplicable: needsGet,
  request: (builder) =>
    builder.build({
      method: 'POST',
      body: [MALFORMED],
      headers: [JSON_TYPE, ...override('GET')],
      query: [['_method=GET'], ['x-http-method-override=GET']],
    }),
};

/**
 * "Every API request requires an API key", whatever its method. RFC 9110 §9.3.2 makes HEAD a GET without the body, and a
 * gate that lists the methods it guards forgets some.
 *
 * Laxer than the promise: a response to OPTIONS without content, or with the names of methods only, says nothing of the API
 * and conforms.
 */
const otherMethod: Rule = {
  id: 'other-method',
  level: 'MUST',
  title: 'another method is denied without a key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [306, 650], owaspApi: ['API2', 'API8'], asvs: ['4.1.4'], severity: 'critical' },
  given: {
    cases: [
      withoutKey('head', 'HEAD'),
      withoutKey('query', 'QUERY'),
      options,
      unknownMethod,
      ...['POST', 'PUT', 'PATCH', 'DELETE'].map(undocumented),
      overriddenToGet,
    ],
  },
  expectations: ['refused'],
  verify: (judged) =>
    judged.case.id === options.id && LIST_OF_METHODS.test(judged.response.body.text) ? [] : expectDenied(judged, true),
  verifyFault: hangUpIsRefusal,
};

const getOverridden: UncontrolledCase = {
  id: 'get-overridden',
  kind: 'uncontrolled',
  group: 'routing',
  title: 'the full-access key, and GET that headers turn into a method that does not exist',
  reasonNotApplicable: needsGet,
  request: (builder) => {
    builder.assertNotProduction('a server that follows such headers runs another method than the one that was sent');
    return builder.build({ key: builder.fullKey(), headers: override('FOO') });
  },
};

/** A header that changes the method changes it behind every gate that has read the request line. */
const methodOverride: Rule = {
  id: 'method-override',
  level: 'SHOULD',
  title: 'a header does not change the method',
  section: 'Ways round authentication',
  since: '2026.11',
  source: {
    standard: 'RFC 9110 §9.1, Methods: the request line names the method',
    url: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.1',
  },
  standards: { cwe: [436], owaspApi: ['API8'], asvs: ['4.1.4'], severity: 'medium' },
  given: { cases: [getOverridden] },
  comparedWith: [validKey],
  requiresControl: false,
  expectations: ['same-status'],
  verify: ({ response, fullAccess }) => {
    if (!fullAccess) return [];
    return [
      finding(
        'same-status',
        fullAccess.status === response.status,
        `status ${fullAccess.status}, as without the header`,
        `status ${response.status}`,
      ),
    ];
  },
};

const traceCase: UncontrolledCase = {
  id: 'trace',
  kind: 'uncontrolled',
  group: 'routing',
  title: 'TRACE with a key that was never issued',
  request: (builder) => {
    if (!builder.operation.isSafe) throw new NotSent('policy', 'one operation of the path is enough');
    return builder.build({ method: 'TRACE', key: builder.neverIssuedKey() });
  },
};

/** RFC 9110 §9.3.8: TRACE sends the request back, including credentials and what proxies added. */
const trace: Rule = {
  id: 'trace',
  level: 'SHOULD',
  title: 'TRACE is not answered with the request',
  section: 'Ways round authentication',
  since: '2026.11',
  source: {
    standard: 'OWASP ASVS 5.0, 13.4.4: TRACE is not supported',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x22-V13-Configuration.md',
  },
  standards: { cwe: [200], owaspApi: ['API8'], asvs: ['4.1.4', '13.4.4'], severity: 'low' },
  given: { cases: [traceCase] },
  requiresControl: false,
  expectations: ['not-served'],
  verify: ({ response }) => [finding('not-served', !isSuccess(response), 'a refusal', summary(response))],
  // To hang up is not to serve it.
  verifyFault: ({ fault }) => (fault.kind === 'reset' || fault.kind === 'closed' ? [] : undefined),
};

const sameConnection: ControlledCase = {
  id: 'same-connection',
  kind: 'controlled',
  group: 'caching',
  title: 'no credential, on a connection on which the full-access key was accepted',
  control: validKey,
  request: (builder) =>
    builder.build({ earlier: { request: builder.build({ key: builder.fullKey() }), sameConnection: true } }),
};

/** "Every API request requires an API key": each request, not each connection (RFC 9110 §3.7: HTTP is stateless). */
const authenticatedConnection: Rule = {
  id: 'authenticated-connection',
  level: 'MUST',
  title: 'a request without a key is refused on a connection on which a key was accepted',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [306, 488], owaspApi: ['API2'], asvs: ['8.3.1', '8.3.3'], severity: 'critical' },
  given: { cases: [sameConnection] },
  expectations: ['status'],
  verify: (judged) => expectRefused(judged, 'missingKey'),
  // The server ended the connection with its first response, so nothing can stay with the connection.
  verifyFault: ({ fault }) => (fault.kind === 'closed' ? [] : undefined),
};

export const waysRoundByMethodRules: readonly Rule[] = [otherMethod, methodOverride, trace, authenticatedConnection];
