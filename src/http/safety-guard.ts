import type { Contract } from '../model/contract.ts';
import { secretsOf } from '../requests/secrets-of-request.ts';
import { ContractError } from '../openapi/contract-error.ts';
import { validatorsOf } from '../openapi/schema-validators.ts';
import { isOpenedByCertificate } from '../openapi/security.ts';
import { isProven, isSafeRequest, requestText } from '../requests/proof-of-no-effect.ts';
import type { PlannedRequest, ProofOfNoEffect } from '../model/request.ts';
import { isLoopback, isPrivateHost } from '../config/read-target.ts';
import { reveal, type Secret } from '../secret.ts';
import type { Target } from '../model/target.ts';
import { issuedKeys } from './redaction.ts';
import { redactedText, openText } from './request-text.ts';

const FRAMING_HEADER = /^(content-length|transfer-encoding)$/i;
/** A value that goes on in the next line (RFC 9112 §5.2). */
const FOLD = /\r\n(?=[ \t])/g;

/** In characters. A shorter key may stand in a request by chance. */
const SHORTEST_OPEN_KEY = 8;

/**
 * Why a request must not be sent, or undefined. The sender calls it for every request right before it sends it, so no case
 * can get round it. Each reason is one of the suite's promises about safety.
 *
 * @param origin scheme, host and port that the connection is made to
 */
export function reasonNotToSend(
  request: PlannedRequest,
  origin: URL,
  target: Target,
  contract: Contract,
): string | undefined {
  const { earlier } = request;
  const first = earlier && reasonNotToSend({ ...earlier.request, via: request.via }, origin, target, contract);
  if (first !== undefined) return first;
  if (isSplit(request)) return 'a line break or a length of its own would make two requests of one';
  const aboutKeys = reasonNotToManageKeys(request, target, contract);
  if (aboutKeys !== undefined) return aboutKeys;
  const issued = issuedKeys(target).filter((key) => reveal(key).length >= SHORTEST_OPEN_KEY);
  const literals = literalsOf(request);
  const open = issued.find((key) => literals.some((part) => part.includes(reveal(key))));
  if (open) return `${open.name} stands open in the request: only a Secret carries a key`;
  const acceptable = secretsOf(request).filter((secret) => couldBeAccepted(secret, issued));
  const safe = isSafeRequest(requestText(request, openText));
  if (target.policy.production && !safe && acceptable.length > 0) {
    return `on production no ${request.method} leaves with a key that could be accepted (${acceptable[0]?.name})`;
  }
  if (target.policy.production && !safe && isOpenedByItsCertificate(request, target, contract)) {
    return `on production no ${request.method} leaves with a certificate that opens what it is sent to (${target.variables.clientCertificate})`;
  }
  const isHarmless = safe || request.keyAction !== undefined || target.policy.allowWrites;
  const unproven = isHarmless ? undefined : reasonUnproven(request, contract, target);
  if (unproven !== undefined) return unproven;
  const inside = issued.filter((key) => acceptable.some((secret) => holds(secret, key)));
  const live = [...acceptable, ...inside].find((key) => isLive(key, contract));
  if (live && !target.liveKeyHosts.includes(origin.host)) {
    return `${live.name} is a production key and ${origin.host} is no host of production: ${target.variables.liveKeyHosts} may list it`;
  }
  if (live && origin.protocol === 'http:' && !isLoopback(origin)) {
    return `${live.name} is a production key and would go over plain HTTP`;
  }
  if (acceptable.length > 0 && (request.via === 'plain-http' || !mayGoInTheClear(origin, target))) {
    return `${acceptable[0]?.name} would go over plain HTTP`;
  }
  if (acceptable.length > 0 && request.newestTls !== undefined) {
    return `${acceptable[0]?.name} would go over an outdated TLS`;
  }
  if (target.policy.production && acceptable.some((secret) => isLogged(secret, request, contract))) {
    return 'a key in a URL is kept in logs: never on production';
  }
  return undefined;
}

/** Whether the connection presents the client's certificate to an operation which that opens by itself. */
function isOpenedByItsCertificate(request: PlannedRequest, target: Target, contract: Contract): boolean {
  if (!target.certificate || request.certificate !== undefined) return false;
  const base = new URL(target.baseUrl).pathname.replace(/\/$/, '');
  const [path = ''] = openText(request.target).split('?');
  return contract.operations.some((operation) => {
    if (operation.isSafe || !isOpenedByCertificate(contract, operation)) return false;
    const segments = `${base}${operation.path}`.split('/');
    const sent = path.split('/');
    return sent.length === segments.length && segments.every((one, index) => one.includes('{') || one === sent[index]);
  });
}

/**
 * Why keys of the target must be neither made nor ended by a command, or undefined: a command is no request, so whoever starts
 * it asks here first.
 */
