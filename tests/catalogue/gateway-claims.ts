import { expectDeniedAsUsual, expectNotOpened, hangUpIsRefusal } from '../../src/judging/access.ts';
import type { Rule } from '../../src/judging/rule.ts';
import { namingEach } from '../../src/judging/several-names.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import { needsRepresentative } from './conditions.ts';
import {
  ADDRESS_HEADERS,
  addressLines,
  CALLER_LINES,
  originalRequestLines,
  PROBES,
  withUnderscores,
} from './names/gateway-lines.ts';
import { opening, peculiar, peculiarLines, withoutComparison } from './peculiar.ts';

/*
 * What a gateway says about a caller. A server that trusts such lines from anyone lets anyone in. Each kind is sent as one
 * request with many names; where it opens something, the names that count are found.
 */

const onRepresentatives = { reasonNotApplicable: needsRepresentative };

const whereFrom: readonly ControlledCase[] = [
  peculiarLines({ id: 'address-of-this-machine', title: 'headers that call it a request of the machine itself' }, () =>
    addressLines('127.0.0.1'),
  ),
  peculiarLines({ id: 'private-address', title: 'headers that claim a private address', ...onRepresentatives }, () =>
    addressLines('10.0.0.1'),
  ),
  peculiarLines(
    { id: 'mapped-address', title: 'headers that claim an IPv4-mapped address', ...onRepresentatives },
    () => addressLines('::ffff:127.0.0.1'),
  ),
  peculiarLines(
    { id: 'address-with-underscores', title: 'the same headers spelt with underscores', ...onRepresentatives },
    () => withUnderscores(addressLines('127.0.0.1')),
  ),
];

const who = peculiarLines(
  { id: 'caller-named', title: 'headers in which a gateway says who the caller is' },
  () => CALLER_LINES,
);

const asWhat = peculiarLines(
  { id: 'original-request-claimed', title: 'headers that say what the request was before it was passed on' },
  ({ origin }) => originalRequestLines(origin),
);

/** A `Host` of another name. Servers answer to one with another site, so only the operation's own response counts. */
function host(id: string, value: string, malformed = false): ControlledCase {
  return {
    ...withoutComparison({
      ...{ id, title: `Host: ${value}`, ...onRepresentatives },
      parts: () => ({ headers: [['Host', [value]]] }),
    }),
    ...(malformed && { malformed: true as const }),
  };
}

const whereto: readonly ControlledCase[] = [
  host('host-localhost', 'localhost'),
  host('host-loopback-address', '127.0.0.1'),
  // A server that makes a URL of Host and path reads the public path, and its router the path (CVE-2026-48710).
  host('host-with-path', 'x/health?', true),
  host('host-with-fragment', 'x/health#', true),
];

/** Several products, of which a server that looks at the beginning sees the first and any other sees all (RFC 9110 §10.1.5). */
function fromProgram(id: string, title: string, products: readonly string[]): ControlledCase {
  return peculiar({
    id,
    title,
    parts: () => ({ headers: [['User-Agent', [products.join(' ')]]] }),
    ...onRepresentatives,
  });
}

const whatWith: readonly ControlledCase[] = [
  fromProgram('user-agent-of-a-probe', 'the User-Agent of a probe', PROBES),
  fromProgram('user-agent-of-a-load-balancer', 'the User-Agent of a load balancer', PROBES.toReversed()),
  peculiar({
    id: 'empty-user-agent',
    title: 'an empty User-Agent',
    parts: () => ({ headers: [['User-Agent', ['']]] }),
    ...onRepresentatives,
  }),
];

const MORE_OF_A_PROXY = ['X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Forwarded-Server', 'X-Forwarded-User', 'Via'];

/** RFC 9110 §7.6.1: a proxy takes away what `Connection` names, so that its own word about the caller does not arrive. */
const whichHop = peculiar({
  id: 'connection-names-forwarded-headers',
  title: 'Connection naming the headers in which a proxy says who calls',
  parts: () => ({ headers: [['Connection', [['close', ...ADDRESS_HEADERS, ...MORE_OF_A_PROXY].join(', ')]]] }),
  ...onRepresentatives,
});

/** "Every API request requires an API key", whatever is said about where it comes from, from whom and for whom. */
const gatewayClaim: Rule = {
  id: 'gateway-claim',
  level: 'MUST',
  title: 'what only a gateway can know about a caller is no key when the caller says it',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288, 290, 291, 348], owaspApi: ['API2', 'API8'], asvs: ['4.1.3', '8.3.1'], severity: 'critical' },
  given: { cases: [...whereFrom, who, asWhat, ...whereto, ...whatWith, whichHop] },
  expectations: ['refused', 'same-refusal'],
  verify: (judged) =>
    whereto.some(({ id }) => id === judged.case.id)
      ? expectNotOpened(judged)
      : namingEach(judged, expectDeniedAsUsual, opening),
  verifyFault: hangUpIsRefusal,
};

export const gatewayClaimRules: readonly Rule[] = [gatewayClaim];
