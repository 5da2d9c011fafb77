import type { Patch, Refusal, Step } from '../behaviour.ts';
import type { IssuedKey } from '../keys.ts';
import { withPart } from '../envelope.ts';
import { BAD_KEY, confusing, refusing, withBody } from '../replies.ts';
import type { DefectGroup } from './defect.ts';

/** What a valid key may do. */
export const permissions = {
  'scope-not-enforced': {
    bug: 'S1',
    title: 'any valid key may do anything',
    patch: () => ({ admits: () => true }),
  },
  'scope-over-enforced': {
    bug: 'S2',
    title: 'only a key with full access is let in, the scope itself is not enough',
    patch: () => ({ admits: (_call, key) => key.scopes === 'all' }),
  },
  'insufficient-scope-answers-401': {
    bug: 'S3',
    title: 'a key that lacks a permission is refused as invalid',
    patch: confusing('forbidden', 'invalidKey'),
  },
  'missing-key-answers-403': {
    bug: 'S4',
    title: 'a request without a key is refused as if its key lacked a permission',
    patch: confusing('missingKey', 'forbidden'),
  },
  'invalid-key-answers-403': {
    bug: 'S4',
    title: 'a bad key is refused as if it lacked a permission',
    patch: refusing((_reply, call, _refusal, sound) => sound.refuse(call, { reason: 'forbidden' }), BAD_KEY),
  },
  'read-opens-write': {
    bug: 'S5',
    title: 'a key that may read a resource may change it',
    patch: (sound) => ({
      admits: (call, key, operation) =>
        sound.admits(call, key, operation) || holds(key, operation.scopes, 'write', 'read'),
    }),
  },
  'write-opens-read': {
    bug: 'S6',
    title: 'a key that may change a resource may read it',
    patch: (sound) => ({
      admits: (call, key, operation) =>
        sound.admits(call, key, operation) || holds(key, operation.scopes, 'read', 'write'),
    }),
  },
  'validation-before-permission': {
    bug: 'S7',
    title: 'an invalid request is answered with 400 before any permission is asked for',
    patch: permissionBehind('validation'),
  },
  'unknown-id-before-permission': {
    bug: 'S7',
    title: 'an id that does not exist is answered with 404 before any permission is asked for',
    patch: permissionBehind('resource'),
  },
  'dry-run-skips-permission': {
    bug: 'S8',
    title: 'whoever asks with dry_run=true needs no permission',
    patch: (sound) => ({
      admits: (call, key, operation) =>
        new URLSearchParams(call.query).get('dry_run') === 'true' || sound.admits(call, key, operation),
    }),
  },
  'wrong-403-body': {
    bug: 'R1',
    title: 'a 403 has the body of an invalid key',
    patch: refusing(
      (reply, call, _refusal, sound) => ({ ...reply, body: sound.refuse(call, { reason: 'invalidKey' }).body }),
      ['forbidden'],
    ),
  },
  'forbidden-in-other-words': {
    bug: 'R1',
    title: 'a 403 has another text than the documented one',
    patch: refusing((reply) => withBody(reply, (body) => withPart(body, 'text', () => 'Access denied')), ['forbidden']),
  },
  'forbidden-body-under-404': {
    bug: 'S3',
    title: 'a key that lacks a permission gets the documented body under the status 404',
    patch: refusing((reply) => ({ ...reply, status: 404 }), ['forbidden']),
  },
  'forbidden-names-wrong-permission': {
    bug: 'R1',
    title: 'a 403 names a permission that the operation does not ask for',
    patch: refusing(
      (reply, { world }, refusal) => {
        const another = world.contract.scopes.find((scope) => !refusal.required?.includes(scope)) ?? 'another';
        return { ...reply, body: world.bodies.naming(refusal, [another], heldBy(refusal)) };
      },
      ['forbidden'],
    ),
  },
  'forbidden-lists-wrong-permissions': {
    bug: 'R1',
    title: 'a 403 lists permissions that the key does not have',
    patch: refusing(
      (reply, { world }, refusal) => {
        const others = world.contract.scopes.filter((scope) => !heldBy(refusal).includes(scope));
        return { ...reply, body: world.bodies.naming(refusal, refusal.required ?? [], others) };
      },
      ['forbidden'],
    ),
  },
} as const satisfies DefectGroup;

function permissionBehind(step: Step): Patch {
  return (sound) => ({
    order: (call) =>
      sound.order(call).flatMap((one) => (one === 'permission' ? [] : one === step ? [one, 'permission'] : [one])),
  });
}

function heldBy({ key }: Refusal): readonly string[] {
  return !key || key.scopes === 'all' ? [] : key.scopes;
}

/** Whether the key holds the scopes when one verb at their end is taken for the other. */
function holds({ scopes }: IssuedKey, required: readonly string[], verb: string, taken: string): boolean {
  const others = required.map((scope) => (scope.endsWith(verb) ? scope.slice(0, -verb.length) + taken : scope));
  return scopes !== 'all' && others.every((scope) => scopes.includes(scope));
}
