import { firstFieldValue, mediaTypeOf } from '../fields/response-fields.ts';
import { lastResponse } from '../http/last-response.ts';
import { recordedResponse, redactorOf } from '../http/received.ts';
import { cellId } from '../model/cell-id.ts';
import type { Outcome } from '../model/cell.ts';
import type { Exchange, HttpResponse } from '../model/exchange.ts';
import { FULL_ACCESS_CASE, NO_KEY_CASE } from '../requests/case.ts';
import { formOfPathValues } from '../requests/path-parameters.ts';
import { controlIds, type Probe } from '../requests/plan-operation.ts';
import { isAccepted, isRefusal, isSuccess } from './expectations.ts';
import type { OperationExchanges } from './judge.ts';
import { withReceived } from './received-exchanges.ts';
import { type NotReached, whyNotReached } from './not-reached.ts';
import { whereabouts } from './respondent.ts';
import { hasSameBody, hasSameShape } from './same-response.ts';
import { volatileAmong } from './surroundings.ts';

/*
 * A cause explains many cells at once. It is found in two steps, both pure: each operation gives signs, small enough to
 * travel with its cells, and after the last operation the signs of all are put together.
 */

/** The causes, the one that explains most first: a cell names the first one that explains it. */
const KINDS = [
  'quota-ended',
  'nothing-there',
  'not-served',
  'notice-to-all',
  'no-gate',
  'open-to-anyone',
  'cache-ignores-keys',
  'refused-by-redirect',
  'refused-with-success',
  'input-first',
  'scheme-opens-nothing',
  'requests-rewritten',
  'edge-answers',
] as const;

type CauseKind = (typeof KINDS)[number];

/** One request that shows a cause. */
export interface CauseExample {
  /** Id of the probe. */
  readonly case: string;
  /** Example: `status 302 to /login`. */
  readonly received: string;
  /** What the full-access key received. Example: `status 200`. */
  readonly control?: string;
  /** The line that repeats the request, as evidence has it. */
  readonly repeat: string;
}

/** An example and the operation that it is from. */
export interface LocatedExample extends CauseExample {
  readonly operation: string;
}

/** What one operation shows of one cause. */
interface Sign {
  readonly kind: CauseKind;
  /** The scheme that opens nothing, or the words of what rewrites. */
  readonly subject?: string;
  /** Ids of the probes whose responses follow from the cause; `all`: whatever the operation was sent. */
  readonly probes: readonly string[] | 'all';
  readonly example: CauseExample;
  /** The environment variable that helps. */
  readonly variable?: string;
  /** Names of the path parameters whose values lead nowhere. */
  readonly pathParameters?: readonly string[];
  /** The request names an id that nothing has. */
  readonly isMadeUp?: boolean;
}

/** What one operation shows of causes; made of strings and numbers only, so that it can travel with the cells. */
export interface OperationSigns {
  /** How the full-access key fared. */
  readonly key: 'accepted' | 'refused' | 'limited' | 'none';
  /** How a request without a credential fared; `alike`: it got the same 4xx as the key, which shows nothing about keys. */
  readonly keyless: 'accepted' | 'alike' | 'denied' | 'none';
  /** Ids of the security alternatives in which the full-access key was accepted. */
  readonly accepting: readonly string[];
  /** With which of 401 and 403 a request was refused, by the case: `no-key`, `never-issued-key`. */
  readonly refused: Readonly<Record<string, number>>;
  readonly signs: readonly Sign[];
}

/** One thing that explains many cells. */
export interface Cause {
  /** In kebab-case: `refused-by-redirect`. */
  readonly id: string;
  /** What was seen, in one sentence, with numbers. */
  readonly sentence: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly example: LocatedExample;
  /** Ids of the cells that follow from it. */
  readonly cells: readonly string[];
}

/** What is needed of a judged cell. */
interface JudgedCell {
  readonly rule: string;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly cases: readonly { readonly case: string; readonly outcome: Outcome }[];
}

/** Fewer cells than this are findings that stand for themselves. */
const FEWEST_CELLS = 2;

const LONGEST_WORDS = 120;

