import { accessOf, expectRefused, hangUpIsRefusal } from '../../src/judging/access.ts';
import { finding, summary } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import type { RequestBuilder, RequestParts } from '../../src/requests/request-builder.ts';
import { needsOtherEnvironment } from './conditions.ts';
import { validKey } from './shared-cases.ts';

export const otherEnvironmentKey: ControlledCase = {
  id: 'other-environment-key',
  kind: 'controlled',
  group: 'environment',
  title: 'a key of the other environment',
  access: { key: 'other environment', expected: 'denied', rule: 'other-environment' },
  control: validKey,
  alternatives: 'each',
  reasonNotApplicable: needsOtherEnvironment,
  request: (builder) => builder.build({ key: builder.otherEnvironmentKey() }),
};

/**
 * Authentication Overview, "Key Types": a live key is for production, a test key for the sandbox. The page does not show
 * the response to the wrong pairing; that it is the one to an invalid key is the contract's choice and is marked there.
 */
const otherEnvironment: Rule = {
  id: 'other-environment',
  level: 'MUST',
  title: 'a key of the other environment is refused',
  section: 'Environments',
  since: '2026.11',
  source: { promise: 'key-kinds' },
  standards: { cwe: [863], owaspApi: ['API2'], asvs: ['8.4.1', '9.2.3'], severity: 'high' },
  given: { cases: [otherEnvironmentKey] },
  expectations: ['status'],
  verify: (judged) =>
    expectRefused(judged, judged.contract.refusals.otherEnvironment ? 'otherEnvironment' : 'invalidKey'),
};

/** A case that sends the key of the other environment and claims to be meant for that environment. */
function claiming(
  id: string,
  where: string,
  parts: (otherHost: string, builder: RequestBuilder) => RequestParts,
): ControlledCase {
  return {
    id: `other-environment-key-${id}`,
    kind: 'controlled',
    group: 'environment',
    title: `a key of the other environment, with that environment's name in ${where}`,
    control: validKey,
    reasonNotApplicable: needsOtherEnvironment,
    request: (builder) => {
      const server = builder.otherKind()?.server;
      const otherHost = server === undefined ? '' : new URL(server).host;
      return builder.build({ key: builder.otherEnvironmentKey(), ...parts(otherHost, builder) });
    },
  };
}

const claimedHosts: readonly ControlledCase[] = [
  claiming('host', 'Host', (otherHost) => ({ headers: [['Host', [otherHost]]] })),
  claiming('forwarded-host', 'X-Forwarded-Host', (otherHost) => ({ headers: [['X-Forwarded-Host', [otherHost]]] })),
  claiming('absolute-form', 'an absolute request-target', (otherHost) => ({
    target: ({ base, path, query }) => `https://${otherHost}${base}${path}${query}`,
  })),
  claiming('server-name', 'the TLS handshake', (otherHost, { target }) => {
    if (!target.baseUrl.startsWith('https:'))
      throw new NotSent('policy', 'the target is a plain-HTTP address of this machine');
    return { serverName: otherHost };
  }),
];

/**
 * Authentication Overview, "Key Types": a client cannot choose the environment that its key is for. A server that reads the
 * environment from `Host` or `X-Forwarded-Host` accepts a test key on production.
 *
 * Laxer than the rule on the other environment's key: a gateway may refuse a foreign host name in words of its own.
 */
const claimedHost: Rule = {
  id: 'claimed-host',
  level: 'MUST',
  title: 'a key of the other environment is refused whatever host the request claims',
  section: 'Environments',
  since: '2026.11',
  source: { promise: 'key-kinds' },
  standards: { cwe: [290, 348], owaspApi: ['API2'], asvs: ['4.1.3', '9.2.3'], severity: 'high' },
  given: { cases: claimedHosts },
  expectations: ['refused'],
  verify: (judged) => [finding('refused', accessOf(judged) !== 'accepted', 'a refusal', summary(judged.response))],
  // A server without a certificate for the other name refuses in the handshake.
  verifyFault: (exchange) =>
    exchange.fault.kind === 'tls' && exchange.request.head === undefined ? [] : hangUpIsRefusal(exchange),
};

export const environmentRules: readonly Rule[] = [otherEnvironment, claimedHost];
