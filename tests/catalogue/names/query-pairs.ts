/*
 * Pairs of the query that careless code takes for leave to skip the check of the key. Each is harmless where it is not known.
 */

/** Where a gate searches the whole target for what is public (CVE-2025-54576; `?bypass=api/public`, GHSA-v3p2-mx78-pxhc). */
const PUBLIC_PATHS: readonly string[] = [
  'a=/health',
  'b=api/public',
  'c=/login',
  'd=/api/auth/',
  'e=/docs',
  'f=/openapi.json',
  'g=/swagger',
  'h=/metrics',
  'i=/static/',
  'j=/.well-known/',
  'k=/favicon.ico',
];

/** What was meant for those who wrote the server. */
const SWITCHES: readonly string[] = [
  'debug=true',
  'test=1',
  'bypass=true',
  'internal=true',
  'admin=true',
  'preview=true',
  'noauth=1',
  'auth=false',
];

/** A gate may look at the end of the target alone: so a file comes last. */
export const QUERY_PAIRS: readonly string[] = [...PUBLIC_PATHS, ...SWITCHES, 'z=/app.css'];