/** Looks for signs of causes in what one operation was sent. */
export function signsOf(sent: OperationExchanges): OperationSigns {
  const seen = new Seen(withReceived(sent));
  const redact = redactorOf(sent.exchanges.values());
  const signs = [
    ...quota(seen),
    ...(seen.leadsTo === 'operation' ? sameAsKey(seen) : nowhere(seen)),
    ...cache(seen),
    ...redirects(seen),
    ...errorsInside(seen),
    ...closedSchemes(seen),
    ...rewriting(seen),
    ...bareAnswers(seen),
  ];
  return {
    key: seen.key,
    keyless: seen.keyless,
    accepting: seen.controls().flatMap(({ probe, response }) => (isAccepted(response) ? [probe.alternative.id] : [])),
    refused: Object.fromEntries(
      seen.refused().flatMap(({ probe, response }) => (isRefusal(response) ? [[probe.id, response.status]] : [])),
    ),
    // What was received may repeat a key, and what is said of it must not.
    signs: signs.map(({ example, subject, ...sign }) => ({
      ...sign,
      ...(subject !== undefined && { subject: redact(subject) }),
      example: { ...example, received: redact(example.received) },
    })),
  };
}

interface Answered {
  readonly probe: Probe;
  readonly exchange: Exchange;
  readonly response: HttpResponse;
}

/** One operation's exchanges with what all signs ask of them. */
class Seen {
  readonly sent: OperationExchanges;
  readonly control: HttpResponse | undefined;
  /** Of the control the response that counts: it was accepted. */
  readonly accepted: HttpResponse | undefined;
  readonly #good: ReadonlySet<unknown>;

  constructor(sent: OperationExchanges) {
    const { keys } = sent.target;
    this.sent = sent;
    this.control = this.responseTo(FULL_ACCESS_CASE);
    this.accepted = this.control && isAccepted(this.control) ? this.control : undefined;
    this.#good = new Set([keys.full, ...Object.values(keys.others), ...keys.scoped.map(({ secret }) => secret)]);
  }

  responseTo(probe: string): HttpResponse | undefined {
    const exchange = this.sent.exchanges.get(probe);
    return exchange && lastResponse(exchange);
  }

  /** Every probe that got a response, of the target itself and not of the address where plain HTTP is tried. */
  answered(): Answered[] {
    return this.sent.probes.flatMap((probe) => {
      const exchange = this.sent.exchanges.get(probe.id);
      const response = exchange && lastResponse(exchange);
      return exchange && response && probe.request?.via === 'base' ? [{ probe, exchange, response }] : [];
    });
  }

  /** Ids of the probes whose response is of that kind, the controls aside. */
  ids(isIt: (response: HttpResponse, probe: Probe) => boolean): string[] {
    return this.answered()
      .filter(({ probe, response }) => probe.case.kind !== 'control' && isIt(response, probe))
      .map(({ probe }) => probe.id);
  }

  /** The response is what the full-access key gets. */
  isLikeControl(response: HttpResponse, probe: Probe): boolean {
    const { accepted } = this;
    if (accepted?.status !== response.status) return false;
    if (probe.request?.method === 'HEAD' || hasSameBody(accepted, response, volatileAmong(this.sent))) return true;
    return isSuccess(response) && response.body.json !== undefined && hasSameShape(accepted, response);
  }

