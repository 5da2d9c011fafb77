import type { Api, SecurityScheme } from '../types/api.ts';

/** Name of the credential that all primary schemes take. */
export const PRIMARY_CREDENTIAL = '';

/** Primary schemes take the same credential. Any other scheme takes its own, which has the name of the scheme. */
export function credentialOf({ primarySchemes, schemes }: Api, scheme: string): string {
  // A place that is none of the document's is another way in for the same key.
  return primarySchemes.includes(scheme) || !Object.hasOwn(schemes, scheme) ? PRIMARY_CREDENTIAL : scheme;
}

/** The accepted schemes that take a credential of their own, in the order of the document. */
export function schemesWithOwnCredential(api: Api): readonly SecurityScheme[] {
  const accepted = new Set(api.acceptedSchemes);
  return Object.values(api.schemes).filter(
    (scheme) => accepted.has(scheme) && !api.primarySchemes.includes(scheme.name),
  );
}
