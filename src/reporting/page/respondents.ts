import type { Respondent } from '../../model/exchange.ts';

/** Who wrote a response, as it stands beside the response. */
export const RESPONDENTS: Readonly<Record<Respondent, string>> = {
  operation: 'from the operation',
  api: 'from the API, not from the operation',
  edge: 'from the edge, not from the API',
  nobody: 'no response',
};
