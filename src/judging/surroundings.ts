import { remembered, rememberedBy } from '../fields/remembered.ts';
import type { Contract } from '../model/contract.ts';
import type { Exchange, HttpResponse, Landmarks, Respondent } from '../model/exchange.ts';
import { CERTIFICATE_CASE, FULL_ACCESS_CASE, NO_KEY_CASE, NOTHING_CASE, TOO_LONG_CASE } from '../requests/case.ts';
import { idAlone, type Probe } from '../requests/plan-operation.ts';
import { unsteadyHeaders } from './comparable-headers.ts';
import { numberedMembers } from './numbered-members.ts';
import { respondentOf, type Surroundings } from './respondent.ts';
import type { Volatile } from './same-response.ts';

/** By the id of the probe; no more are added. */
type Exchanges = ReadonlyMap<string, Exchange>;

/** What came of one operation, to hold a response against. */
export function surroundingsOf({
  exchanges,
  landmarks,
}: {
  readonly exchanges: Exchanges;
  readonly landmarks?: Landmarks;
}): Surroundings {
  const responseOf = (id: string): HttpResponse | undefined => exchanges.get(id)?.response;
  // Where a certificate of the client opens the operation by itself, it is the full-access key there.
  return {
    landmarks,
    fullAccess: responseOf(FULL_ACCESS_CASE) ?? responseOf(CERTIFICATE_CASE),
    noKey: responseOf(NO_KEY_CASE) ?? responseOf(NOTHING_CASE),
    tooLong: responseOf(TOO_LONG_CASE),
  };
}

const respondentsAmong = remembered<Exchanges, WeakMap<HttpResponse, Respondent>>(() => new WeakMap());

/** Who wrote the response, worked out once for all rules that ask. */
export function respondentAmong(
  { response, request }: Pick<Exchange, 'response' | 'request'>,
  sent: { readonly exchanges: Exchanges; readonly landmarks?: Landmarks },
): Respondent {
  if (!response) return respondentOf({ response, request }, surroundingsOf(sent));
  const known = respondentsAmong(sent.exchanges);
  const found = known.get(response) ?? respondentOf({ response, request }, surroundingsOf(sent));
  known.set(response, found);
  return found;
}

const allAlone = remembered((exchanges: Exchanges) => {
  const end = idAlone('', '');
  const found = new Map<string, Map<string, HttpResponse>>();
  for (const [id, { response }] of exchanges) {
    const [probe = '', ...name] = id.split(end);
    if (!response || name.length === 0) continue;
    const names = found.get(probe) ?? new Map<string, HttpResponse>();
    found.set(probe, names.set(name.join(end), response));
  }
  return found;
});

const NONE: ReadonlyMap<string, HttpResponse> = new Map();

/** The responses to each of the names that a probe tries at once, by the name; empty: they were not tried alone. */
export function responsesAlone(probe: string, exchanges: Exchanges): ReadonlyMap<string, HttpResponse> {
  return allAlone(exchanges).get(probe) ?? NONE;
}

interface Asked {
  readonly probes: readonly Probe[];
  readonly exchanges: Exchanges;
}

interface Promised {
  readonly contract: Pick<Contract, 'volatileMembers'>;
}

/** Names of header fields that come and go though the same is said to the same. */
export const unsteadyHeadersAmong = rememberedBy(
  ({ exchanges }: Asked) => exchanges,
  (asked): ReadonlySet<string> => unsteadyHeaders(saidToTheSame(asked)),
);

/** What of a body is another in every response: what the contract says, and numbers that differ though the same is said to the same. */
export const volatileAmong = rememberedBy(
  ({ exchanges }: Asked & Promised) => exchanges,
  ({ contract, ...asked }): Volatile => ({
    members: contract.volatileMembers,
    numbered: numberedMembers(saidToTheSame(asked)),
  }),
);

/** Responses over HTTP/1.1 with one status to requests with one credential: they are meant to have the same header fields. */
function saidToTheSame({ probes, exchanges }: Asked): HttpResponse[][] {
  const groups = new Map<string, HttpResponse[]>();
  // Within a budget hardly any credential is sent twice, so that what differs at all may come and go.
  const isPart = probes.some(({ notSent }) => notSent?.cause === 'budget');
  for (const { id, case: one, request, credential } of probes) {
    const response = exchanges.get(id)?.response;
    if (!response || request?.via !== 'base' || request.http2 || !credential) continue;
    if (request.method === 'OPTIONS' || one.malformed) continue;
    const presented = isPart ? [] : credential.secrets.map(({ name }) => name);
    const key = JSON.stringify([response.status, request.method, presented]);
    const group = groups.get(key);
    if (group) group.push(response);
    else groups.set(key, [response]);
  }
  return [...groups.values()];
}
