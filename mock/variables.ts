import { schemesWithOwnCredential } from './document/credentials.ts';
import type { Api } from './types/api.ts';

/** Names of the variables with which a mock says where it is. mock/README.md says what they hold. */
export function variablesOf({ name }: Api) {
  const prefix = inUpperCase(name);
  return {
    baseUrl: `${prefix}_BASE_URL`,
    environment: `${prefix}_ENVIRONMENT`,
    apiKey: `${prefix}_API_KEY`,
    otherEnvironmentKey: `${prefix}_OTHER_ENVIRONMENT_KEY`,
    otherAccountKey: `${prefix}_OTHER_ACCOUNT_KEY`,
    scopedKeys: `${prefix}_SCOPED_KEYS`,
    revokedKey: `${prefix}_REVOKED_KEY`,
    ipLockedKey: `${prefix}_IP_LOCKED_KEY`,
    ipLockedKeyAddress: `${prefix}_IP_LOCKED_KEY_ADDRESS`,
    keyCommand: `${prefix}_KEY_COMMAND`,
    keyWatch: `${prefix}_KEY_WATCH`,
    plainHttpUrl: `${prefix}_PLAIN_HTTP_URL`,
    ca: `${prefix}_CA`,
    clientCertificate: `${prefix}_CLIENT_CERTIFICATE`,
    clientKey: `${prefix}_CLIENT_KEY`,
    liveKeyHosts: `${prefix}_LIVE_KEY_HOSTS`,
  };
}

/**
 * Names of the variables of the schemes that take a credential of their own: `clientId` of `example` gives
 * `EXAMPLE_KEY_CLIENT_ID`, and a second scheme with that name in upper case `EXAMPLE_KEY_CLIENT_ID_2`.
 */
export function schemeVariablesOf(api: Api): Readonly<Record<string, string>> {
  const uses = new Map<string, number>();
  return Object.fromEntries(
    schemesWithOwnCredential(api).map(({ name }) => {
      const words = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2');
      const variable = `${inUpperCase(api.name)}_KEY_${inUpperCase(words)}`;
      const use = (uses.get(variable) ?? 0) + 1;
      uses.set(variable, use);
      return [name, use === 1 ? variable : `${variable}_${use}`];
    }),
  );
}

/** What stands in NAME_SCOPED_KEYS before a key without scopes. */
export const NO_SCOPE = 'none';

/** Everything but letters and digits becomes an underscore. */
function inUpperCase(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
}
