import type { oddKeys } from '../defects/odd-keys.ts';
import type { Running } from '../running.ts';
import { accepted, type Evidence, type EvidenceFor, type Request, shown, withKey } from './evidence.ts';

export const ofOddKeys: EvidenceFor<typeof oddKeys> = {
  'half-key-accepted': accepted(({ full }) => withKey(full.slice(0, Math.ceil(full.length / 2)))),
  'bare-prefix-accepted': accepted(() => withKey('sk_test_')),
  'literal-null-accepted': literally('null'),
  'literal-undefined-accepted': literally('undefined'),
  'literal-true-accepted': literally('true'),
  'literal-zero-accepted': literally('0'),
  'literal-asterisk-accepted': literally('*'),
  'literal-object-accepted': literally('[object Object]'),
  'literal-quotes-accepted': literally('""'),
  'literal-encoded-nul-accepted': literally('%00'),
  'no-break-space-trimmed': accepted(({ full }) => withKey(`${full}\u00a0`)),
  'quotes-trimmed': accepted(({ full }) => withKey(`"${full}"`)),
  'comma-trimmed': accepted(({ full }) => withKey(`${full},`)),
  'full-width-letters-folded': accepted(({ full }) => ({ ...withKey(fullWidth(full)), isRaw: true })),
  'key-percent-decoded': accepted(({ full }) => withKey(`%73${full.slice(1)}`)),
  'encoded-word-decoded': accepted(({ full }) => withKey(`=?utf-8?B?${Buffer.from(full).toString('base64')}?=`)),
  'long-key-answers-500': broken(() => withKey('k'.repeat(8192))),
  'binary-key-answers-500': broken(() => withKey('\u0080\u00ff\u00fe')),
  'large-head-answers-500': {
    ...shown(() => ({ ...withKey('k'.repeat(65_536)), isRaw: true }), { status: 431, json: { code: 431 } }, 500),
    isUnconfinable: true,
  },
  'quote-answers-500': broken(() => withKey("' OR '1'='1")),
  'sql-injection-accepted': literally("' OR '1'='1"),
  'query-object-injection-accepted': literally('{"$ne":null}'),
  'directory-filter-injection-accepted': literally('*)(uid=*'),
  'comparison-takes-longer-the-more-is-right': { ask: timing, sound: { isSlower: false }, broken: { isSlower: true } },
};

function literally(value: string): Evidence {
  return accepted(() => withKey(value));
}

function broken(request: Request): Evidence {
  return shown(request, { status: 401, json: { code: 401 } }, { status: 500, json: { code: 500 } });
}

/** As the bytes of UTF-8: a header has no other letters. */
function fullWidth(value: string): string {
  const wide = value.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
  return Buffer.from(wide, 'utf8').toString('latin1');
}

/** The quickest of many answers is the one that nothing else delayed. */
async function timing({ keys: { full }, send }: Running): Promise<{ isSlower: boolean }> {
  const quickest = { wrong: Infinity, nearlyRight: Infinity };
  const asked = { wrong: `sk_test_${'-'.repeat(full.length - 8)}`, nearlyRight: `${full.slice(0, -1)}-` };
  for (let round = 0; round < 30; round += 1) {
    for (const which of ['wrong', 'nearlyRight'] as const) {
      const start = performance.now();
      await send(withKey(asked[which]));
      quickest[which] = Math.min(quickest[which], performance.now() - start);
    }
  }
  return { isSlower: quickest.nearlyRight - quickest.wrong > 0.7 };
}
