import { accountsOf } from '../server/accounts.ts';
import { withPart } from '../server/error-body.ts';
import { BAD_KEY, onRefusal, refusedAs, withBody } from '../server/patches.ts';
import type { Check, Patch } from '../types/behaviour.ts';
import type { IssuedKey } from '../types/keys.ts';
import type { Refusal } from '../types/refusal.ts';
import type { DefectGroup } from './defect.ts';

/** What a valid key may do. */
export const permissions = {
  'scope-not-enforced': {
    bug: 'S1',
    title: 'any valid key may do anything',
    patch: () => ({ isPermitted: () => true }),
    complaints: [
      'insufficient-scope: scoped-out-key@* same-verb-key scoped-out-key-dry-run (status, body) on safe operations',
      'insufficient-scope: scoped-out-key-valid-request@* (status, body)',
      'separate-scopes: sibling-scope-key@* (status, body) on safe operations',
      'separate-scopes: sibling-scope-key-valid-request@* (status, body)',
      'connection-permissions: scoped-out-key-on-connection (status)',
      'strange-path-permission: scoped-out-key-encoded-letter scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host (refused)',
    ],
  },
  'scope-over-enforced': {
    bug: 'S2',
    title: 'only a key with full access is let in, the scope itself is not enough',
    patch: () => ({ isPermitted: (_call, key) => key.scopes === 'all' }),
    complaints: ['sufficient-scope: * (accepted)'],
  },
  'insufficient-scope-answers-401': {
    bug: 'S3',
    title: 'a key that lacks a permission is refused as invalid',
    patch: refusedAs('forbidden', 'invalidKey'),
    complaints: [
      'insufficient-scope: * (status, body)',
      'separate-scopes: * (status, body)',
      'connection-permissions: scoped-out-key-on-connection (status)',
    ],
  },
  'missing-key-answers-403': {
    bug: 'S4',
    title: 'a request without a key is refused as if its key lacked a permission',
    patch: refusedAs('missingKey', 'forbidden'),
    complaints: ['missing-key: * (status, body)'],
  },
  'invalid-key-answers-403': {
    bug: 'S4',
    title: 'a bad key is refused as if it lacked a permission',
    patch: onRefusal((_reply, request, _refusal, sound) => sound.refuse(request, { reason: 'forbidden' }), BAD_KEY),
    complaints: ['invalid-key: * (status, body)'],
  },
  'read-opens-write': {
    bug: 'S5',
    title: 'a key that may read a resource may change it',
    patch: (sound) => ({
      isPermitted: (request, key, operation) =>
        sound.isPermitted(request, key, operation) || holds(key, operation.scopes, 'write', 'read'),
    }),
    complaints: ['separate-scopes: * (status, body) on unsafe operations'],
  },
  'write-opens-read': {
    bug: 'S6',
    title: 'a key that may change a resource may read it',
    patch: (sound) => ({
      isPermitted: (request, key, operation) =>
        sound.isPermitted(request, key, operation) || holds(key, operation.scopes, 'read', 'write'),
    }),
    complaints: ['separate-scopes: * (status, body) on safe operations'],
  },
  'any-read-scope-reads': {
    bug: 'S5',
    title: 'a key that may read any resource may read every resource',
    patch: (sound) => ({
      isPermitted: (request, key, operation) =>
        sound.isPermitted(request, key, operation) || (operation.isSafe && mayRead(key)),
    }),
    complaints: ['insufficient-scope: same-verb-key (status, body) on safe operations'],
  },
  'only-verb-compared': {
    bug: 'S5',
    title: 'of a scope only the verb is compared, so that a key for one resource does the same to every other',
    patch: (sound) => ({
      isPermitted: (request, key, operation) =>
        sound.isPermitted(request, key, operation) ||
        (key.scopes !== 'all' &&
          operation.scopes.length > 0 &&
          operation.scopes.every((scope) => verbsOf(key.scopes).includes(verbOf(scope)))),
    }),
    complaints: ['insufficient-scope: same-verb-key (status, body)'],
  },
  'scope-parts-mixed': {
    bug: 'S5',
    title: 'the resources and the verbs of a key are kept apart, so that each verb holds for each resource',
    patch: (sound) => ({
      issuesKeysOfSeveralScopes: true,
      isPermitted: (request, key, operation) =>
        sound.isPermitted(request, key, operation) ||
        (operation.scopes.length > 0 &&
          operation.scopes.every(
            (scope) =>
              verbsOf(key.scopes).includes(verbOf(scope)) && resourcesOf(key.scopes).includes(resourceOf(scope)),
          )),
    }),
    complaints: ['separate-scopes: all-but-scope-key (status, body)'],
  },
  'long-scope-list-not-read': {
    bug: 'S1',
    title: 'a list of scopes that is longer than its column is cut, is no JSON then, and limits nothing',
    patch: (sound) => ({
      issuesKeysOfSeveralScopes: true,
      isPermitted: (request, key, operation) =>
        storedScopes(key) === undefined || sound.isPermitted(request, key, operation),
    }),
    complaints: [
      'insufficient-scope: several-scopes-key (status, body)',
      'separate-scopes: all-but-scope-key (status, body)',
    ],
  },
  'empty-scopes-mean-all': {
    bug: 'S1',
    title: 'a key whose list of scopes is empty may do everything, since nothing limits it',
    patch: (sound) => ({
      issuesScopelessKey: true,
      isPermitted: (request, key, operation) => key.scopes.length === 0 || sound.isPermitted(request, key, operation),
    }),
    complaints: ['insufficient-scope: scopeless-key (status, body)'],
  },
  'other-accounts-resource-opens': {
    bug: 'S10',
    title: 'a resource is looked up by its id alone, so that a key of any account opens it',
    patch: accountsOf('lists'),
    complaints: ['other-account: other-account-key (not-opened)'],
  },
  'validation-before-permission': {
    bug: 'S7',
    title: 'an invalid request is answered with 400 before any permission is asked for',
    patch: permissionBehind('validation'),
    complaints: [],
  },
  'unknown-id-before-permission': {
    bug: 'S7',
    title: 'an id that does not exist is answered with 404 before any permission is asked for',
    patch: permissionBehind('resource'),
    complaints: [],
  },
  'dry-run-skips-permission': {
    bug: 'S8',
    title: 'whoever asks with dry_run=true needs no permission',
    patch: (sound) => ({
      isPermitted: (request, key, operation) =>
        new URLSearchParams(request.query).get('dry_run') === 'true' || sound.isPermitted(request, key, operation),
    }),
    complaints: ['insufficient-scope: scoped-out-key-dry-run (status, body)'],
  },
  'wrong-403-body': {
    bug: 'R1',
    title: 'a 403 has the body of an invalid key',
    patch: onRefusal(
      (response, request, _refusal, sound) => ({
        ...response,
        body: sound.refuse(request, { reason: 'invalidKey' }).body,
      }),
      ['forbidden'],
    ),
    complaints: [
      'insufficient-scope: * (body)',
      'separate-scopes: * (body)',
      'error-envelope: scoped-out-key@* same-verb-key scoped-out-key-dry-run sibling-scope-key@* scoped-out-key-on-connection scoped-out-key-encoded-letter scoped-out-key-absolute-form scoped-out-key-absolute-form-of-another-host (code)',
    ],
  },
  'forbidden-in-other-words': {
    bug: 'R1',
    title: 'a 403 has another text than the documented one',
    patch: onRefusal(
      (response) => withBody(response, (body) => withPart(body, 'text', () => 'Access denied')),
      ['forbidden'],
    ),
    complaints: ['insufficient-scope: * (body)', 'separate-scopes: * (body)'],
  },
  'forbidden-body-under-404': {
    bug: 'S3',
    title: 'a key that lacks a permission gets the documented body under the status 404',
    patch: onRefusal((response) => ({ ...response, status: 404 }), ['forbidden']),
    complaints: [
      'insufficient-scope: * (status)',
      'separate-scopes: * (status)',
      'connection-permissions: scoped-out-key-on-connection (status)',
    ],
  },
  'forbidden-names-wrong-permission': {
    bug: 'R1',
    title: 'a 403 names a permission that the operation does not ask for',
    patch: onRefusal(
      (response, { state }, refusal) => {
        const another = state.api.scopes.find((scope) => !refusal.required?.includes(scope)) ?? 'another';
        return { ...response, body: state.bodies.naming(refusal, [another], heldBy(refusal)) };
      },
      ['forbidden'],
    ),
    complaints: ['insufficient-scope: * (required-permission)', 'separate-scopes: * (required-permission)'],
  },
  'forbidden-lists-wrong-permissions': {
    bug: 'R1',
    title: 'a 403 lists permissions that the key does not have',
    patch: onRefusal(
      (response, { state }, refusal) => {
        const others = state.api.scopes.filter((scope) => !heldBy(refusal).includes(scope));
        return { ...response, body: state.bodies.naming(refusal, refusal.required ?? [], others) };
      },
      ['forbidden'],
    ),
    complaints: ['insufficient-scope: * (key-permissions)', 'separate-scopes: * (key-permissions)'],
  },
} as const satisfies DefectGroup;

