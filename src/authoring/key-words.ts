import type { Contract, SecurityScheme } from '../model/contract.ts';
import { descend, rootOf } from '../openapi/json-pointer.ts';
import { isInAuthorization, schemesInUse } from '../openapi/security.ts';
import type { SourceFiles } from '../openapi/source-files.ts';
import { type Gap, placeOfGap } from './gap.ts';

/** `Authorization: Token YOUR_KEY`, quoted in whatever way, in a command, as JSON or by itself. */
const IN_AUTHORIZATION = /authorization["'`*]{0,3} ?[:=] ?["'`*]{0,3}([A-Za-z][\w-]{1,39}) ([^\s"'`]{1,200})/gi;
/** `Token YOUR_KEY` in quotation marks: what the description of the scheme itself quotes is a value of the header. */
const QUOTED = /["'`]([A-Za-z][\w-]{1,39}) ([^\s"'`]{1,200})["'`]/g;

const USUAL_WORD = /^(?:bearer|token|key|api[-_]?key|api[-_]?token|basic|access[-_]?token)$/i;
const NO_WORD = /^(?:a|an|the|your|my|this|is|with|and|or|in|as|to|api)$/i;
/** `<key>`, `{token}`, `$KEY`, `YOUR_KEY`, `xxxx`, `API_KEY`, or a long text with a digit in it. */
const PLACEHOLDER =
  /^(?:<.+|\{.+|\[.+|\$.+|your[-_]?\w{2,}.*|my[-_].+|x{4,}.*|\*{3,}.*|[A-Z]+_[A-Z_]+|(?=.*\d)[\w.-]{16,})$/i;
const NAMED_KEY = /^(?:\w+[-_])?(?:api[-_]?)?(?:key|token|secret)$/i;

/** Keys that are all of Authorization, where a description shows a word before the key that the contract does not name. */
export function keyWordGaps(contract: Contract, sources: SourceFiles): Gap[] {
  return schemesInUse(contract).flatMap((scheme): Gap[] => {
    if (!isInAuthorization(scheme) || scheme.word !== undefined) return [];
    const word = wordShown(contract.document, scheme);
    if (word === undefined) return [];
    const member = `x-authentication: { schemes: { ${JSON.stringify(scheme.name)}: { word: ${word} } } }`;
    const sentence = `${scheme.name} sends the key alone in Authorization, and the description shows the word ${word} before it: add ${member} to the document or its overlay`;
    return [{ kind: 'key-word', ...placeOfGap(sources, ['components', 'securitySchemes', scheme.name]), sentence }];
  });
}

/** The scheme's own description goes before that of the whole document. */
export function wordShown(document: unknown, { name }: SecurityScheme): string | undefined {
  const textAt = (...tokens: readonly string[]): string => {
    const text = descend(document, rootOf(document), ...tokens, 'description')?.value;
    return typeof text === 'string' ? text : '';
  };
  const own = textAt('components', 'securitySchemes', name);
  return wordIn(own, IN_AUTHORIZATION) ?? wordIn(own, QUOTED) ?? wordIn(textAt('info'), IN_AUTHORIZATION);
}

function wordIn(text: string, shown: RegExp): string | undefined {
  return [...text.matchAll(shown)]
    .map(([, word = '', key = '']) => ({ word, key }))
    .find(({ word, key }) => isWord(word) && isKey(key, USUAL_WORD.test(word)))?.word;
}

/** An unusual word is told from one of a sentence by its spelling: `GenieKey`, `sso-key`. */
function isWord(word: string): boolean {
  return USUAL_WORD.test(word) || (/[A-Z]|-/.test(word) && !NO_WORD.test(word));
}

/** An unusual word stands only before what is surely a key; `Token token=KEY` is no word and a key. */
function isKey(key: string, isUsual: boolean): boolean {
  const bare = key.replace(/[.,;:!?)]+$/, '');
  return !bare.includes('=') && (PLACEHOLDER.test(bare) || (isUsual && NAMED_KEY.test(bare)));
}
