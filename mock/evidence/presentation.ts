import type { HeaderLine } from '../behaviour.ts';
import type { connections } from '../defects/connections.ts';
import type { lenience } from '../defects/lenience.ts';
import type { presentation } from '../defects/presentation.ts';
import type { severalCredentials } from '../defects/several-credentials.ts';
import type { Keys } from '../running.ts';
import {
  accepted,
  CONTACTS,
  type Evidence,
  type EvidenceFor,
  headerShown,
  nothing,
  withBearer,
  withFullKey,
  withKey,
} from './evidence.ts';

export const ofPresentation: EvidenceFor<typeof presentation> = {
  'scheme-not-needed': inHeader('Authorization'),
  'basic-scheme-accepted': inHeader('Authorization', 'Basic '),
  'token-scheme-accepted': inHeader('Authorization', 'Token '),
  'digest-scheme-accepted': inHeader('Authorization', 'digest '),
  'api-key-scheme-accepted': inHeader('Authorization', 'ApiKey '),
  'any-scheme-accepted': inHeader('Authorization', 'Whatever '),
  'scheme-cut-off-by-length': inHeader('Authorization', 'Bearer'),
  'scheme-cut-off-twice': inHeader('Authorization', 'Bearer Bearer '),
  'scheme-cut-off-in-key-header': inHeader('X-API-Key', 'Bearer '),
  'key-in-query-api-key': inQuery('api_key'),
  'key-in-query-apikey': inQuery('apikey'),
  'key-in-query-key': inQuery('key'),
  'key-in-query-access-token': inQuery('access_token'),
  'key-in-query-token': inQuery('token'),
  'key-in-cookie': inHeader('Cookie', 'theme=dark; X-API-Key='),
  'key-in-form': accepted(({ full }) => ({
    path: CONTACTS,
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: `access_token=${full}`,
  })),
  'key-as-user-name': userInfo((key) => `${key}:`),
  'key-as-password': userInfo((key) => `api:${key}`),
  'key-in-api-key': inHeader('Api-Key'),
  'key-in-x-api-token': inHeader('X-Api-Token'),
  'key-in-x-auth-token': inHeader('X-Auth-Token'),
  'key-in-ocp-apim-subscription-key': inHeader('Ocp-Apim-Subscription-Key'),
  'underscores-taken-for-dashes': inHeader('X_API_KEY'),
};

export const ofSeveralCredentials: EvidenceFor<typeof severalCredentials> = {
  'any-of-two-forms-accepted': accepted(({ full }) => withKey('bad', ['Authorization', `Bearer ${full}`])),
  'form-that-counts-differs': accepted(({ full }) => withKey(full, ['Authorization', 'Bearer bad'])),
  'permissions-of-two-forms-added-up': accepted(({ scoped }) =>
    withKey(scoped['admin:read'] ?? '', ['Authorization', `Bearer ${scoped['contacts:read'] ?? ''}`]),
  ),
  'first-line-counts': accepted(({ full }) => withKey(full, ['X-API-Key', 'bad'])),
  'last-line-counts': accepted(({ full }) => withKey('bad', ['x-api-key', full])),
  'any-line-counts': accepted(({ full }) => withKey('bad', ['X-API-Key', full], ['X-API-Key', 'worse'])),
  'first-in-list-counts': accepted(({ full }) => withKey(`${full}, bad`)),
  'any-in-list-counts': accepted(({ full }) => withBearer(`bad, ${full}`)),
};

export const ofLenience: EvidenceFor<typeof lenience> = {
  'nul-ends-key': mended(({ full }) => ['X-API-Key', `${full}\0garbage`]),
  'nul-begins-key': mended(({ full }) => ['X-API-Key', `garbage\0${full}`]),
  'control-characters-dropped': mended(({ full }) => ['X-API-Key', `${full.slice(0, 12)}\x01${full.slice(12)}`]),
  'vertical-tab-trimmed': mended(({ full }) => ['X-API-Key', `${full}\v`]),
  'space-before-colon-accepted': mended(({ full }) => ['X-API-Key ', full]),
  'folded-line-joined': mended(({ full }) => ['X-API-Key', `${full.slice(0, 12)}\r\n ${full.slice(12)}`]),
};

const redirected = (location: string): Evidence => headerShown('Location', withFullKey, 'absent', location);

export const ofConnections: EvidenceFor<typeof connections> = {
  'connection-remembers-key': accepted(withFullKey, nothing),
  'success-redirects-to-another-host': redirected('https://data.another-host.example/contacts'),
  'success-redirects-within-host': redirected('/v2/by-region/contacts'),
};

function inHeader(name: string, before = ''): Evidence {
  return accepted(({ full }) => ({ path: CONTACTS, headers: [[name, before + full]] }));
}

function inQuery(name: string): Evidence {
  return accepted(({ full }) => ({ path: `${CONTACTS}?${name}=${full}` }));
}

function userInfo(pair: (key: string) => string): Evidence {
  return accepted(({ full }) => ({
    path: CONTACTS,
    headers: [['Authorization', `Basic ${Buffer.from(pair(full)).toString('base64')}`]],
  }));
}

/** What is not mended is no HTTP, and the parser of a sound server says so. */
function mended(line: (keys: Keys) => HeaderLine): Evidence {
  return { ...accepted((keys) => ({ path: CONTACTS, headers: [line(keys)], isRaw: true })), sound: 400 };
}
