import type { Contract } from '../contract/contract.ts';
import { secretsOf, type WireRequest } from '../plan/request.ts';
import { Secret } from '../target/secret.ts';
import type { Target } from '../target/target.ts';

/** RFC 9110 §9.2.1. Anything else may change something. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Why a request must not be sent, or undefined. Every request passes here last, whatever made it, so no case can get
 * round it: the reasons are the safety promises of the suite, one each.
 *
 * @param origin scheme, host and port that the connection is made to
 */
export function refusal(request: WireRequest, origin: URL, target: Target, contract: Contract): string | undefined {
  const secrets = secretsOf(request);
  const acceptable = secrets.filter(({ origin: from }) => from !== 'made-up');
  const safe = SAFE_METHODS.has(request.method.toUpperCase());
  if (target.policy.production && !safe && acceptable.length > 0) {
    return `on production no ${request.method} leaves with a key that could be accepted (${acceptable[0]?.name})`;
  }
  if (!safe && !request.inert && !target.policy.allowWrites) {
    return `a ${request.method} that could have an effect is sent only where ${target.variables.sandboxWrites}=allow`;
  }
  const live = acceptable.find((secret) => isLive(secret, contract));
  if (live && !target.liveKeyHosts.includes(origin.host)) {
    return `${live.name} is a production key and ${origin.host} is no host of production: ${target.variables.liveKeyHosts} may list it`;
  }
  if (
    origin.protocol === 'http:' &&
    acceptable.length > 0 &&
    (request.via === 'plain-http' || !isTargetItself(origin, target))
  ) {
    return `${acceptable[0]?.name} would go over plain HTTP`;
  }
  if (target.policy.production && request.target.some((part) => part instanceof Secret && part.origin !== 'made-up')) {
    return 'a key in a URL is kept in logs: never on production';
  }
  return undefined;
}

function isLive(secret: Secret, contract: Contract): boolean {
  return contract.keyKinds.some(({ name, environment }) => environment === 'production' && name === secret.kind);
}

/** A loopback target without TLS is the one place where a key may go in the clear; readTarget refuses any other. */
function isTargetItself(origin: URL, target: Target): boolean {
  return origin.origin === new URL(target.baseUrl).origin;
}
