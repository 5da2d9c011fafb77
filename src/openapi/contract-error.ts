/**
 * A contract that cannot be used, in the words of the person who wrote it: which file, what is wrong with it, what to do.
 * The message is one sentence and is all that is meant to be shown; the cause is for whoever debugs the loader.
 */
export class ContractError extends Error {
  override readonly name = 'ContractError';

  constructor(place: string, problem: string, remedy: string, cause?: unknown) {
    super(`${place}: ${inOneLine(problem)}; ${inOneLine(remedy)}.`, cause === undefined ? undefined : { cause });
  }
}

function inOneLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.!;:]+$/, '');
}
