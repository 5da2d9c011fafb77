import type { DocumentedResponse, Operation } from '../model/contract.ts';

/** What an operation documents for a status. OpenAPI, Responses Object: the code itself, then its range, then `default`. */
export function documentedResponse(
  { responses }: Pick<Operation, 'responses'>,
  status: number,
): DocumentedResponse | undefined {
  return responses[String(status)] ?? responses[`${String(status).charAt(0)}XX`] ?? responses['default'];
}
