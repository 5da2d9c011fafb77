import type { Behaviour, Patch } from '../behaviour.ts';
import type { Call } from '../call.ts';
import { keysOf, presentedKey, search } from '../credentials.ts';
import { digestOf, fullAccessKey, type IssuedKey } from '../keys.ts';
import type { Defect, DefectGroup } from './defect.ts';

/** Values that are no key, or a key in disguise, and what a careless lookup makes of them. */
export const oddKeys = {
  'half-key-accepted': {
    bug: 'K4',
    title: 'only the first half of a key was stored, so only that half is compared',
    patch: () => ({ lookUp: search((stored, sent) => halfOf(stored, sent) === halfOf(stored, stored.value)) }),
  },
  'bare-prefix-accepted': {
    bug: 'K4',
    title: 'a prefix with no secret part behind it is accepted',
    patch: letting((sent, call, environment) => keysOf(call, environment).some(({ prefix }) => sent === prefix)),
  },
  'literal-null-accepted': literal('null'),
  'literal-undefined-accepted': literal('undefined'),
  'literal-true-accepted': literal('true'),
  'literal-zero-accepted': literal('0'),
  'literal-asterisk-accepted': literal('*'),
  'literal-object-accepted': literal('[object Object]'),
  'literal-quotes-accepted': literal('""'),
  'literal-encoded-nul-accepted': literal('%00'),
  'no-break-space-trimmed': {
    bug: 'K11',
    title: 'everything that Unicode calls white space is trimmed off a key',
    patch: reading((sent) => sent.trim()),
  },
  'quotes-trimmed': {
    bug: 'K11',
    title: 'quotes around a key are taken off',
    patch: reading((sent) => sent.replace(/^"(.*)"$/s, '$1')),
  },
  'comma-trimmed': {
    bug: 'K11',
    title: 'commas behind a key are cut off',
    patch: reading((sent) => sent.replace(/[, ]+$/, '')),
  },
  'full-width-letters-folded': {
    bug: 'K13',
    title: 'the full-width letters of Unicode are taken for plain ones',
    patch: reading((sent) => Buffer.from(sent, 'latin1').toString('utf8').normalize('NFKC')),
  },
  'key-percent-decoded': {
    bug: 'K13',
    title: 'a key is percent-decoded',
    patch: reading((sent) => decoded(sent)),
  },
  'encoded-word-decoded': {
    bug: 'K13',
    title: 'a key is decoded like a header of an e-mail (RFC 2047)',
    patch: reading((sent) => {
      const [, encoding = '', text = ''] = /^=\?[\w-]+\?([bq])\?(.*)\?=$/i.exec(sent) ?? [];
      if (encoding === '') return sent;
      if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64').toString('latin1');
      return decoded(text.replaceAll('_', ' ').replaceAll('=', '%'));
    }),
  },
  'long-key-answers-500': breaking('K14', 'that is longer than any column', (sent) => sent.length > 4096),
  'binary-key-answers-500': breaking('K14', 'with bytes beyond ASCII', (sent) => /[\x80-\xff]/.test(sent)),
  'large-head-answers-500': {
    bug: 'K14',
    title: 'headers that are larger than any server takes break it',
    patch: (sound) => ({
      refuse: (call, refusal) =>
        sound.refuse(call, refusal.reason === 'headTooLarge' ? { reason: 'serverError' } : refusal),
    }),
  },
  'quote-answers-500': breaking('K15', 'with a quote in it', (sent) => sent.includes("'")),
  'sql-injection-accepted': {
    bug: 'K15',
    title: 'a key is written into an SQL query, where it can say that anything is true',
    patch: letting((sent) => /'\s*or\s*('?)(\w+)\1\s*=\s*\1\2\b/i.test(sent)),
  },
  'query-object-injection-accepted': {
    bug: 'K15',
    title: 'a key that is JSON is a query of its own',
    patch: letting((sent) => /^\{\s*"\$(?:ne|gt|gte|exists|regex)"\s*:/.test(sent)),
  },
  'directory-filter-injection-accepted': {
    bug: 'K15',
    title: 'a key is written into a directory filter, where an asterisk stands for anything',
    patch: letting((sent) => /^[^()]*\*\)\(\w+=/.test(sent)),
  },
  'comparison-takes-longer-the-more-is-right': {
    bug: 'K17',
    title: 'a key is compared character by character, which takes longer the more of them are right',
    patch: () => ({ lookUp: search((stored, sent) => isSameSoFar(stored, sent)) }),
  },
} as const satisfies DefectGroup;

type IsLetIn = (sent: string, call: Call, environment: string) => boolean;

/** Takes certain values for the first key that there is. */
function letting(isLetIn: IsLetIn): Patch {
  return (sound) => ({
    lookUp: (call, sent, environment) =>
      sound.lookUp(call, sent, environment) ??
      (isLetIn(sent, call, environment) ? fullAccessKey(call.world.keys, environment) : undefined),
  });
}

function literal(value: string): Defect {
  return { bug: 'K10', title: `the text ${value} is accepted as a key`, patch: letting((sent) => sent === value) };
}

/** Looks up what it makes of a value, where the value itself is no key. */
function reading(read: (sent: string) => string): Patch {
  return (sound: Behaviour) => ({
    lookUp: (call, sent, environment) =>
      sound.lookUp(call, sent, environment) ?? sound.lookUp(call, read(sent), environment),
  });
}

function breaking(bug: 'K14' | 'K15', what: string, isBreaking: (sent: string) => boolean): Defect {
  const patch: Patch = (sound) => ({
    refuse: (call, refusal) => {
      const isBroken = refusal.reason === 'invalidKey' && isBreaking(presentedKey(call));
      return sound.refuse(call, isBroken ? { reason: 'serverError' } : refusal);
    },
  });
  return { bug, title: `a key ${what} breaks the server`, patch };
}

function halfOf({ value }: IssuedKey, sent: string): string {
  return sent.slice(0, Math.ceil(value.length / 2));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Work for each character that is right: as if each were fetched from afar. */
const ROUNDS = 80;

function isSameSoFar({ prefix, value }: IssuedKey, sent: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    if (sent.charAt(index) !== value.charAt(index)) return false;
    if (index >= prefix.length) for (let round = 0; round < ROUNDS; round += 1) digestOf(sent);
  }
  return sent.length === value.length;
}
