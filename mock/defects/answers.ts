import { presentedKey } from '../credentials.ts';
import { withoutPart, withPart } from '../envelope.ts';
import type { Behaviour, Patch, Step } from '../behaviour.ts';
import {
  BAD_KEY,
  confusing,
  finishing,
  NO_VALID_KEY,
  refusing,
  withBody,
  withHeader,
  withoutHeaders,
} from '../replies.ts';
import type { DefectGroup } from './defect.ts';

/** What refusals say, what they give away, and which one comes first. */
export const answers = {
  'everyone-let-in': {
    bug: 'G1',
    title: 'no operation asks for a key, whatever the contract says',
    patch: () => ({ order: () => ['rate-limit', 'route', 'validation', 'resource'] }),
  },
  'html-401': {
    bug: 'R1',
    title: 'a 401 is a page of HTML',
    patch: refusing(
      (reply) =>
        withHeader({ ...reply, body: '<!doctype html><title>401 Unauthorized</title>' }, [
          'Content-Type',
          'text/html; charset=utf-8',
        ]),
      NO_VALID_KEY,
    ),
  },
  'body-status-differs': {
    bug: 'R1',
    title: 'the status in the body of a refusal is not that of the answer',
    patch: refusing((reply) =>
      withBody(reply, (body) => withPart(body, 'status', () => (reply.status === 400 ? 422 : 400))),
    ),
  },
  'message-missing': {
    bug: 'R1',
    title: 'the body of a refusal has no text for people',
    patch: refusing((reply) => withBody(reply, (body) => withoutPart(body, 'text'))),
  },
  'missing-key-called-invalid': {
    bug: 'R1',
    title: 'a missing key is answered with the body of an invalid one',
    patch: confusing('missingKey', 'invalidKey'),
  },
  'invalid-key-called-missing': {
    bug: 'R1',
    title: 'an invalid key is answered with the body of a missing one',
    patch: refusing((_reply, call, _refusal, sound) => sound.refuse(call, { reason: 'missingKey' }), BAD_KEY),
  },
  'error-body-with-200': {
    bug: 'R1',
    title: 'a bad key is refused in the body only, the status is 200',
    patch: refusing((reply) => ({ ...reply, status: 200 }), NO_VALID_KEY),
  },
  'redirect-to-login': {
    bug: 'R1',
    title: 'a request without a valid key is sent to a login page',
    patch: refusing((reply) => ({ ...withHeader(reply, ['Location', '/login']), status: 302 }), NO_VALID_KEY),
  },
  'key-echoed-in-message': {
    bug: 'R6',
    title: 'a refusal repeats the key in its text',
    patch: refusing((reply, call) =>
      withBody(reply, (body) => withPart(body, 'text', (text) => `${String(text)}: ${presentedKey(call)}`)),
    ),
  },
  'key-echoed-in-header': {
    bug: 'R6',
    title: 'every answer repeats the key in a header',
    patch: finishing((reply, call) => withHeader(reply, ['X-Authenticated-With', presentedKey(call)])),
  },
  'key-tail-echoed': {
    bug: 'R6',
    title: 'a refusal shows the last six characters of the key',
    patch: refusing((reply, call) => withBody(reply, (body) => ({ ...body, key: `…${presentedKey(call).slice(-6)}` }))),
  },
  'unknown-id-before-authentication': {
    bug: 'R10',
    title: 'an id that does not exist is answered with 404 before any key is asked for',
    patch: earlier('resource'),
  },
  'validation-before-authentication': {
    bug: 'R11',
    title: 'an invalid request is answered with 400 before any key is asked for',
    patch: earlier('validation'),
  },
  'bad-key-answers-500': {
    bug: 'R12',
    title: 'a key that is not known breaks the server',
    patch: refusing((_reply, call, _refusal, sound) => sound.refuse(call, { reason: 'serverError' }), BAD_KEY),
  },
  'rate-limit-headers-missing-on-refusals': {
    bug: 'R13',
    title: 'only successes carry the rate-limit headers',
    patch: finishing((reply, call) => (reply.status < 400 ? reply : withoutHeaders(reply, namesOf(call)))),
  },
  'rate-limit-headers-missing': {
    bug: 'R13',
    title: 'no answer carries the rate-limit headers',
    patch: finishing((reply, call) => withoutHeaders(reply, namesOf(call))),
  },
  'rate-limit-missing': {
    bug: 'R13',
    title: 'no answer says how large the rate limit is',
    patch: finishing((reply, call) => withoutHeaders(reply, namesOf(call).slice(0, 1))),
  },
  'rate-limit-remaining-in-words': {
    bug: 'R13',
    title: 'what remains of the rate limit is said in a word',
    patch: finishing((reply, call) => withHeader(reply, [namesOf(call)[1] ?? '', 'plenty'])),
  },
  'rate-limit-reset-in-milliseconds': {
    bug: 'R13',
    title: 'the rate limit is reset at a time in milliseconds',
    patch: finishing((reply, call) => withHeader(reply, [namesOf(call)[2] ?? '', '1800000000000'])),
  },
  'rate-limit-headers-malformed': {
    bug: 'R13',
    title: 'the rate-limit headers hold words and a date where numbers belong',
    patch: finishing((reply, call) => {
      const values = ['unlimited', 'many', new Date(0).toUTCString()];
      return withHeader(reply, ...namesOf(call).map((name, index) => [name, values[index] ?? ''] as const));
    }),
  },
} as const satisfies DefectGroup;

function earlier(step: Step): Patch {
  return (sound: Behaviour) => ({
    order: (call) => [step, ...sound.order(call).filter((other) => other !== step)],
  });
}

function namesOf({ world }: Parameters<Behaviour['finish']>[0]): readonly string[] {
  const names = world.contract.rateLimitHeaders;
  return names ? [names.limit, names.remaining, names.reset] : [];
}