function permissionBehind(check: Check): Patch {
  return (sound) => ({
    checkOrder: (request) =>
      sound
        .checkOrder(request)
        .flatMap((one) => (one === 'permission' ? [] : one === check ? [one, 'permission'] : [one])),
  });
}

function mayRead({ scopes }: IssuedKey): boolean {
  return scopes !== 'all' && scopes.some((scope) => scope.endsWith(':read'));
}

type Scopes = IssuedKey['scopes'];

function verbsOf(scopes: Scopes): readonly string[] {
  return scopes === 'all' ? [] : scopes.map(verbOf);
}

function resourcesOf(scopes: Scopes): readonly string[] {
  return scopes === 'all' ? [] : scopes.map(resourceOf);
}

function verbOf(scope: string): string {
  return scope.split(':').at(-1) ?? '';
}

function resourceOf(scope: string): string {
  return scope.split(':').slice(0, -1).join(':');
}

/** As a column of 40 characters gives the list back; undefined where that is no JSON any more. */
function storedScopes({ scopes }: IssuedKey): unknown {
  try {
    return JSON.parse(JSON.stringify(scopes).slice(0, 40));
  } catch {
    return undefined;
  }
}

function heldBy({ key }: Refusal): readonly string[] {
  return !key || key.scopes === 'all' ? [] : key.scopes;
}

/** Whether the key holds the scopes when one verb at their end is taken for the other. */
function holds({ scopes }: IssuedKey, required: readonly string[], verb: string, taken: string): boolean {
  const others = required.map((scope) => (scope.endsWith(verb) ? scope.slice(0, -verb.length) + taken : scope));
  return scopes !== 'all' && others.every((scope) => scopes.includes(scope));
}
