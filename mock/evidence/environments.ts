import { connect, type SecureVersion } from 'node:tls';
import type { addresses } from '../defects/addresses.ts';
import type { environments } from '../defects/environments.ts';
import type { https } from '../defects/https.ts';
import {
  accepted,
  type Evidence,
  type EvidenceFor,
  forbidden,
  headerShown,
  invalid,
  neverIssued,
  nothing,
  shown,
  withFullKey,
  withKey,
} from './evidence.ts';

export const ofEnvironments: EvidenceFor<typeof environments> = {
  'plain-http-served': shown(() => ({ ...neverIssued(), isPlain: true }), 403, 200),
  'plain-http-looks-key-up': shown(() => ({ ...neverIssued(), isPlain: true }), 403, invalid),
  'plain-http-trusts-forwarded-proto': shown(
    ({ full }) => ({ ...withKey(full, ['X-Forwarded-Proto', 'https']), isPlain: true }),
    403,
    200,
  ),
  'untrusted-certificate': shown(withFullKey, 200, { fault: /unable to verify|self-signed/ }),
  'certificate-for-another-host': shown(withFullKey, 200, { fault: /does not match certificate/ }),
  'other-environment-key-accepted': accepted(({ other }) => withKey(other)),
  'other-environment-answers-403': shown(({ other }) => withKey(other), invalid, forbidden),
  'environment-taken-from-host': accepted(({ other }) => withKey(other, ['Host', 'api.huechat.ai'])),
  'environment-taken-from-forwarded-host': accepted(({ other }) =>
    withKey(other, ['X-Forwarded-Host', 'api.huechat.ai']),
  ),
  'environment-taken-from-absolute-target': accepted(({ other }) => ({
    ...withKey(other),
    target: () => 'https://api.huechat.ai/v2/contacts',
  })),
  'environment-taken-from-server-name': accepted(({ other }) => ({
    ...withKey(other),
    isRaw: true,
    serverName: 'api.huechat.ai',
  })),
  'production-key-accepted-elsewhere': accepted(({ other }) => withKey(other)),
  'sandbox-answers-unlike-production': {
    ask: async ({ send }) => {
      const statuses = ['sandbox', 'production'].map(async (environment) => send({ ...nothing(), environment }));
      return { statuses: (await Promise.all(statuses)).map(({ status }) => status) };
    },
    sound: { statuses: [401, 401] },
    broken: { statuses: [403, 401] },
  },
};

export const ofHttps: EvidenceFor<typeof https> = {
  'plain-http-sent-on': shown(() => ({ ...neverIssued(), isPlain: true }), 403, 308),
  'plain-http-accepts-valid-key': shown(({ full }) => ({ ...withKey(full), isPlain: true }), 403, 200),
  'strict-transport-not-asked-for': headerShown('Strict-Transport-Security', withFullKey, /^max-age=\d{8}$/, 'absent'),
  'strict-transport-switched-off': headerShown(
    'Strict-Transport-Security',
    withFullKey,
    /^max-age=\d{8}$/,
    'max-age=0',
  ),
  'tls-1-1-accepted': spoken('TLSv1.1'),
  'tls-1-0-accepted': spoken('TLSv1'),
};

export const ofAddresses: EvidenceFor<typeof addresses> = {
  'address-lock-ignored': shown(({ locked }) => withKey(locked), 403, 200),
  'address-taken-from-x-forwarded-for': claimed('X-Forwarded-For', '203.0.113.7, 127.0.0.1'),
  'address-taken-from-x-real-ip': claimed('X-Real-IP'),
  'address-taken-from-forwarded': claimed('Forwarded', 'for="203.0.113.7";proto=https'),
  'address-taken-from-true-client-ip': claimed('True-Client-IP'),
  'address-taken-from-cf-connecting-ip': claimed('CF-Connecting-IP'),
  'address-taken-from-x-client-ip': claimed('X-Client-IP'),
  'address-taken-from-x-originating-ip': claimed('X-Originating-IP'),
  'address-taken-from-x-remote-ip': claimed('X-Remote-IP'),
  'address-taken-from-x-cluster-client-ip': claimed('X-Cluster-Client-IP'),
  'address-taken-from-fastly-client-ip': claimed('Fastly-Client-IP'),
  'address-taken-from-last-of-x-forwarded-for': claimed('X-Forwarded-For', '198.51.100.9, 203.0.113.7'),
  'address-taken-from-before-last-of-x-forwarded-for': claimed(
    'X-Forwarded-For',
    '198.51.100.9, 203.0.113.7, 198.51.100.8',
  ),
  'allow-list-in-refusal': shown(
    ({ locked }) => withKey(locked),
    { status: 403, text: /^[^.]*$/ },
    { status: 403, json: { allowed: ['203.0.113.7'] } },
  ),
};

/** A handshake in one version of TLS; only its own end of it is told to be lenient. */
function spoken(version: SecureVersion): Evidence {
  const ask: Evidence['ask'] = ({ mock }) => {
    const { port } = new URL(mock.environments['sandbox']?.baseUrl ?? '');
    const only = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: Number(port), ca: mock.ca, ...only }, () => {
        resolve({ version: socket.getProtocol() });
        socket.destroy();
      });
      socket.on('error', reject);
    });
  };
  return { ask, sound: { fault: /protocol version/ }, broken: { version } };
}

function claimed(name: string, value = '203.0.113.7'): Evidence {
  return shown(({ locked }) => withKey(locked, [name, value]), 403, 200);
}
