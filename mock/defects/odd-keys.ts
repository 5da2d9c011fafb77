import { keysOf, presentedKey, search } from '../server/credentials.ts';
import { digestOf, fullAccessKey } from '../server/keys.ts';
import type { Behaviour, Patch } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import type { Defect, DefectGroup } from './defect.ts';
import { decoded } from './path-readings.ts';

/** Values that are no key, or a key in disguise, and what a careless lookup makes of them. */
export const oddKeys = {
  'half-key-accepted': {
    bug: 'K4',
    title: 'only the first half of a key was stored, so only that half is compared',
    patch: () => ({ lookUp: search((stored, sent) => halfOf(stored, sent) === halfOf(stored, stored.value)) }),
    complaints: [
      'invalid-key: key-cut-by-one@* key-extended-by-one@* key-changed-in-the-middle@* key-changed-at-the-end@* (status, body)',
      'partial-key: half-a-key (status)',
      'decorated-key: no-break-space comma-behind words-behind@* (refused)',
      'repeated-credential: good-line-then-bad-line good-comma-bad (refused)',
    ],
  },
  'bare-prefix-accepted': {
    bug: 'K4',
    title: 'a prefix with no secret part behind it is accepted',
    patch: letting((sent, request, environment) => keysOf(request, environment).some(({ prefix }) => sent === prefix)),
    complaints: ['partial-key: bare-prefix (status)'],
  },
  'literal-null-accepted': literal('null', ['placeholder-key: placeholder-null@* (status)']),
  'literal-undefined-accepted': literal('undefined', ['placeholder-key: placeholder-undefined@* (status)']),
  'literal-true-accepted': literal('true', ['placeholder-key: placeholder-true@* (status)']),
  'literal-zero-accepted': literal('0', ['placeholder-key: placeholder-zero@* (status)']),
  'literal-asterisk-accepted': literal('*', ['placeholder-key: placeholder-asterisk@* (status)']),
  'literal-object-accepted': literal('[object Object]', ['placeholder-key: placeholder-object@* (status)']),
  'literal-quotes-accepted': literal('""', ['placeholder-key: placeholder-quotes@* (status)']),
  'literal-encoded-nul-accepted': literal('%00', ['placeholder-key: placeholder-encoded-nul@* (status)']),
  'no-break-space-trimmed': {
    bug: 'K11',
    title: 'everything that Unicode calls white space is trimmed off a key',
    patch: reading((sent) => sent.trim()),
    complaints: ['decorated-key: no-break-space (refused)'],
  },
  'quotes-trimmed': {
    bug: 'K11',
    title: 'quotes around a key are taken off',
    patch: reading((sent) => sent.replace(/^"(.*)"$/s, '$1')),
    complaints: ['decorated-key: quoted (refused)'],
  },
  'comma-trimmed': {
    bug: 'K11',
    title: 'commas behind a key are cut off',
    patch: reading((sent) => sent.replace(/[, ]+$/, '')),
    complaints: ['decorated-key: comma-behind (refused)'],
  },
  'full-width-letters-folded': {
    bug: 'K13',
    title: 'the full-width letters of Unicode are taken for plain ones',
    patch: reading((sent) => Buffer.from(sent, 'latin1').toString('utf8').normalize('NFKC')),
    complaints: ['decorated-key: full-width (refused)'],
  },
  'key-percent-decoded': {
    bug: 'K13',
    title: 'a key is percent-decoded',
    patch: reading((sent) => decoded(sent)),
    complaints: ['decorated-key: percent-encoded (refused)'],
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
    complaints: ['decorated-key: encoded-word (refused)'],
  },
  'long-key-answers-500': breaking('K14', 'that is longer than any column', (sent) => sent.length > 4096, [
    'breaking-key: key-of-8-kilobytes (no-server-error)',
  ]),
  'binary-key-answers-500': breaking('K14', 'with bytes beyond ASCII', (sent) => /[\x80-\xff]/.test(sent), [
    'breaking-key: binary-key (no-server-error)',
    'decorated-key: no-break-space full-width (refused)',
  ]),
  'words-for-nothing-answer-500': {
    bug: 'K14',
    title: 'a gateway that reads None, null or undefined as no key at all breaks on them',
    patch: (sound) => ({
      edge: (request) =>
        /^(?:None|null|undefined|nil)$/i.test(presentedKey(request))
          ? { status: 500, headers: [['Content-Type', 'text/plain']], body: 'Internal Server Error' }
          : sound.edge(request),
    }),
    complaints: [
      'placeholder-key: placeholder-null@* placeholder-undefined@* placeholder-none@* placeholder-nil@* (status)',
    ],
  },
  'large-head-answers-500': {
    bug: 'K14',
    title: 'headers that are larger than any server takes break it',
    patch: (sound) => ({
      refuse: (request, refusal) =>
        sound.refuse(request, refusal.reason === 'headTooLarge' ? { reason: 'serverError' } : refusal),
    }),
    complaints: ['breaking-key: key-of-64-kilobytes (no-server-error)'],
  },
  'quote-answers-500': breaking('K15', 'with a quote in it', (sent) => sent.includes("'"), [
    'breaking-key: injection-sql (no-server-error)',
  ]),
  'sql-injection-accepted': {
    bug: 'K15',
    title: 'a key is written into an SQL query, where it can say that anything is true',
    patch: letting((sent) => /'\s*or\s*('?)(\w+)\1\s*=\s*\1\2\b/i.test(sent)),
    complaints: ['breaking-key: injection-sql (refused)'],
  },
  'query-object-injection-accepted': {
    bug: 'K15',
    title: 'a key that is JSON is a query of its own',
    patch: letting((sent) => /^\{\s*"\$(?:ne|gt|gte|exists|regex)"\s*:/.test(sent)),
    complaints: ['breaking-key: injection-query-object (refused)'],
  },
  'directory-filter-injection-accepted': {
    bug: 'K15',
    title: 'a key is written into a directory filter, where an asterisk stands for anything',
    patch: letting((sent) => /^[^()]*\*\)\(\w+=/.test(sent)),
    complaints: ['breaking-key: injection-directory-filter (refused)'],
  },
  'comparison-takes-longer-the-more-is-right': {
    bug: 'K17',
    title: 'a key is compared character by character, which takes longer the more of them are right',
    patch: () => ({ lookUp: search((stored, sent) => isSameSoFar(stored, sent)) }),
    complaints: [],
  },
} as const satisfies DefectGroup;

