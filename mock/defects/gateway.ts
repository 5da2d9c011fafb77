import { fullAccessKey } from '../server/keys.ts';
import { namedByConnection, withLine, withoutLines } from '../server/proxy-head.ts';
import { header, splitTarget } from '../server/request.ts';
import { PUBLIC_PATH } from '../server/sound.ts';
import type { Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** What a gateway says about a caller, believed from anyone. */
export const gateway = {
  'loopback-in-x-forwarded-for-opens': openedFrom(
    'address-of-this-machine',
    'the first of X-Forwarded-For is the machine itself, which needs no key',
    (request) => isLoopback(header(request, 'X-Forwarded-For')?.split(',')[0]?.trim()),
  ),
  'loopback-in-forwarded-opens': openedFrom(
    'address-of-this-machine',
    'Forwarded says that the machine itself asks, which needs no key',
    (request) => isLoopback(/for="?\[?([^;,"\]]+)/i.exec(header(request, 'Forwarded') ?? '')?.[1]),
  ),
  'private-x-client-ip-opens': openedFrom(
    'private-address',
    'X-Client-IP is a private address, which needs no key',
    (request) => /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(header(request, 'X-Client-IP') ?? ''),
  ),
  'mapped-x-real-ip-opens': openedFrom(
    'mapped-address',
    'X-Real-IP is the IPv4-mapped address of the machine itself, which needs no key',
    (request) => /^::ffff:127\./i.test(header(request, 'X-Real-IP') ?? ''),
  ),
  'x-real-ip-with-underscores-opens': {
    bug: 'W1',
    title: 'a proxy takes X-Real-IP away, and CGI behind it reads X_Real_IP in its place and believes it',
    patch: (sound) => ({
      headFilter: (request, head) => sound.headFilter(request, withoutLines(head, ['x-real-ip'])),
      isGuarded: (request) => sound.isGuarded(request) && !isLoopback(header(request, 'X_Real_IP')),
    }),
    complaints: ['gateway-claim: address-with-underscores (refused)'],
  },
  'x-forwarded-user-is-the-caller': calledBy('X-Forwarded-User'),
  'remote-user-is-the-caller': calledBy('Remote-User'),
  'verified-certificate-is-the-caller': calledBy('X-SSL-Client-Verify', /^SUCCESS$/),
  'x-is-admin-is-believed': calledBy('X-Is-Admin', /^true$/),
  'localhost-as-host-opens': {
    bug: 'W1',
    title: 'a request to localhost needs no key, and Host says whom it is to',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && !/^localhost(?::|$)/i.test(header(request, 'Host') ?? ''),
    }),
    complaints: ['gateway-claim: host-localhost (refused)'],
  },
  'loopback-as-host-opens': {
    bug: 'W1',
    title: 'a request to 127.0.0.1 without a port needs no key, and Host says whom it is to',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && header(request, 'Host') !== '127.0.0.1',
    }),
    complaints: ['gateway-claim: host-loopback-address (refused)'],
  },
  'path-read-out-of-host': {
    bug: 'W1',
    title: 'the gate makes a URL of Host and path, and reads the path of that; the router reads the path',
    patch: (sound) => ({
      isGuarded: (request) =>
        sound.isGuarded(request) && pathOfUrl(`http://${header(request, 'Host')}${request.target}`) !== PUBLIC_PATH,
    }),
    complaints: ['gateway-claim: host-with-path host-with-fragment (refused)'],
  },
  'kube-probe-opens': {
    bug: 'W1',
    title: 'the probes of an orchestrator need no key, and User-Agent says who they are',
    patch: byUserAgent((agent) => agent.startsWith('kube-probe/')),
    complaints: ['gateway-claim: user-agent-of-a-probe (refused)'],
  },
  'load-balancer-opens': {
    bug: 'W1',
    title: 'the health checks of a load balancer need no key, and User-Agent says who they are',
    patch: byUserAgent((agent) => agent.startsWith('ELB-HealthChecker/')),
    complaints: ['gateway-claim: user-agent-of-a-load-balancer (refused)'],
  },
  'empty-user-agent-opens': {
    bug: 'W1',
    title: 'a check of programs that call leaves out whoever names none, and the check of the key with it',
    patch: byUserAgent((agent) => agent === ''),
    complaints: ['gateway-claim: empty-user-agent (refused)'],
  },
  'forwarded-method-guarded-by': {
    bug: 'W1',
    title: 'the gate leaves OPTIONS out and goes by X-Forwarded-Method, the router by the method',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && header(request, 'X-Forwarded-Method') !== 'OPTIONS',
    }),
    complaints: ['gateway-claim: original-request-claimed (refused)'],
  },
  'own-pages-need-no-key': {
    bug: 'W1',
    title: 'a request from the page of the documentation needs no key, and Referer says where from',
    patch: (sound) => ({
      isGuarded: (request) => sound.isGuarded(request) && !/\/docs\//.test(header(request, 'Referer') ?? ''),
    }),
    complaints: ['gateway-claim: original-request-claimed (refused)'],
  },
  'connection-takes-x-forwarded-for-away': withoutHop('X-Forwarded-For'),
  'connection-takes-x-forwarded-host-away': withoutHop('X-Forwarded-Host'),
} as const satisfies DefectGroup;

function openedFrom(claim: string, title: string, isTrusted: (request: MockRequest) => boolean): Defect {
  return {
    bug: 'W1',
    title,
    patch: (sound) => ({ isGuarded: (request) => sound.isGuarded(request) && !isTrusted(request) }),
    complaints: [`gateway-claim: ${claim} (refused)`],
  };
}

function isLoopback(address: string | undefined): boolean {
  return /^(?:127\.|::1$|localhost$)/.test(address ?? '');
}

/** The gateway has looked at the credential, so the server behind it looks at none; but anyone reaches it. */
function calledBy(name: string, value = /./): Defect {
  return {
    bug: 'W1',
    title: `whom ${name} names has been authenticated by the gateway, and is let in without a key`,
    patch: (sound) => ({
      anonymousKey: (request, presented) =>
        value.test(header(request, name) ?? '')
          ? fullAccessKey(request.state.keys, request.environment)
          : sound.anonymousKey(request, presented),
    }),
    complaints: ['gateway-claim: caller-named (refused)'],
  };
}

function byUserAgent(isTrusted: (agent: string) => boolean): Patch {
  return (sound) => ({
    isGuarded: (request) => sound.isGuarded(request) && !isTrusted(header(request, 'User-Agent') ?? ''),
  });
}

function pathOfUrl(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return splitTarget(url).path;
  }
}

/**
 * Two hops: a proxy that writes its own line and then takes away what `Connection` names, and a server that takes a request
 * without that line for one from within (CVE-2022-31813, CVE-2024-45410).
 */
function withoutHop(name: string): Defect {
  return {
    bug: 'W1',
    title: `a proxy writes ${name} and drops it where Connection says so; without it no key is needed`,
    patch: (sound) => ({
      headFilter: (request, head) => sound.headFilter(request, throughProxy(head, name, request.peer)),
      isGuarded: (request) => sound.isGuarded(request) && header(request, name) !== undefined,
    }),
    complaints: ['gateway-claim: connection-names-forwarded-headers (refused)'],
  };
}

/** What is written stands in the list that is taken away, since it is written first. */
function throughProxy(head: string, name: string, value: string): string {
  const written = withLine(withoutLines(head, [name]), name, value);
  return withoutLines(written, namedByConnection(written));
}
