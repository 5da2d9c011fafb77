import type { Sent } from '../client.ts';
import type { methods } from '../defects/methods.ts';
import { accepted, CONTACTS, type Evidence, type EvidenceFor, missing, shown } from './evidence.ts';

export const ofMethods: EvidenceFor<typeof methods> = {
  'head-not-guarded': by('HEAD'),
  'undocumented-methods-not-guarded': by('PATCH'),
  'unknown-method-not-guarded': { ...by('FOO', { isRaw: true }), sound: 400 },
  'options-executed': by('OPTIONS'),
  'options-describes-operation': shown(() => ({ path: CONTACTS, method: 'OPTIONS' }), missing, {
    status: 200,
    json: { id: 'GET /contacts', scopes: ['contacts:read'] },
  }),
  'trace-echoed': shown(() => ({ path: CONTACTS, method: 'TRACE', headers: [['X-Canary', 'chirp']] }), missing, {
    status: 200,
    headers: { 'content-type': 'message/http' },
    text: /^TRACE \/v2\/contacts HTTP\/1\.1\r\n[^]*X-Canary: chirp/,
  }),
  'x-http-method-override-obeyed': by('POST', { headers: [['X-HTTP-Method-Override', 'GET']] }),
  'x-http-method-obeyed': by('POST', { headers: [['X-HTTP-Method', 'GET']] }),
  'x-method-override-obeyed': by('POST', { headers: [['X-Method-Override', 'get']] }),
  'x-method-obeyed': by('POST', { headers: [['X-Method', 'GET']] }),
  'method-parameter-obeyed': by('POST', { path: `${CONTACTS}?_method=GET` }),
  'override-parameter-obeyed': by('POST', { path: `${CONTACTS}?x-http-method-override=GET` }),
};

function by(method: string, rest: Partial<Sent> = {}): Evidence {
  return accepted(() => ({ path: CONTACTS, method, ...rest }));
}
