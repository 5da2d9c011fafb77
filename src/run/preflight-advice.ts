import { speaksTls } from '../http/speaks-tls.ts';
import type { Operation } from '../model/contract.ts';
import type { Fault, FaultKind, HttpResponse } from '../model/exchange.ts';
import type { Target } from '../model/target.ts';
import { firstFieldValue } from '../fields/response-fields.ts';

/** How the target answered while a key was tried. */
export interface Answered {
  /** Each that was received, once. */
  readonly statuses: readonly number[];
  /** The first redirect: the address that was asked and where it leads to. */
  readonly redirect?: Redirect;
  readonly fault?: Fault;
}

export interface Redirect {
  /** Without its query. */
  readonly from: string;
  /** `Location`, without its query. */
  readonly to: string;
}

/** Where a response leads instead of answering; undefined: nowhere. */
export function redirectOf(url: string, response: HttpResponse): Redirect | undefined {
  const location = firstFieldValue(response, 'location');
  if (response.status < 300 || response.status > 399 || location === undefined) return undefined;
  const from = withoutQuery(url);
  return URL.canParse(location, from) ? { from, to: withoutQuery(new URL(location, from).href) } : undefined;
}

/** Milliseconds for the look at whether a port speaks TLS. */
const LONGEST_LOOK = 5_000;

/** Why the full-access key could not be shown to be accepted, with what to do. */
export async function adviceFor(answered: Answered, target: Target): Promise<string> {
  const { fault, statuses, redirect } = answered;
  const isPlain = target.baseUrl.startsWith('http:');
  const isOddForHttp = fault ? NO_HTTP.has(fault.kind) : statuses.every((status) => status === 400);
  if (isPlain && isOddForHttp && (fault || statuses.length > 0)) {
    const what = fault ? fault.message : 'status 400';
    if (await speaksTls(new URL(target.baseUrl), Math.min(target.run.timeout, LONGEST_LOOK)))
      return `${target.baseUrl} cannot be judged (${what}): its port uses TLS; write https: in ${target.variables.baseUrl}.`;
  }
  if (fault) return faultSentence(fault, target);
  if (redirect && statuses.every((status) => status >= 300 && status < 400))
    return redirectSentence(redirect, statuses, target);
  return keySentence(statuses, target);
}

/** Faults of a port that speaks something else than plain HTTP. */
const NO_HTTP: ReadonlySet<FaultKind> = new Set(['reset', 'closed', 'protocol', 'unknown']);

function redirectSentence({ from, to }: Redirect, statuses: readonly number[], target: Target): string {
  const { baseUrl, variables } = target;
  const rest = from.slice(baseUrl.length);
  const base = to.replace(/\/$/, '').endsWith(rest) ? to.replace(/\/$/, '').slice(0, -rest.length) : undefined;
  const isElsewhere = base !== undefined && base !== '' && base !== baseUrl;
  const remedy = isElsewhere ? `set ${variables.baseUrl} to ${base}` : `correct ${variables.baseUrl}`;
  return `${baseUrl} only redirects (status ${statuses.join(', ')} from ${from} to ${to}), and a redirect proves nothing about a key: ${remedy}.`;
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

function keySentence(statuses: readonly number[], { variables, environment, baseUrl, policy }: Target): string {
  if (statuses.length === 0)
    return policy.allowWrites
      ? 'no operation of the contract can be sent a request with the full-access key: give its parameters and bodies examples.'
      : `no operation of the contract can be tried with the full-access key without a possible change on the target: judge a sandbox, and set ${variables.sandboxWrites}=allow.`;
  return `${variables.apiKey} is accepted by no operation of ${baseUrl} (status ${statuses.join(', ')}): give a full-access key of ${environment}.`;
}

const ADVICE: Partial<Record<FaultKind, (target: Target, message: string) => string>> = {
  refused: ({ variables }) => `nothing listens there: start the target, or correct ${variables.baseUrl}`,
  dns: ({ variables }) => `its host name cannot be resolved: correct ${variables.baseUrl}`,
  timeout: ({ variables }) => `it does not answer in time: check the network, or correct ${variables.baseUrl}`,
  tls: ({ variables }, message) => {
    if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(message))
      return `its port does not use TLS: correct the port in ${variables.baseUrl}, or write http: where the target is on this machine`;
    if (/^ERR_SSL_|^EPROTO/.test(message))
      return `the TLS handshake fails, but not because of the certificate: check which TLS versions the target supports, or correct ${variables.baseUrl}`;
    return `its certificate cannot be verified: renew it, or name its certificate authority in ${variables.ca}`;
  },
  unavailable: () => 'it says that it is unavailable: try again later',
  'rate-limited': () => 'its rate limit is used up: try again later',
};

function faultSentence({ kind, message }: Fault, target: Target): string {
  if (message.startsWith('PROXY_'))
    return `${target.baseUrl} cannot be judged (${message}): correct ${target.variables.proxy}, with user and password if it asks for them, or allow the target in the proxy.`;
  const advice = ADVICE[kind]?.(target, message);
  return `${target.baseUrl} cannot be judged (${message}): ${advice ?? 'it does not answer as an HTTP server'}.`;
}

/** Part of the scopes that a key with full access may lack by a mistake of the target's, which is for the rules to find. */
const LACKING = 0.5;

/**
 * Says of a full-access key that most of what it is to open forbids it: it is one with some scopes only. A few operations that
 * forbid it may be a mistake of the API.
 */
export function scopeProblem(
  answered: readonly { readonly operation: Operation; readonly response: HttpResponse }[],
  { variables }: Target,
): string | undefined {
  const scopes = [...new Set(answered.flatMap(({ operation }) => operation.scopes))];
  const lacking = scopes.filter((scope) =>
    answered
      .filter(({ operation }) => operation.scopes.includes(scope))
      .every(({ response: { status } }) => status === 403),
  );
  if (scopes.length < 2 || lacking.length < LACKING * scopes.length) return undefined;
  return `${variables.apiKey} does not have full access: every readable operation that asks for ${lacking.join(', ')} forbids it (status 403); give a key with full access.`;
}
