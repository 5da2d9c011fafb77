import type { Call } from '../call.ts';
import { keysOf, readCredentials } from '../credentials.ts';
import { withPart } from '../envelope.ts';
import { PRIMARY, slotOf } from '../keys.ts';
import { refusing, withBody } from '../replies.ts';
import type { DefectGroup } from './defect.ts';

/** What an operation asks for, where that is more than one credential, or none. */
export const severalSchemes = {
  'one-of-several-schemes-enough': {
    bug: 'K1',
    title: 'of the credentials that an operation asks for together any one is enough',
    patch: (sound) => ({
      demands: (call) => sound.demands(call).flatMap((slots) => slots.map((slot) => [slot])),
    }),
  },
  'second-scheme-not-looked-up': {
    bug: 'K2',
    title: 'of the credentials that an operation asks for together only the key is looked up',
    patch: (sound) => ({
      lookUp: (call, sent, environment) => {
        const { contract } = call.world;
        const slots = readCredentials(call).flatMap(({ form, value }) =>
          value === sent ? slotOf(contract, form) : [],
        );
        const own = slots.find((slot) => slot !== PRIMARY);
        const unseen = keysOf(call, environment).find(({ slot }) => slot === own);
        return sound.lookUp(call, sent, environment) ?? unseen;
      },
    }),
  },
  'incomplete-credential-named-otherwise': {
    bug: 'R1',
    title: 'a request that lacks one of several credentials is refused under another name than one without any',
    patch: refusing(
      (reply, call) =>
        isIncomplete(call) ? withBody(reply, (body) => withPart(body, 'word', () => 'incomplete_credentials')) : reply,
      ['missingKey'],
    ),
  },
  'incomplete-credential-called-malformed': {
    bug: 'R11',
    title: 'a request that lacks one of several credentials is refused as malformed, with 400',
    patch: refusing((reply, call) => (isIncomplete(call) ? { ...reply, status: 400 } : reply), ['missingKey']),
  },
  'open-operation-locked': {
    bug: 'G1',
    title: 'an operation that the contract opens to everyone asks for a key',
    patch: () => ({ isOpen: () => false }),
  },
} as const satisfies DefectGroup;

/** Something is there beside the key, which is not. */
function isIncomplete(call: Call): boolean {
  return readCredentials(call).some(({ form, value }) => value !== '' && slotOf(call.world.contract, form) !== PRIMARY);
}
