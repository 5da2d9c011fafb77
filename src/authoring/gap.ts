import type { Position } from '../openapi/position.ts';
import type { SourceFiles } from '../openapi/source-files.ts';

/** What a document leaves open, or says in a way that nothing can be made of. */
export const gapKinds = {
  'no-security': 'the document does not say whether the operation asks for a credential',
  'no-missing-key-answer': 'the answer to a missing credential is not documented',
  'no-forbidden-answer': 'the answer to a credential without the scope is not documented',
  'no-error-schema': 'a refusal is documented without the schema of its body',
  'no-scope': 'the operation asks for no scope, and others of its resource do',
  'other-security': 'the operation asks for other credentials than most of its resource',
  'other-error-schema': 'the body of a refusal is another than on most operations',
  'unsupported-security': 'no request of this suite can present the credentials',
  'key-as-parameter': 'a credential is described as a parameter and not as a security scheme',
  'impossible-refusal': 'no body is right by the schema of a refusal',
  'key-word': 'a description shows a word before the key, and the contract names none',
  'own-servers': 'the operation is on a server of its own, so nothing is sent to it',
  invalid: 'a part of the document is no valid OpenAPI',
  'path-parameter': 'a path parameter of the operation is not described',
  unreadable: 'a part of the document cannot be read, and is left out',
  'unsupported-pattern': 'a pattern is no regular expression of ECMAScript',
} as const;

export type GapKind = keyof typeof gapKinds;

export interface Gap extends Position {
  readonly kind: GapKind;
  /** Id of the operation; absent: the document as a whole. */
  readonly operation?: string;
  /** Path of the file that it stands in; absent: the document's. */
  readonly file?: string;
  /** One sentence without its end: what is missing, and what to do. */
  readonly sentence: string;
}

/** File and position of a gap at a member of the document, which an overlay may have put there. */
export function placeOfGap(sources: SourceFiles, tokens: readonly string[]): Pick<Gap, 'file' | keyof Position> {
  const { file, ...position } = sources.placeOf(tokens);
  return file === sources.file ? position : { file, ...position };
}