  hasGoodKey({ credential }: Probe): boolean {
    return credential?.secrets.some((secret) => this.#good.has(secret)) ?? false;
  }

  /** What a request without a key got, and one with a key that was never issued: what a refusal looks like shows there. */
  refused(): Answered[] {
    return this.answered().filter(({ probe }) => [NO_KEY_CASE, 'never-issued-key'].includes(probe.id));
  }

  /** The full-access key in each security alternative. */
  controls(): Answered[] {
    return this.answered().filter(({ probe }) => probe.case.id === FULL_ACCESS_CASE);
  }

  get leadsTo(): ReturnType<typeof whereabouts> {
    const { operation, landmarks } = this.sent;
    return whereabouts(operation, { landmarks, fullAccess: this.control, noKey: this.responseTo(NO_KEY_CASE) });
  }

  get key(): OperationSigns['key'] {
    if (!this.control) return 'none';
    if (this.accepted) return 'accepted';
    return this.control.status === 429 ? 'limited' : isRefusal(this.control) ? 'refused' : 'none';
  }

  get keyless(): OperationSigns['keyless'] {
    const found = this.answered().find(({ probe }) => probe.id === NO_KEY_CASE);
    if (!found || !this.accepted) return 'none';
    if (!this.isLikeControl(found.response, found.probe)) return 'denied';
    return isSuccess(found.response) ? 'accepted' : 'alike';
  }

  sign(
    kind: CauseKind,
    probes: readonly string[] | 'all',
    received: string,
    more: Partial<Pick<Sign, 'subject' | 'variable' | 'pathParameters' | 'isMadeUp'>> & {
      readonly example?: string;
    } = {},
  ): Sign[] {
    const { example: wanted, ...rest } = more;
    const named = probes === 'all' ? [FULL_ACCESS_CASE] : probes;
    const shown = wanted ?? (named.includes(NO_KEY_CASE) ? NO_KEY_CASE : named[0]);
    const exchange = this.sent.exchanges.get(shown ?? '');
    if (shown === undefined || !exchange) return [];
    const control = this.control && shown !== FULL_ACCESS_CASE ? { control: `status ${this.control.status}` } : {};
    return [{ kind, probes, ...rest, example: { case: shown, received, ...control, repeat: exchange.request.curl } }];
  }
}

/** The key, which must have been accepted on another operation for this to be a cause, is throttled or refused here. */
function quota(seen: Seen): Sign[] {
  const { rateLimit } = seen.sent.target.variables;
  if (seen.key === 'refused')
    return seen.sign('quota-ended', 'all', `status ${seen.control?.status}`, { variable: rateLimit });
  const limited = seen.answered().filter(({ response }) => response.status === 429);
  const first = limited.find(({ probe }) => seen.hasGoodKey(probe));
  if (!first) return [];
  const ids = new Set(limited.map(({ probe }) => probe.id));
  const following = seen.sent.probes.filter(
    (probe) => ids.has(probe.id) || controlIds(probe).some((id) => ids.has(id)),
  );
  return seen.sign(
    'quota-ended',
    following.map(({ id }) => id),
    'status 429',
    { variable: rateLimit, example: first.probe.id },
  );
}

/** The operation is not reached: the full-access key gets what it gets on a path that does not exist. */
function nowhere(seen: Seen): Sign[] {
  const { control, leadsTo } = seen;
  if (leadsTo === 'notice' && control) {
    const type = mediaTypeOf(control)?.essence ?? 'no media type';
    return seen.sign('notice-to-all', 'all', `status ${control.status} with ${type}`);
  }
  const { by, wanted } = wantedValues(seen);
  return seen.sign(by === 'path' ? 'not-served' : 'nothing-there', 'all', `status ${seen.control?.status}`, wanted);
}

/** What would lead somewhere: path values, or another base URL where the path has no parameter. */
function wantedValues({ control, sent: { operation, target } }: Seen): {
  readonly by: NotReached['by'];
  readonly wanted: Pick<Sign, 'variable' | 'pathParameters' | 'isMadeUp'>;
} {
  const { by, variable, names } = whyNotReached(operation, target, '', control?.status);
  return { by, wanted: { variable, pathParameters: names, isMadeUp: by === 'made-up' } };
}

/** What has no key gets what the key gets: there is no gate, or something else answers before it. */
function sameAsKey(seen: Seen): Sign[] {
  const { accepted, keyless } = seen;
  if (!accepted || (keyless !== 'accepted' && keyless !== 'alike')) return [];
  if (unmarkedCache(seen).length > 0) return [];
  const like = seen.ids((response, probe) => seen.isLikeControl(response, probe));
  const received = `status ${accepted.status}`;
  if (keyless === 'accepted') {
    const own = seen.ids((response, probe) => seen.isLikeControl(response, probe) && cacheMark(response) === undefined);
    // Whatever else is said to who has no key, such as that nothing has an id, is said past the gate too.
    const past = seen.ids(
      (response, probe) => like.includes(probe.id) || (!seen.hasGoodKey(probe) && isAccepted(response)),
    );
    return own.includes(NO_KEY_CASE) ? seen.sign('no-gate', past, received) : [];
  }
  const { sandboxWrites } = seen.sent.target.variables;
  return accepted.status === 404
    ? seen.sign('nothing-there', like, received, wantedValues(seen).wanted)
    : seen.sign('input-first', like, received, { variable: sandboxWrites });
}

/** A stored response to the key is given to who has none. */
function cache(seen: Seen): Sign[] {
  const { accepted } = seen;
  if (!accepted || !isSuccess(accepted)) return [];
  const stored = seen
    .answered()
    .filter(({ probe, response }) => !seen.hasGoodKey(probe) && seen.isLikeControl(response, probe))
    .flatMap(({ probe, response }) => {
      const mark = cacheMark(response);
      // Without a mark it shows where the same request is denied unless one with the key came just before it.
      const isAfterKey = seen.keyless === 'denied' && probe.request?.earlier?.sameConnection === false;
      return mark !== undefined || isAfterKey ? [{ id: probe.id, response, mark }] : [];
    });
  const shown = stored.find(({ mark }) => mark !== undefined) ?? stored[0];
  if (!shown) return unmarkedCache(seen);
  const received = [`status ${shown.response.status}`, ...(shown.mark === undefined ? [] : [shown.mark])].join(', ');
  return seen.sign(
    'cache-ignores-keys',
    stored.map(({ id }) => id),
    received,
    { example: shown.id },
  );
}

/**
 * A cache that leaves no mark, as nginx does by default: without a key the plain address opens, and is denied with pairs
 * in the query that nobody with a key asked for. A gate that is missing would let these through as well.
 */
function unmarkedCache(seen: Seen): Sign[] {
  const { accepted, sent } = seen;
  const plain = targetOf(sent.probes.find(({ id }) => id === FULL_ACCESS_CASE));
  const noKey = seen.responseTo(NO_KEY_CASE);
  if (!accepted || plain === undefined || seen.keyless !== 'accepted' || !noKey) return [];
  const isAnyone = seen.refused().every(({ probe, response }) => seen.isLikeControl(response, probe));
  const isDenied = seen.answered().some(({ probe, response }) => {
    const target = targetOf(probe);
    const isLonger = target !== plain && target?.startsWith(plain.includes('?') ? `${plain}&` : `${plain}?`);
    // Whoever presents a key may be denied for the key.
    return isLonger && probe.request?.method === 'GET' && !presentsKey(probe) && isRefusal(response);
  });
  if (!isAnyone) return [];
  if (!isDenied) return [];
  const { full } = sent.target.keys;
  const hasFullKey = (probe: Probe): boolean =>
    presentsKey(probe) && (probe.credential?.secrets.includes(full) ?? false);
  const stored = seen.ids((response, probe) => !hasFullKey(probe) && seen.isLikeControl(response, probe));
  return seen.sign('cache-ignores-keys', stored, `status ${noKey.status}, and a refusal to the same with a query`);
}

/** Where the contract has it, in a header: in the query it is part of the address. */
function presentsKey({ request, alternative }: Probe): boolean {
  const names = alternative.schemes.map(({ parameter }) => (parameter ?? 'authorization').toLowerCase());
  return request?.headers.some(([name]) => names.includes(name.toLowerCase())) ?? false;
}

function targetOf(probe: Probe | undefined): string | undefined {
  return probe?.request?.target.join('');
}

/** The field lines by which caches say that they answered: RFC 9111 §5.1, RFC 9211, and what content networks send. */
function cacheMark(response: HttpResponse): string | undefined {
  const age = firstFieldValue(response, 'age');
  if (age !== undefined && /^\d+$/.test(age)) return `Age: ${age}`;
  const name = ['cache-status', 'x-cache', 'x-cache-status', 'cf-cache-status'].find((each) =>
    /\bhit\b/i.test(firstFieldValue(response, each) ?? ''),
  );
  return name === undefined ? undefined : `${name}: ${inWords(firstFieldValue(response, name) ?? '')}`;
}

function redirects(seen: Seen): Sign[] {
  if (!seen.accepted) return [];
  const refused = seen.refused().find(({ response }) => isRedirect(response));
  if (!refused) return [];
  const to = inWords(firstFieldValue(refused.response, 'location') ?? 'nowhere');
  return seen.sign('refused-by-redirect', seen.ids(isRedirect), `status ${refused.response.status} to ${to}`, {
    example: refused.probe.id,
  });
}

function isRedirect({ status, headers }: HttpResponse): boolean {
  return status >= 300 && status < 400 && firstFieldValue({ headers }, 'location') !== undefined;
}

/** A refusal that says success in its status and an error in its body. */
function errorsInside(seen: Seen): Sign[] {
  const { accepted } = seen;
  if (!accepted) return [];
  const isOne = (response: HttpResponse): boolean =>
    isSuccess(response) && !(isSuccess(accepted) && hasSameShape(accepted, response)) && saysError(seen, response);
  const refused = seen.refused().find(({ response }) => isOne(response));
  if (!refused) return [];
  const { status } = refused.response;
  // A success may hold what is nobody else's business, whatever it looks like.
  const { text } = recordedResponse(refused.response).body;
  // A response to HEAD has no body that could say anything.
  const ids = seen.ids(
    (response, probe) => isOne(response) || (isSuccess(response) && probe.request?.method === 'HEAD'),
  );
  return seen.sign('refused-with-success', ids, `status ${status} with ${inWords(text)}`, {
    example: refused.probe.id,
  });
}

function saysError({ sent: { contract, schemas } }: Seen, { body: { json } }: HttpResponse): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const { missingKey, invalidKey, envelope } = contract.refusals;
  const isDocumented = [missingKey, invalidKey, envelope].some(
    (refusal) => refusal?.schema !== undefined && isValid(() => schemas.errors(refusal.schema ?? '', json)),
  );
  const status =
    contract.statusMember === undefined ? undefined : (json as Record<string, unknown>)[contract.statusMember];
  const error = (json as Record<string, unknown>)['error'] ?? (json as Record<string, unknown>)['errors'];
  return isDocumented || status === 401 || status === 403 || (error !== undefined && error !== null && error !== false);
}

