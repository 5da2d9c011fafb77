import type { Sent } from '../client.ts';
import type { hiding } from '../defects/hiding.ts';
import type { rewriting } from '../defects/rewriting.ts';
import type { routing } from '../defects/routing.ts';
import type { PATH_HEADERS } from '../call.ts';
import { accepted, CONTACTS, type Evidence, type EvidenceFor } from './evidence.ts';

const OPERATION = '/v2/contacts';

export const ofRouting: EvidenceFor<typeof routing> = {
  'trailing-slash-not-guarded': at('/v2/contacts/'),
  'double-slash-not-guarded': at('//v2//contacts'),
  'path-parameter-not-guarded': at('/v2;x/contacts;y=z'),
  'dots-before-semicolon-not-guarded': at('/health/..;/v2/contacts'),
  'encoded-letters-not-guarded': at('/%762/%63ontacts'),
  'twice-encoded-letters-not-guarded': at('/v2/%2563ontacts'),
  'dot-segments-not-guarded': at('/health/.././v2/contacts'),
  'encoded-dot-segments-not-guarded': at('/health/%2e%2E/v2/contacts'),
  'dots-behind-alias-not-guarded': at('/public../v2/contacts'),
  'encoded-slash-not-guarded': at('/v2%2Fcontacts'),
  'backslash-not-guarded': at('/v2\\contacts'),
  'other-case-not-guarded': at('/V2/CONTACTS'),
  'format-suffix-not-guarded': at('/v2/contacts.json'),
  'white-space-suffix-not-guarded': at('/v2/contacts%20'),
  'dot-suffix-not-guarded': at('/v2/contacts/.'),
  'fragment-not-guarded': at('/v2/contacts#x', { isRaw: true }),
  'query-not-guarded': at('/v2/contacts?'),
  'target-without-slash-not-guarded': {
    ...at('v2/contacts', { isRaw: true }),
    // Sound, though for another reason: such a target is no HTTP.
    sound: 400,
  },
  'absolute-target-not-guarded': at('http://another-host.example/v2/contacts'),
};

export const ofHiding: EvidenceFor<typeof hiding> = {
  'other-spellings-hidden-without-key': { ...at('/v2/contacts/'), broken: 404 },
};

export const ofRewriting: EvidenceFor<typeof rewriting> = {
  'x-original-url-routed-to': routedTo('X-Original-URL'),
  'x-rewrite-url-routed-to': routedTo('X-Rewrite-URL'),
  'x-forwarded-uri-routed-to': routedTo('X-Forwarded-Uri'),
  'x-forwarded-prefix-routed-to': routedTo('X-Forwarded-Prefix'),
  'x-forwarded-path-routed-to': routedTo('X-Forwarded-Path'),
  'x-original-url-guarded-by': withHeader('X-Original-URL', '/health'),
  'x-rewrite-url-guarded-by': withHeader('X-Rewrite-URL', '/health'),
  'x-forwarded-uri-guarded-by': withHeader('X-Forwarded-Uri', '/health'),
  'x-forwarded-prefix-guarded-by': withHeader('X-Forwarded-Prefix', '/health'),
  'x-forwarded-path-guarded-by': withHeader('X-Forwarded-Path', '/health'),
  'x-middleware-subrequest-opens': withHeader('x-middleware-subrequest', 'middleware:middleware'),
  'x-custom-ip-authorization-opens': withHeader('X-Custom-IP-Authorization', '127.0.0.1'),
  'x-internal-opens': withHeader('X-Internal', '1'),
  'other-versions-not-guarded': at('/v1/contacts'),
  'internal-prefix-not-guarded': at('/internal/contacts'),
  'beta-prefix-not-guarded': at('/beta/v2/contacts'),
};

function at(target: string, rest: Partial<Sent> = {}): Evidence {
  return accepted(() => ({ path: CONTACTS, target: () => target, ...rest }));
}

function withHeader(name: string, value: string): Evidence {
  return accepted(() => ({ path: CONTACTS, headers: [[name, value]] }));
}

/** The public path is answered either way. */
function routedTo(name: (typeof PATH_HEADERS)[number]): Evidence {
  return {
    ...accepted(() => ({ path: CONTACTS, target: () => '/health', headers: [[name, OPERATION]] })),
    sound: { status: 200, json: { status: 'ok' } },
    broken: { status: 200, text: /^\{"data":/ },
  };
}
