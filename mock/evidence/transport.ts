import type { transport } from '../defects/transport.ts';
import { CONTACTS, type EvidenceFor, missing, shown, withBearer } from './evidence.ts';

export const ofTransport: EvidenceFor<typeof transport> = {
  'bearer-not-supported': shown(({ full }) => withBearer(full), 200, missing),
  'bearer-ignores-scopes': shown(({ scoped }) => withBearer(scoped['admin:read'] ?? ''), 403, 200),
  'bearer-answers-another-shape': shown(
    ({ full }) => withBearer(full),
    { status: 200, text: /^\{"data":/ },
    { status: 200, text: /^\{"result":\{"data":/ },
  ),
  'bearer-scheme-case-sensitive': shown(({ full }) => withBearer(full, 'bearer'), 200, missing),
  'header-name-case-sensitive': shown(({ full }) => ({ path: CONTACTS, headers: [['x-api-key', full]] }), 200, missing),
};