/** A schema that cannot be used says nothing. */
function isValid(errors: () => readonly string[]): boolean {
  try {
    return errors().length === 0;
  } catch {
    return false;
  }
}

/** The key is refused in one security alternative and accepted in another one of the same operation. */
function closedSchemes(seen: Seen): Sign[] {
  const controls = seen.controls();
  if (!controls.some(({ response }) => isAccepted(response))) return [];
  return controls
    .filter(({ response }) => isRefusal(response))
    .flatMap(({ probe, response }) => {
      const own = seen
        .answered()
        .filter(({ probe: { alternative } }) => (alternative.original ?? alternative).id === probe.alternative.id)
        .map((each) => each.probe.id);
      return seen.sign('scheme-opens-nothing', own, `status ${response.status}`, {
        subject: probe.alternative.id,
        example: probe.id,
      });
    });
}

function rewriting(seen: Seen): Sign[] {
  const changed = seen.answered().filter(({ exchange }) => exchange.rewritten !== undefined);
  const [first] = changed;
  if (!first) return [];
  return seen.sign(
    'requests-rewritten',
    changed.map(({ probe }) => probe.id),
    `status ${first.response.status}`,
    { subject: inWords(first.exchange.rewritten ?? ''), example: first.probe.id },
  );
}

/** Refusals of requests without the API's media type, where the API's own refusal has one. */
function bareAnswers(seen: Seen): Sign[] {
  const own = seen.refused().find(({ response }) => isRefusal(response) && !isBare(response));
  if (!own) return [];
  const ids = seen.ids(
    (response, probe) =>
      response.status >= 400 && response.status < 500 && isBare(response) && probe.request?.method !== 'HEAD',
  );
  const first = seen.responseTo(ids[0] ?? '');
  const what = first && mediaTypeOf(first) ? 'a page' : 'no body';
  return seen.sign('edge-answers', ids, `status ${first?.status} with ${what}`);
}

