import type { RequestBuilder } from '../../../src/requests/request-builder.ts';
import { type Case, NotSent } from '../../../src/requests/case.ts';
import { hasOtherEnvironment } from './applicability.ts';

/** A key of the other environment, also where the request claims to be meant for that environment. */
export const otherEnvironmentKeys: readonly Case[] = [
  {
    id: 'other-environment-key',
    group: 'environment',
    title: 'a key of the other environment',
    control: 'valid-key',
    alternatives: 'each',
    appliesTo: hasOtherEnvironment,
    request: (builder) => builder.build({ key: builder.otherEnvironmentKey() }),
  },
  {
    id: 'other-environment-key-host',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in Host",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (builder) =>
      builder.build({ key: builder.otherEnvironmentKey(), headers: [['Host', [otherHost(builder)]]] }),
  },
  {
    id: 'other-environment-key-forwarded-host',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in X-Forwarded-Host",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (builder) =>
      builder.build({ key: builder.otherEnvironmentKey(), headers: [['X-Forwarded-Host', [otherHost(builder)]]] }),
  },
  {
    id: 'other-environment-key-absolute-form',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in an absolute request-target",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (builder) =>
      builder.build({
        key: builder.otherEnvironmentKey(),
        target: ({ base, path, query }) => `https://${otherHost(builder)}${base}${path}${query}`,
      }),
  },
  {
    id: 'other-environment-key-server-name',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in the TLS handshake",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (builder) => {
      if (!builder.target.baseUrl.startsWith('https:'))
        throw new NotSent('policy', 'the target is a plain-HTTP address of this machine');
      return builder.build({ key: builder.otherEnvironmentKey(), serverName: otherHost(builder) });
    },
  },
];

function otherHost(builder: RequestBuilder): string {
  const server = builder.otherKind()?.server;
  return server === undefined ? '' : new URL(server).host;
}