type IsLetIn = (sent: string, request: MockRequest, environment: string) => boolean;

/** Takes certain values for the first key that there is. */
function letting(isLetIn: IsLetIn): Patch {
  return (sound) => ({
    lookUp: (request, sent, environment) =>
      sound.lookUp(request, sent, environment) ??
      (isLetIn(sent, request, environment) ? fullAccessKey(request.state.keys, environment) : undefined),
  });
}

function literal(value: string, complaints: Defect['complaints']): Defect {
  return {
    bug: 'K10',
    title: `the text ${value} is accepted as a key`,
    patch: letting((sent) => sent === value),
    complaints,
  };
}

/** Looks up what it makes of a value, where the value itself is no key. */
function reading(read: (sent: string) => string): Patch {
  return (sound: Behaviour) => ({
    lookUp: (request, sent, environment) =>
      sound.lookUp(request, sent, environment) ?? sound.lookUp(request, read(sent), environment),
  });
}

function breaking(
  bug: 'K14' | 'K15',
  what: string,
  isBreaking: (sent: string) => boolean,
  complaints: Defect['complaints'],
): Defect {
  const patch: Patch = (sound) => ({
    refuse: (request, refusal) => {
      const isBroken = refusal.reason === 'invalidKey' && isBreaking(presentedKey(request));
      return sound.refuse(request, isBroken ? { reason: 'serverError' } : refusal);
    },
  });
  return { bug, title: `a key ${what} breaks the server`, patch, complaints };
}

function halfOf({ value }: IssuedKey, sent: string): string {
  return sent.slice(0, Math.ceil(value.length / 2));
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