function isBare(response: HttpResponse): boolean {
  const type = mediaTypeOf(response)?.essence;
  return type === undefined ? response.body.bytes === 0 : type === 'text/html';
}

function inWords(text: string): string {
  const shown = text.replace(/\s+/g, ' ').trim();
  return shown.length > LONGEST_WORDS ? `${shown.slice(0, LONGEST_WORDS)}…` : shown;
}

interface Found extends Sign {
  readonly operation: string;
}

/**
 * The causes of a run, with the cells that follow from each.
 *
 * @param operations by id, in the order in which they were sent: whether a key stopped working shows in nothing else
 */
export function causesOf(operations: ReadonlyMap<string, OperationSigns>, cells: readonly JudgedCell[]): Cause[] {
  const explained = new Set<string>();
  const groups = established(operations).toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  return groups.flatMap(({ kind, found }): Cause[] => {
    const [first] = found;
    if (!first) return [];
    const probes = new Map(found.map((sign) => [sign.operation, sign.probes]));
    const own = cells.filter((cell) => !explained.has(cellId(cell)) && follows(cell, probes.get(cell.operation)));
    if (own.length < FEWEST_CELLS) return [];
    const ids = own.map(cellId);
    for (const id of ids) explained.add(id);
    const suffix = kind === 'scheme-opens-nothing' ? `-${kebab(first.subject ?? '')}` : '';
    return [
      {
        id: `${kind}${suffix}`,
        sentence: sentenceOf(kind, found, operations),
        remedy: remedyOf(kind, found, first),
        example: { operation: first.operation, ...first.example },
        cells: ids,
      },
    ];
  });
}

