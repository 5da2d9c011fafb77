import type { permissions } from '../defects/permissions.ts';
import {
  type EvidenceFor,
  forbidden,
  invalid,
  JSON_TYPE,
  missing,
  neverIssued,
  nothing,
  scoped,
  shown,
  withKey,
} from './evidence.ts';

const plainly = { status: 403, json: { message: 'API key does not have permission for this action' } };

export const ofPermissions: EvidenceFor<typeof permissions> = {
  'scope-not-enforced': shown(scoped('admin:read'), 403, 200),
  'scope-over-enforced': shown(scoped('contacts:read'), 200, forbidden),
  'insufficient-scope-answers-401': shown(scoped('admin:read'), forbidden, invalid),
  'missing-key-answers-403': shown(nothing, missing, forbidden),
  'invalid-key-answers-403': shown(neverIssued, invalid, forbidden),
  'validation-before-permission': {
    ...shown((keys) => ({ ...withKey(keys.scoped['admin:read'] ?? ''), path: '/conversations?limit=101' }), 403, 400),
    operation: 'GET /conversations',
  },
  'unknown-id-before-permission': {
    ...shown((keys) => ({ ...withKey(keys.scoped['admin:read'] ?? ''), path: '/contact/cnt_of_nobody' }), 403, 404),
    operation: 'GET /contact/{identifier}',
  },
  'dry-run-skips-permission': shown(
    (keys) => ({ ...withKey(keys.scoped['admin:read'] ?? ''), path: '/contacts?dry_run=true' }),
    403,
    200,
  ),
  'read-opens-write': {
    ...shown(
      (keys) => ({
        ...withKey(keys.scoped['contacts:read'] ?? '', JSON_TYPE),
        path: '/contact',
        method: 'POST',
        body: '{}',
      }),
      403,
      201,
    ),
    operation: 'POST /contact',
  },
  'write-opens-read': shown(scoped('contacts:write'), 403, 200),
  'wrong-403-body': shown(scoped('admin:read'), forbidden, { status: 403, json: { message: 'Invalid API key' } }),
  'forbidden-in-other-words': shown(scoped('admin:read'), forbidden, {
    status: 403,
    json: { message: 'Access denied', code: 403 },
  }),
  'forbidden-body-under-404': shown(scoped('admin:read'), forbidden, { ...forbidden, status: 404 }),
  'forbidden-names-wrong-permission': shown(scoped('contacts:write'), plainly, {
    status: 403,
    json: { details: { required_permission: 'contacts:write', key_permissions: ['contacts:write'] } },
  }),
  'forbidden-lists-wrong-permissions': shown(scoped('contacts:write'), plainly, {
    status: 403,
    json: { details: { required_permission: 'contacts:read' } },
    text: /"key_permissions":\["contacts:read","conversations:read"/,
  }),
};
