import { presentedKey } from '../server/credentials.ts';
import { onResponse, redirectingToHttps, withHeader, withoutHeaders } from '../server/patches.ts';
import type { DefectGroup } from './defect.ts';

const STAY_ENCRYPTED = 'Strict-Transport-Security';

/** How far encryption is insisted on. */
export const https = {
  'plain-http-sent-on': {
    bug: 'H2',
    title: 'plain HTTP is redirected to HTTPS, so that nobody notices that the key went in the clear',
    patch: redirectingToHttps,
    complaints: ['plain-http-redirect: plain-http (no-redirect)'],
  },
  'plain-http-accepts-valid-key': {
    bug: 'H3',
    title: 'plain HTTP is served to whoever has a valid key',
    patch: (sound) => ({
      plainHttp: (request) => {
        const key = sound.lookUp(request, presentedKey(request), sound.environmentOf(request));
        return key && sound.isActive(request, key) ? undefined : sound.plainHttp(request);
      },
    }),
    complaints: [],
  },
  'strict-transport-not-asked-for': {
    bug: 'H5',
    title: 'no answer tells clients to stay with HTTPS',
    patch: onResponse((response) => withoutHeaders(response, [STAY_ENCRYPTED])),
    complaints: ['strict-transport: * (header)'],
  },
  'strict-transport-switched-off': {
    bug: 'H5',
    title: 'every answer tells clients to forget that they were to stay with HTTPS',
    patch: onResponse((response, { isEncrypted }) =>
      isEncrypted ? withHeader(response, [STAY_ENCRYPTED, 'max-age=0']) : response,
    ),
    complaints: ['strict-transport: * (header)'],
  },
  'tls-1-1-accepted': {
    bug: 'H5',
    title: 'TLS 1.1 is accepted',
    patch: () => ({ oldestTls: 'TLSv1.1' }),
    complaints: ['old-tls: old-tls (not-spoken)'],
  },
  'tls-1-0-accepted': {
    bug: 'H5',
    title: 'TLS 1.0 is accepted',
    patch: () => ({ oldestTls: 'TLSv1' }),
    complaints: ['old-tls: old-tls (not-spoken)'],
  },
  'certificate-not-needed': {
    bug: 'H5',
    title: 'whoever presents no certificate is let in where one is asked for',
    patch: () => ({ needsCertificate: () => false }),
    complaints: ['certificate-needed: no-certificate (certificate-refused)'],
  },
} as const satisfies DefectGroup;