/** A cell follows from a cause if every case that made it what it is does. */
function follows({ outcome, cases }: JudgedCell, probes: Sign['probes'] | undefined): boolean {
  if (probes === undefined || outcome === 'conforms' || outcome === 'not applicable') return false;
  const its = cases.filter((each) => each.outcome === outcome);
  if (its.length === 0) return false;
  return probes === 'all' || its.every((each) => probes.includes(each.case));
}

/** The signs that the other operations do not speak against, by cause. */
function established(operations: ReadonlyMap<string, OperationSigns>): { kind: CauseKind; found: readonly Found[] }[] {
  const all = [...operations].flatMap(([operation, { signs }]) => signs.map((sign): Found => ({ ...sign, operation })));
  const of = (...kinds: readonly CauseKind[]): Found[] => all.filter(({ kind }) => kinds.includes(kind));
  const isOpen = of('no-gate').length > 0 && [...operations.values()].every(({ keyless }) => keyless !== 'denied');
  // Where nobody is denied anything, a 4xx for everyone is no order of checks.
  const open = isOpen ? of('no-gate', 'input-first', 'nothing-there', 'not-served') : [];
  const aside = isOpen
    ? []
    : (['nothing-there', 'not-served', 'input-first'] as const).map((kind) => ({ kind, found: of(kind) }));
  const alike = (
    ['notice-to-all', 'refused-by-redirect', 'refused-with-success', 'edge-answers', 'requests-rewritten'] as const
  ).map((kind) => ({ kind, found: of(kind) }));
  return [
    { kind: 'quota-ended', found: stopped(operations, of('quota-ended')) },
    { kind: 'no-gate', found: open },
    { kind: 'open-to-anyone', found: isOpen ? [] : of('no-gate') },
    { kind: 'cache-ignores-keys', found: isOpen ? [] : of('cache-ignores-keys') },
    ...aside,
    ...alike,
    ...closedEverywhere(operations, of('scheme-opens-nothing')),
  ];
}

/** The key was accepted, and was accepted nowhere after it had been throttled or refused. */
function stopped(operations: ReadonlyMap<string, OperationSigns>, found: readonly Found[]): readonly Found[] {
  const order = [...operations].filter(([, { key }]) => key !== 'none');
  const last = order.findLastIndex(([, { key }]) => key === 'accepted');
  if (last < 0) return [];
  const since = order.slice(last).map(([id]) => id);
  const own = found.filter(({ operation }) => since.includes(operation));
  const isThrottled = own.some(({ probes }) => probes !== 'all');
  // One operation that refuses the key may ask for more than the key has.
  return isThrottled || own.length > 1 ? own : [];
}

/** A scheme that is accepted on some operation opens something. */
function closedEverywhere(
  operations: ReadonlyMap<string, OperationSigns>,
  found: readonly Found[],
): { kind: CauseKind; found: readonly Found[] }[] {
  const accepting = new Set([...operations.values()].flatMap((each) => each.accepting));
  const schemes = [...new Set(found.map(({ subject = '' }) => subject))].filter((scheme) => !accepting.has(scheme));
  return schemes.map((subject) => ({
    kind: 'scheme-opens-nothing',
    found: found.filter((sign) => sign.subject === subject),
  }));
}

