import { fieldValues } from '../fields/response-fields.ts';
import type { Operation } from '../model/contract.ts';
import type { HttpResponse } from '../model/exchange.ts';
import type { Finding } from '../model/finding.ts';
import type { Case } from '../requests/case.ts';
import { finding, isSuccess, summary, undecided } from './expectations.ts';
import type { JudgedExchange } from './rule.ts';
import { hasSameBody } from './same-response.ts';

const EXPECTATION = 'not-opened';

/** How a server says that a resource is not there for a key that it accepts elsewhere. */
const CLOSED: readonly number[] = [401, 403, 404];

/**
 * What the first account has does not open for the key of another one. Undecided where that key is not shown to be
 * accepted, and where both accounts have the resource.
 *
 * @param list the case that sends the other account's key to the list that shows its own ids
 */
export function expectNotOpened(judged: JudgedExchange, list: Pick<Case, 'id'>): Finding {
  const { response, control, exchange, operation, volatile, target, alternative } = judged;
  const open = (reason: string): Finding => undecided(EXPECTATION, reason);
  const { otherAccountKey, pathValues } = target.variables;
  if (!control || !isSuccess(control))
    return open(
      `the full-access key got ${control?.status ?? 'no answer'} there, so the id is not known to be one of its account: ${pathValues} gives one that is`,
    );
  const own = judged.responseOf(list, alternative);
  if (!own || !isSuccess(own))
    return open(
      `the key of ${otherAccountKey} got ${own?.status ?? 'no answer'} from the list of its own account, so it is not known to be accepted: give a full-access key of another account`,
    );
  const [first = '', ...others] = idsIn(operation, exchange.request.url);
  if (holds(listsIn(own.body.json), first))
    return open('the list of the other account shows the same id, so the resource may belong to both accounts');
  if (isSuccess(response) && hasMorePages(own))
    return open('the list of the other account has more pages, so the resource may belong to both accounts');
  if (CLOSED.includes(response.status)) return finding(EXPECTATION, true, '', '');
  if (!isSuccess(response)) return open(`the key of the other account got ${response.status}`);
  const isSame = hasSameBody(response, control, volatile());
  if (!isSame || ![first, ...others].some((id) => holds(response.body.json, id)))
    return open('the key of the other account got a success that does not show the data of the first account');
  return finding(EXPECTATION, false, 'status 403 or 404', `the data of the first account: ${summary(response)}`);
}

/** The values of the parameters in the path, in order. The path of the base URL stands before the template. */
function idsIn({ path }: Operation, url: string): readonly string[] {
  const template = path.replace(/[?#].*$/, '').split('/');
  const segments = new URL(url).pathname.split('/').slice(-template.length);
  return template.flatMap((segment, index) =>
    /^\{[^{}]*\}$/.test(segment) ? [decodeURIComponent(segments[index] ?? '')] : [],
  );
}

/** How lists say that there is more: a cursor or an address of the next page, or a total above what is shown. */
const MORE = /^(?:has_?more|next|next_?(?:page|cursor|token|page_?token|link|url)|cursor|continuation_?token)$/i;
const TOTAL = /^(?:total|total_?count|total_?items|count)$/i;

function hasMorePages(list: HttpResponse): boolean {
  if (fieldValues(list, 'link').some((value) => /;\s*rel="?next\b/i.test(value))) return true;
  const { json } = list.body;
  const shown = listsIn(json).length;
  return saysSo(json, (name, value) => {
    if (TOTAL.test(name)) return typeof value === 'number' && value > shown;
    return MORE.test(name) && Boolean(value);
  });
}

/** Whether a member outside of lists says so. */
function saysSo(json: unknown, says: (name: string, value: unknown) => boolean): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  return Object.entries(json).some(([name, value]) => says(name, value) || saysSo(value, says));
}

/** What stands in a list, at any depth: the number of a page, or of all items, is no id. */
function listsIn(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(listsIn) : [];
}

/** Whether some value in it, at any depth, is the id. */
function holds(json: unknown, id: string): boolean {
  if (typeof json === 'string' || typeof json === 'number') return String(json) === id;
  return typeof json === 'object' && json !== null && Object.values(json).some((value) => holds(value, id));
}
