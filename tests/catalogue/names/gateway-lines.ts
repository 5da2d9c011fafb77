/*
 * Header lines by which gateways tell a server about a caller, as products of small tables: the next bug of a kind uses
 * another name of the same make. A request has at most a hundred lines, since servers take no more (Apache's
 * `LimitRequestFields`), and each table keeps far below that.
 */

/** A field name and its value, as it is written. */
export type Line = readonly [name: string, value: string];

function product(...words: readonly (readonly string[])[]): string[] {
  return words.reduce<string[]>((starts, ends) => starts.flatMap((start) => ends.map((end) => start + end)), ['']);
}

/** Names of one header, whatever their letter case, once. */
function distinct(names: readonly string[]): string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

/** Headers in which gateways say which address a request comes from. */
export const ADDRESS_HEADERS: readonly string[] = distinct([
  ...['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'True-Client-IP', 'CF-Connecting-IP'],
  ...product(['', 'X-'], ['Client', 'Remote', 'Real', 'Source', 'Originating', 'Cluster-Client'], ['-IP', '-Addr']),
  ...product(['X-'], ['Client', 'Remote', 'Original', 'Forwarded-Client'], ['-Address', '-Host']),
  ...product(['Fastly', 'Fly', 'Incap', 'Proxy', 'WL-Proxy'], ['-Client-IP']),
  ...['X-Forwarded', 'Forwarded-For', 'X-Original-Forwarded-For', 'X-Vercel-Forwarded-For', 'X-ProxyUser-IP'],
  ...['X-Envoy-External-Address', 'X-Azure-ClientIP', 'X-AppEngine-User-IP', 'X-NF-Client-Connection-IP'],
  ...['DO-Connecting-IP', 'CF-Connecting-IPv6', 'X-Sucuri-ClientIP', 'Ali-CDN-Real-IP', 'X-Custom-IP-Authorization'],
]);

/** A line that claims an address; RFC 7239 §6 puts an address of IPv6 into brackets and quotes. */
export function addressLine(name: string, address: string): Line {
  if (name !== 'Forwarded') return [name, address];
  return [name, `for=${address.includes(':') ? `"[${address}]"` : address}`];
}

export function addressLines(address: string, names: readonly string[] = ADDRESS_HEADERS): Line[] {
  return names.map((name) => addressLine(name, address));
}

/** CGI knows one spelling for `-` and `_` (RFC 3875 §4.1.18), so a server behind it reads `X_Real_IP` as `X-Real-IP`. */
export function withUnderscores(lines: readonly Line[]): Line[] {
  return lines.flatMap(([name, value]): Line[] => (name.includes('-') ? [[name.replaceAll('-', '_'), value]] : []));
}

const CALLERS: readonly (readonly [noun: string, value: string])[] = [
  ['User', 'admin'],
  ['Username', 'admin'],
  ['User-Id', '1'],
  ['Email', 'admin@example.com'],
  ['Groups', 'admin'],
  ['Role', 'admin'],
];
const WHO_SAYS_SO = [
  'X-Forwarded-',
  'X-Auth-Request-',
  'X-Authenticated-',
  'X-Remote-',
  'Remote-',
  'X-Consumer-',
  'X-',
];

/** Headers in which gateways say who a caller is, once they have looked at the credential themselves. */
export const CALLER_LINES: readonly Line[] = [
  ...WHO_SAYS_SO.flatMap((prefix) => CALLERS.map(([noun, value]): Line => [prefix + noun, value])),
  ...product(['X-', ''], ['SSL-Client', 'Client'], ['-Verify']).map((name): Line => [name, 'SUCCESS']),
  ...product(['X-', ''], ['SSL-Client-S-DN']).map((name): Line => [name, 'CN=admin']),
  ...product(['X-'], ['Tenant', 'Account', 'Organization', 'Key'], ['-Id']).map((name): Line => [name, '1']),
  ...product(['X-'], ['Admin', 'Is-Admin', 'Authenticated', 'Authorized']).map((name): Line => [name, 'true']),
  ...product(['X-'], ['Scopes', 'Permissions']).map((name): Line => [name, '*']),
  ['X-Forwarded-Preferred-Username', 'admin'],
  ['X-WebAuth-User', 'admin'],
  ['X-Credential-Identifier', 'admin'],
  ['X-Amzn-Oidc-Identity', 'admin'],
  ['X-Goog-Authenticated-User-Email', 'accounts.google.com:admin@example.com'],
  ['Cf-Access-Authenticated-User-Email', 'admin@example.com'],
  ['X-MS-Client-Principal-Name', 'admin'],
  ['Tailscale-User-Login', 'admin@example.com'],
];

/**
 * Headers in which gateways and browsers say what a request was before it was passed on: its method, its host, the page that
 * it comes from.
 *
 * @param origin scheme, host and port of the target
 */
export function originalRequestLines(origin: string): Line[] {
  return [
    ...product(['X-'], ['Forwarded', 'Original'], ['-Method']).map((name): Line => [name, 'OPTIONS']),
    ...product(['X-'], ['Forwarded-', 'Original-', ''], ['Host', 'Server']).map((name): Line => [name, 'localhost']),
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Port', '443'],
    ['X-Requested-With', 'XMLHttpRequest'],
    ['Referer', `${origin}/docs/swagger/login`],
    ['Origin', origin],
    ['Sec-Fetch-Site', 'same-origin'],
    ['X-Envoy-Internal', 'true'],
    ['X-Skip-Auth', 'true'],
    ['X-Debug', 'true'],
    ['X-Health-Check', '1'],
  ];
}

/** What load balancers and orchestrators call themselves when they ask whether a server is alive. */
export const PROBES: readonly string[] = [
  'kube-probe/1.33',
  'GoogleHC/1.0',
  'Amazon-Route53-Health-Check-Service',
  'Consul Health Check',
  'Prometheus/3.5.0',
  'curl/8.0.0',
  'ELB-HealthChecker/2.0',
];
