import { inLine } from '../visible-text.ts';

/**
 * A contract that cannot be used. The message is one sentence for the person who wrote it and is all that is shown: which
 * file, what is wrong with it, what to do. The cause is for whoever debugs the loader.
 *
 * Example: `specs/example/openapi.yaml:12: security names the scheme token, which components.securitySchemes does not have;
 * describe the scheme there, or correct the name.`
 */
export class ContractError extends Error {
  override readonly name = 'ContractError';

  constructor(location: string, problem: string, remedy: string, cause?: unknown) {
    super(
      `${inLine(location)}: ${inOneLine(problem)}; ${inOneLine(remedy)}.`,
      cause === undefined ? undefined : { cause },
    );
  }
}

/** A sentence that a document has a part in says no more than anybody reads. */
const LONGEST = 600;

function inOneLine(text: string): string {
  return inLine(text, LONGEST).replace(/[.!;:]+$/, '');
}
