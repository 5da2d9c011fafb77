import { presentedKey } from '../credentials.ts';
import { finishing, redirectingToHttps, withHeader, withoutHeaders } from '../replies.ts';
import type { DefectGroup } from './defect.ts';

const STAY_ENCRYPTED = 'Strict-Transport-Security';

/** How far encryption is insisted on. */
export const https = {
  'plain-http-sent-on': {
    bug: 'H2',
    title: 'plain HTTP is redirected to HTTPS, so that nobody notices that the key went in the clear',
    patch: redirectingToHttps,
  },
  'plain-http-accepts-valid-key': {
    bug: 'H3',
    title: 'plain HTTP is served to whoever has a valid key',
    patch: (sound) => ({
      plainHttp: (call) => {
        const key = sound.lookUp(call, presentedKey(call), sound.environmentOf(call));
        return key && sound.isAlive(call, key) ? undefined : sound.plainHttp(call);
      },
    }),
  },
  'strict-transport-not-asked-for': {
    bug: 'H5',
    title: 'no answer tells clients to stay with HTTPS',
    patch: finishing((reply) => withoutHeaders(reply, [STAY_ENCRYPTED])),
  },
  'strict-transport-switched-off': {
    bug: 'H5',
    title: 'every answer tells clients to forget that they were to stay with HTTPS',
    patch: finishing((reply, { isEncrypted }) =>
      isEncrypted ? withHeader(reply, [STAY_ENCRYPTED, 'max-age=0']) : reply,
    ),
  },
  'tls-1-1-accepted': {
    bug: 'H5',
    title: 'TLS 1.1 is accepted',
    patch: () => ({ oldestTls: 'TLSv1.1' }),
  },
  'tls-1-0-accepted': {
    bug: 'H5',
    title: 'TLS 1.0 is accepted',
    patch: () => ({ oldestTls: 'TLSv1' }),
  },
} as const satisfies DefectGroup;
