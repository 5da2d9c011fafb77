import { isDefectId } from '../mock/defects/index.ts';

/** What is wrong with words that are to be ids of defects, in a sentence with the end of its line; undefined: nothing is. */
export function problemOfDefects(words: readonly string[]): string | undefined {
  const unknown = words.filter((word) => !isDefectId(word));
  if (unknown.length === 0) return undefined;
  return `There is no defect ${unknown.join(', ')}: npm run mock -- --list-defects shows those there are.\n`;
}
