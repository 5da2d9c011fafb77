import type { Operation } from '../model/contract.ts';
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
  const { response, control, exchange, operation, contract, target, alternative } = judged;
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
  if (CLOSED.includes(response.status)) return finding(EXPECTATION, true, '', '');
  if (!isSuccess(response)) return open(`the key of the other account got ${response.status}`);
  const isSame = hasSameBody(response, control, contract.volatileMembers);
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