function sentenceOf(kind: CauseKind, found: readonly Found[], operations: ReadonlyMap<string, OperationSigns>): string {
  const [first] = found;
  if (!first) return '';
  const { example, operation, subject } = first;
  const on = operationsOf(found.length);
  const requests = `${requestsIn(found)} on ${on}`;
  const part = `${found.length} of ${operationsOf(operations.size)}`;
  const everywhere = found.length === 1 ? 'on the one operation that was asked' : `on all ${on}`;
  const shown = `${operation}: ${example.received}`;
  switch (kind) {
    case 'quota-ended':
      return `The full-access key worked, then stopped: ${accepted(operations)}, and then it got ${example.received} on ${on}, first on ${operation}`;
    case 'nothing-there':
      return `Nothing is behind the path values: on ${part} even the full-access key gets ${example.received} (${operation})`;
    case 'not-served':
      return `The target has no such operation: on ${part} even the full-access key gets ${example.received}, as everyone does (${operation})`;
    case 'notice-to-all':
      return `Something else answers: on ${part} everyone gets ${example.received}, which the contract names for no success (${operation})`;
    case 'no-gate':
      return `No request needs a key: ${everywhere} a request without one gets what the full-access key gets (${shown} for both)`;
    case 'open-to-anyone':
      return `Open to anyone, although the contract asks for a key: on ${part} a request without one gets what the full-access key gets (${shown} for both)`;
    case 'cache-ignores-keys':
      return `A cache does not look at the key: ${requests} got the stored response to the full-access key without having it (${shown})`;
    case 'refused-by-redirect':
      return `Refusals are redirects: ${requests} were sent elsewhere instead of refused (${shown})`;
    case 'refused-with-success':
      return `Refusals say success: ${requests} got a status of success with an error inside (${shown})`;
    case 'input-first':
      return `The API looks at the input before the key: on ${part} a request without a key gets the ${example.received} that the full-access key gets, which shows nothing about keys`;
    case 'scheme-opens-nothing':
      return `The security scheme ${subject} opens nothing: the full-access key presented by it is refused on ${on}, where another scheme is accepted (${shown})`;
    case 'requests-rewritten':
      return `Something between the suite and the API changes requests: ${requests} arrived changed (${operation}: ${subject})`;
    case 'edge-answers':
      return `Something before the API answers in its place: ${requests} got a bare response that is not like the API's own refusals (${shown})`;
  }
}

function remedyOf(kind: CauseKind, found: readonly Sign[], { variable = '' }: Sign): string {
  switch (kind) {
    case 'quota-ended':
      return `Give the key a larger quota, or set ${variable} to the requests a minute that it has, and run again.`;
    case 'nothing-there':
      return whatLeadsSomewhere(found);
    case 'not-served':
      return `Correct ${variable}, or take what the target does not have out of the contract.`;
    case 'notice-to-all':
      return 'Run again when the operations answer for themselves. If this is what they answer, name its media type in the contract.';
    case 'no-gate':
      return 'Put the check of the key before every operation, and run again: until then the other cells say little.';
    case 'open-to-anyone':
      return 'Put the check of the key before what is meant to be guarded, and write security: [] into the contract for what is meant to be open.';
    case 'cache-ignores-keys':
      return 'Keep responses to requests with a key out of the cache (Cache-Control: no-store), or store them by key (Vary).';
    case 'refused-by-redirect':
      return 'Refuse requests of the API with 401 or 403; send only pages to the login.';
    case 'refused-with-success':
      return 'Send 401 or 403 as the status too: clients, caches and monitors go by the status.';
    case 'input-first':
      return `Check the key before the input. Where that is not possible, ${variable}=allow has valid requests prove these cells.`;
    case 'scheme-opens-nothing':
      return 'Have the server read the scheme, or take it out of the security of the contract.';
    case 'requests-rewritten':
      return 'Run the suite from where no proxy or client setting changes requests.';
    case 'edge-answers':
      return 'Take these for words of the HTTP parser, proxy or firewall; give them the error body of the API if clients rely on it.';
  }
}

/** One sentence for all operations that lead nowhere, with all that is to be given in the form of the setting. */
function whatLeadsSomewhere(found: readonly Sign[]): string {
  const names = found.flatMap(({ pathParameters = [] }) => pathParameters);
  const { variable = '' } = found.find(({ pathParameters = [] }) => pathParameters.length > 0) ?? found[0] ?? {};
  if (names.length === 0 && found.some(({ isMadeUp }) => isMadeUp))
    return `A request without effect names an id that nothing has: ${variable}=allow has valid requests prove these cells.`;
  return names.length > 0
    ? `Set ${variable} to ids that exist (${formOfPathValues(names)}), or give them as examples in the contract.`
    : `Correct ${variable}, or the paths of the contract.`;
}

function accepted(operations: ReadonlyMap<string, OperationSigns>): string {
  const count = [...operations.values()].filter(({ key }) => key === 'accepted').length;
  return `it was accepted on ${operationsOf(count)}`;
}

function requestsIn(found: readonly Sign[]): string {
  const count = found.reduce((sum, { probes }) => sum + (probes === 'all' ? 1 : probes.length), 0);
  return `${count} ${count === 1 ? 'request' : 'requests'}`;
}

function operationsOf(count: number): string {
  return `${count} ${count === 1 ? 'operation' : 'operations'}`;
}

function kebab(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