export function reasonNotToKeepKeys({ policy, environment }: Target): string | undefined {
  return policy.production ? `keys are made and revoked on a sandbox alone, never on ${environment}` : undefined;
}

/** A request that does something to keys is of an operation that the contract names for it, and never for production. */
function reasonNotToManageKeys(request: PlannedRequest, target: Target, contract: Contract): string | undefined {
  const { keyAction, method } = request;
  const made = target.keys.made ?? [];
  if (keyAction === undefined && made.length === 0) return undefined;
  const onProduction = reasonNotToKeepKeys(target);
  if (onProduction !== undefined) return onProduction;
  if (keyAction === undefined) return undefined;
  const named = contract.lifecycle?.operations[keyAction]?.operation;
  const operation = contract.operations.find(({ id }) => id === named);
  const isNamed = operation?.method === method && isOfTemplate(operation.path, pathBelow(target, request));
  return isNamed ? undefined : `the contract does not name this ${method} as the operation to ${keyAction} a key`;
}

/** The path of a request below the base URL, without its query. */
function pathBelow({ baseUrl }: Target, request: PlannedRequest): string {
  const path = openText(request.target).replace(/[?#].*$/, '');
  const base = new URL(baseUrl).pathname.replace(/\/+$/, '');
  return path.startsWith(`${base}/`) ? path.slice(base.length) : '';
}

function isOfTemplate(template: string, path: string): boolean {
  const wanted = template.replace(/[?#].*$/, '').split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      segment.includes('{') ? /^(?!\.{1,2}$).+$/.test(given[index] ?? '') : segment === given[index],
    )
  );
}

/** In the URL, and not in the one place of it where the contract itself puts its keys. */
function isLogged(secret: Secret, { target }: PlannedRequest, { schemes }: Contract): boolean {
  const names = Object.values(schemes).flatMap(({ in: where, parameter }) =>
    where === 'query' && parameter !== undefined ? [encodeURIComponent(parameter)] : [],
  );
  return target.some((part, index) => {
    if (typeof part === 'string' || part.plain !== secret) return false;
    const pair = redactedText(target.slice(0, index)).split(/[?&]/).at(-1) ?? '';
    return !names.some((name) => pair.startsWith(`${name}=`));
  });
}

/** A server could take a part of such a request for a second one, which the other checks have not looked at. */
function isSplit({ method, target, headers, http2 }: PlannedRequest): boolean {
  const values = headers.map(([, value]) => openText(value).replace(FOLD, ' '));
  const names = headers.map(([name]) => name);
  return (
    [method, openText(target), http2?.authority ?? '', ...names, ...values].some((part) => /[\r\n]/.test(part)) ||
    names.some((name) => FRAMING_HEADER.test(name.trim()))
  );
}

/** Why a request on an unsafe method cannot be sent; undefined: it is proven to have no effect, as it stands. */
function reasonUnproven(request: PlannedRequest, contract: Contract, { variables }: Target): string | undefined {
  const where = `is sent only where ${variables.sandboxWrites}=allow`;
  if (!request.inert) return `a ${request.method} that could have an effect ${where}`;
  const { proof } = request;
  if (proof && holdsTrue(proof, request, contract)) return undefined;
  return `a ${request.method} that nothing proves to be without effect ${where}`;
}

/** The request is looked at with keys as they are, since they are a part of what the server reads. */
function holdsTrue(proof: ProofOfNoEffect, request: PlannedRequest, contract: Contract): boolean {
  try {
    return isProven(proof, contract, validatorsOf(contract), requestText(request, openText));
  } catch (error) {
    // A schema that cannot be used refuses nothing.
    if (error instanceof ContractError) return false;
    throw error;
  }
}

/** Whether the secret is a key or contains one, whatever its origin says. */
function couldBeAccepted(secret: Secret, issued: readonly Secret[]): boolean {
  return secret.origin !== 'made-up' || issued.some((key) => holds(secret, key));
}

function holds(secret: Secret, key: Secret): boolean {
  return reveal(secret).includes(reveal(key));
}

/** Everything in a request that is no Secret, as it will be written. */
function literalsOf({ target, headers, body, http2 }: PlannedRequest): string[] {
  const texts = [target, ...headers.map(([, value]) => value), body ?? []];
  const joined = texts.map((text) => text.map((part) => (typeof part === 'string' ? part : '\0')).join(''));
  return [...joined, ...headers.map(([name]) => name), http2?.authority ?? ''];
}

function isLive(secret: Secret, contract: Contract): boolean {
  return contract.keyKinds.some(({ name, environment }) => environment === 'production' && name === secret.kind);
}

/** A key may go without encryption within this machine, and to a private host that the settings name. */
function mayGoInTheClear(origin: URL, { plainHttpHosts, policy }: Target): boolean {
  if (origin.protocol === 'https:' || isLoopback(origin)) return true;
  return !policy.production && isPrivateHost(origin) && plainHttpHosts.includes(origin.host);
}
