import type { DocumentedAnswer, Operation } from './contract.ts';

/** What an operation documents for a status. OpenAPI, Responses Object: the code itself, then its range, then `default`. */
export function documentedAnswer({ responses }: Operation, status: number): DocumentedAnswer | undefined {
  return responses[String(status)] ?? responses[`${String(status).charAt(0)}XX`] ?? responses['default'];
}
