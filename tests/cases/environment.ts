import type { Ask } from '../../src/plan/ask.ts';
import { type Case, Unprovable } from '../../src/plan/case.ts';
import { hasOtherEnvironment } from './applicability.ts';

/** A key of the other environment, also where the request claims to be meant for that environment. */
export const otherEnvironmentKeys: readonly Case[] = [
  {
    id: 'other-environment-key',
    group: 'environment',
    title: 'a key of the other environment',
    control: 'valid-key',
    forms: 'each',
    appliesTo: hasOtherEnvironment,
    request: (ask) => ask.request({ key: ask.otherEnvironmentKey() }),
  },
  {
    id: 'other-environment-key-host',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in Host",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (ask) => ask.request({ key: ask.otherEnvironmentKey(), headers: [['Host', [otherHost(ask)]]] }),
  },
  {
    id: 'other-environment-key-forwarded-host',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in X-Forwarded-Host",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (ask) =>
      ask.request({ key: ask.otherEnvironmentKey(), headers: [['X-Forwarded-Host', [otherHost(ask)]]] }),
  },
  {
    id: 'other-environment-key-absolute-form',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in an absolute request-target",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (ask) =>
      ask.request({
        key: ask.otherEnvironmentKey(),
        at: ({ base, path, query }) => `https://${otherHost(ask)}${base}${path}${query}`,
      }),
  },
  {
    id: 'other-environment-key-server-name',
    group: 'environment',
    title: "a key of the other environment, with that environment's name in the TLS handshake",
    control: 'valid-key',
    appliesTo: hasOtherEnvironment,
    request: (ask) => {
      if (!ask.target.baseUrl.startsWith('https:'))
        throw new Unprovable('policy', 'the target is a plain-HTTP address of this machine');
      return ask.request({ key: ask.otherEnvironmentKey(), serverName: otherHost(ask) });
    },
  },
];

function otherHost(ask: Ask): string {
  const server = ask.otherKind()?.server;
  return server === undefined ? '' : new URL(server).host;
}
