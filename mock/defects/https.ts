import { presentedKey } from '../server/credentials.ts';
import { header } from '../server/request.ts';
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
    patch: () => ({ lacksCertificate: () => false }),
    complaints: [
      'certificate-needed: * (certificate-refused)',
      'certificate-verified: self-made-certificate-and-key (strange-certificate-refused)',
    ],
  },
  'certificate-alone-not-needed': {
    bug: 'H5',
    title: 'where a certificate is all that is asked for, whoever presents nothing is let in',
    patch: () => ({ opensByCertificate: (_request, operation) => operation.opensByCertificate }),
    complaints: [
      'certificate-needed: * (certificate-refused) on safe operations',
      'certificate-verified: self-made-certificate (strange-certificate-refused) on safe operations',
    ],
  },
  'any-key-in-place-of-certificate': {
    bug: 'H5',
    title: 'a key is taken in the place of the certificate that is asked for',
    patch: (sound) => ({
      opensByCertificate: (request, operation) => {
        const key = sound.lookUp(request, presentedKey(request), sound.environmentOf(request));
        const isGood = key !== undefined && sound.isActive(request, key);
        return (isGood && operation.opensByCertificate) || sound.opensByCertificate(request, operation);
      },
    }),
    complaints: ['certificate-needed: key-in-place-of-certificate (certificate-refused)'],
  },
  'certificate-believed-from-header': {
    bug: 'W1',
    title: 'a header that says that the certificate was verified is believed from whoever sends it',
    patch: (sound) => ({
      opensByCertificate: (request, operation) =>
        (header(request, 'X-SSL-Client-Verify') === 'SUCCESS' && operation.opensByCertificate) ||
        sound.opensByCertificate(request, operation),
    }),
    complaints: ['certificate-needed: certificate-claimed (certificate-refused)'],
  },
  'certificate-of-anybody-accepted': {
    bug: 'H5',
    title: 'a certificate is asked for, and nobody looks who issued it',
    patch: (sound) => ({
      lacksCertificate: (request, operation) =>
        request.certificate === 'none' && sound.lacksCertificate(request, operation),
      opensByCertificate: ({ certificate }, operation) => operation.opensByCertificate && certificate !== 'none',
    }),
    complaints: ['certificate-verified: self-made-certificate (strange-certificate-refused)'],
  },
  'certificate-not-needed-in-resumed-session': {
    bug: 'H5',
    title: 'whoever resumes a TLS session is taken for somebody who presented a certificate in it',
    patch: (sound) => ({
      lacksCertificate: (request, operation) => !request.isResumed && sound.lacksCertificate(request, operation),
    }),
    complaints: ['certificate-needed: no-certificate-in-resumed-session (certificate-refused)'],
  },
  'resumed-session-is-enough': {
    bug: 'H5',
    title: 'where a certificate is all that is asked for, whoever resumes a TLS session is let in',
    patch: (sound) => ({
      opensByCertificate: (request, operation) =>
        (request.isResumed && operation.opensByCertificate) || sound.opensByCertificate(request, operation),
    }),
    complaints: ['certificate-needed: nothing-in-resumed-session (certificate-refused)'],
  },
  'certificate-not-enough': {
    bug: 'H5',
    title: 'operations that read refuse the certificate that is all that is asked for',
    patch: (sound) => ({
      opensByCertificate: (request, operation) => !operation.isSafe && sound.opensByCertificate(request, operation),
    }),
    complaints: ['valid-certificate: certificate-alone (accepted) on safe operations'],
  },
} as const satisfies DefectGroup;
