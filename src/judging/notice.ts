import { mediaTypeOf } from '../fields/response-fields.ts';
import type { Operation } from '../model/contract.ts';
import type { HttpResponse } from '../model/exchange.ts';
import { documentedResponse } from '../openapi/documented-response.ts';
import { matchesMediaType } from '../openapi/media-type.ts';
import { isSuccess } from './expectations.ts';
import { isAlike } from './likeness.ts';

/** In these, servers say to people what concerns an operation: data has types of its own. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml', 'text/plain']);

/**
 * Everyone gets one success, with a good key and without, of a media type that the contract names for no success of the
 * operation: the page of a maintenance, or of another site. It shows nothing of what a key opens. Data that is open to all
 * is no such thing, not even JSON that is called a plain text.
 */
export function isNoticeToAll(
  operation: Pick<Operation, 'responses'>,
  { fullAccess, noKey }: { readonly fullAccess?: HttpResponse | undefined; readonly noKey?: HttpResponse | undefined },
): boolean {
  if (!fullAccess || !noKey || !isSuccess(fullAccess) || !isAlike(fullAccess, noKey)) return false;
  const type = mediaTypeOf(fullAccess)?.essence;
  if (type === undefined || !FOR_PEOPLE.has(type) || isData(fullAccess)) return false;
  const named = typesOfSuccess(operation, fullAccess.status);
  return named.length > 0 && !named.some((one) => matchesMediaType(one, type));
}

function isData({ body: { json } }: HttpResponse): boolean {
  return typeof json === 'object' && json !== null;
}

/** None where the contract leaves open what a success with that status has. */
function typesOfSuccess({ responses }: Pick<Operation, 'responses'>, status: number): readonly string[] {
  const described = documentedResponse({ responses }, status);
  if (described?.mediaTypes.length === 0) return [];
  const successes = Object.entries(responses).filter(([code]) => code.startsWith('2'));
  return [described, ...successes.map(([, one]) => one)].flatMap((one) => one?.mediaTypes ?? []);
}
