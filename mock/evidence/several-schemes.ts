import type { severalSchemes } from '../defects/several-schemes.ts';
import { type Evidence, type EvidenceFor, type Request, shown } from './evidence.ts';

/** The second contract asks for a token and a client's id. */
const elsewhere = { contract: 'specs/twitch', operation: 'GET /streams', form: 'token' } as const;

const onlyToken: Request = ({ full }) => ({ path: '/users', headers: [['Authorization', `Bearer ${full}`]] });
const onlyClientId: Request = ({ others }) => ({ path: '/users', headers: [['Client-Id', others['clientId'] ?? '']] });
const otherClientId: Request = ({ full }) => ({
  path: '/users',
  headers: [
    ['Authorization', `Bearer ${full}`],
    ['Client-Id', 'never-issued'],
  ],
});

export const ofSeveralSchemes: EvidenceFor<typeof severalSchemes> = {
  'one-of-several-schemes-enough': on('GET /users', shown(onlyToken, 401, 200)),
  'second-scheme-not-looked-up': on('GET /users', shown(otherClientId, 401, 200)),
  'incomplete-credential-named-otherwise': on(
    'GET /users',
    shown(onlyClientId, { json: { error: 'Unauthorized' } }, { json: { error: 'incomplete_credentials' } }),
  ),
  'incomplete-credential-called-malformed': on('GET /users', shown(onlyClientId, 401, 400)),
  'open-operation-locked': on(
    'GET /schedule/icalendar',
    shown(() => ({ path: '/schedule/icalendar?broadcaster_id=1' }), 200, 401),
  ),
};

function on(operation: string, evidence: Evidence): Evidence {
  return { ...evidence, operation, elsewhere };
}
