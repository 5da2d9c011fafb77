import { headerOf } from '../document/security.ts';
import type { Behaviour, Patch } from '../types/behaviour.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** A server before the API that mends what the grammar of HTTP forbids, so that the API never gets to see it. */
export const lenience = {
  'nul-ends-key': {
    bug: 'K12',
    title: 'a key ends at the first NUL, as texts in C do',
    patch: mendingKeys((value) => value.replace(/\0.*$/s, '')),
    complaints: ['decorated-key: nul-behind (refused) on safe operations'],
  },
  'nul-begins-key': {
    bug: 'K12',
    title: 'a key begins behind the last NUL',
    patch: mendingKeys((value) => value.replace(/^.*\0/s, '')),
    complaints: ['decorated-key: nul-before (refused) on safe operations'],
  },
  'control-characters-dropped': {
    bug: 'K12',
    title: 'control characters inside a key are dropped',
    patch: mendingKeys((value) =>
      Array.from(value)
        .filter((letter) => !isControl(letter))
        .join(''),
    ),
    complaints: ['decorated-key: vertical-tab (refused) on safe operations'],
  },
  'vertical-tab-trimmed': {
    bug: 'K11',
    title: 'vertical tabs and form feeds around a key are taken for white space',
    patch: mendingKeys((value) => value.replace(/^[\t\v\f ]+|[\t\v\f ]+$/g, '')),
    complaints: ['decorated-key: vertical-tab (refused) on safe operations'],
  },
  'space-before-colon-accepted': {
    bug: 'T13',
    title: 'white space between the name of a header and its colon is cut off',
    patch: mending((head) => head.replace(/^([^\r\n:]+?)[ \t]+:/gm, '$1:')),
    complaints: ['malformed-field-line: space-before-colon (refused) on safe operations'],
  },
  'folded-line-joined': {
    bug: 'T13',
    title: 'a folded line is joined to the one before it without a space',
    patch: mending((head) => head.replace(/\r\n[ \t]+/g, '')),
    complaints: ['malformed-field-line: folded-line (refused) on safe operations'],
  },
} as const satisfies DefectGroup;

/** NUL and tab are other matters. */
function isControl(letter: string): boolean {
  const code = letter.charCodeAt(0);
  return code === 0x7f || (code > 0 && code < 0x20 && letter !== '\t');
}

function mending(mend: (head: string, request: MockRequest) => string): Patch {
  return (sound: Behaviour) => ({ headFilter: (request, head) => sound.headFilter(request, mend(head, request)) });
}

/** Mends the values of the headers that carry a key and nothing else. */
function mendingKeys(mend: (value: string) => string): Patch {
  return mending((head, { state }) => {
    const names = state.api.acceptedSchemes.flatMap((scheme) => headerOf(scheme) ?? []);
    const line = new RegExp(`^((?:${names.join('|')}):[ \\t]*)([^\\r\\n]*)`, 'gim');
    return head.replace(line, (_line, name: string, value: string) => name + mend(value));
  });
}
