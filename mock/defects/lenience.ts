import type { Behaviour, Patch } from '../behaviour.ts';
import type { Call } from '../call.ts';
import { acceptedSchemes } from '../credentials.ts';
import type { DefectGroup } from './defect.ts';

/** A server before the API that mends what the grammar of HTTP forbids, so that the API never gets to see it. */
export const lenience = {
  'nul-ends-key': {
    bug: 'K12',
    title: 'a key ends at the first NUL, as texts in C do',
    patch: mendingKeys((value) => value.replace(/\0.*$/s, '')),
  },
  'nul-begins-key': {
    bug: 'K12',
    title: 'a key begins behind the last NUL',
    patch: mendingKeys((value) => value.replace(/^.*\0/s, '')),
  },
  'control-characters-dropped': {
    bug: 'K12',
    title: 'control characters inside a key are dropped',
    patch: mendingKeys((value) =>
      Array.from(value)
        .filter((letter) => !isControl(letter))
        .join(''),
    ),
  },
  'vertical-tab-trimmed': {
    bug: 'K11',
    title: 'vertical tabs and form feeds around a key are taken for white space',
    patch: mendingKeys((value) => value.replace(/^[\t\v\f ]+|[\t\v\f ]+$/g, '')),
  },
  'space-before-colon-accepted': {
    bug: 'T13',
    title: 'white space between the name of a header and its colon is cut off',
    patch: mending((head) => head.replace(/^([^\r\n:]+?)[ \t]+:/gm, '$1:')),
  },
  'folded-line-joined': {
    bug: 'T13',
    title: 'a folded line is joined to the one before it without a space',
    patch: mending((head) => head.replace(/\r\n[ \t]+/g, '')),
  },
} as const satisfies DefectGroup;

/** NUL and tab are other matters. */
function isControl(letter: string): boolean {
  const code = letter.charCodeAt(0);
  return code === 0x7f || (code > 0 && code < 0x20 && letter !== '\t');
}

function mending(mend: (head: string, call: Call) => string): Patch {
  return (sound: Behaviour) => ({ front: (call, head) => sound.front(call, mend(head, call)) });
}

/** Mends the values of the headers that carry a key and nothing else. */
function mendingKeys(mend: (value: string) => string): Patch {
  return mending((head, { world }) => {
    const names = acceptedSchemes(world.contract).map(({ parameter }) => parameter ?? 'Authorization');
    const line = new RegExp(`^((?:${names.join('|')}):[ \\t]*)([^\\r\\n]*)`, 'gim');
    return head.replace(line, (_line, name: string, value: string) => name + mend(value));
  });
}
