/** One requirement of OWASP ASVS 5.0, which has its texts in https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en. */
export interface AsvsRequirement {
  readonly level: 1 | 2 | 3;
  /** What it asks for, in our words. */
  readonly asks: string;
  /** What a run does not see of it, and why. Absent: the rules that name it see what can be seen from outside. */
  readonly open?: string;
}

const DOCUMENTATION = 'it is about documents of the API company';
const INSIDE = 'it is about the inside of the server, which no response shows';
const PEOPLE = 'it is about people who sign in; a key signs in no person';
const SESSIONS = 'a key opens no session';

/**
 * The requirements that concern an API that authenticates with keys, by chapter: all of the sections on web services,
 * general authentication, authorization, tokens and TLS, and of the other sections those that speak of keys, caches,
 * headers, errors or the reading of requests. Passwords and other factors of persons, browsers' pages, OAuth, GraphQL, files and
 * cryptography beyond the key are left out.
 */
export const REQUIREMENTS = {
  '1.1.1': {
    level: 2,
    asks: 'Input is decoded once, and before it is checked.',
    open: 'Paths and keys are tried in other spellings; other input is not.',
  },
  '1.2.4': {
    level: 1,
    asks: 'Database queries are safe from injection.',
    open: 'Two well-known texts are sent as a key, and nowhere else: the suite is no scanner for injection.',
  },
  '1.2.6': {
    level: 2,
    asks: 'Directory queries are safe from injection.',
    open: 'One well-known text is sent as a key, and nowhere else.',
  },
  '2.4.1': {
    level: 2,
    asks: 'Excessive calls are held off.',
    open: 'To reach a limit takes more requests than a run may send. The command `survey` says when a sandbox throttles.',
  },
  '3.4.1': {
    level: 1,
    asks: 'Every response has Strict-Transport-Security, for a year at least.',
    open: 'Whether it holds for subdomains is not asked of an API.',
  },
  '3.4.2': { level: 1, asks: 'Access-Control-Allow-Origin names trusted origins only.' },
  '3.7.2': {
    level: 2,
    asks: 'Redirects to other hosts lead to listed ones only.',
    open: 'No list is known, so no request with a key is to be redirected at all.',
  },
  '4.1.1': {
    level: 1,
    asks: 'Content-Type says what the body is.',
    open: 'Refusals are looked at; that successes match their type is for tests of the API.',
  },
  '4.1.2': { level: 2, asks: 'Only endpoints for people redirect from HTTP to HTTPS.' },
  '4.1.3': {
    level: 2,
    asks: 'Headers that intermediaries set cannot be set by clients.',
    open: 'Known names are tried; a name that only the servers of the API know is not.',
  },
  '4.1.4': {
    level: 3,
    asks: 'Only supported methods can be used.',
    open: 'Other methods are tried without a key: with one, they could have an effect.',
  },
  '4.1.5': {
    level: 3,
    asks: 'Sensitive messages are signed one by one.',
    open: 'No contract with keys alone promises it.',
  },
  '4.2.1': {
    level: 2,
    asks: 'All servers agree where a message ends.',
    open: 'Malformed field lines are sent. Smuggling is not tried: it could put a request before that of somebody else.',
  },
  '4.2.2': {
    level: 3,
    asks: 'Content-Length of generated messages is right.',
    open: 'A response that breaks it is an error of the run, not a finding.',
  },
  '4.2.3': {
    level: 3,
    asks: 'No connection-specific fields in HTTP/2 and HTTP/3.',
    open: 'No rule sends such fields.',
  },
  '4.2.4': { level: 3, asks: 'No line breaks in fields of HTTP/2 and HTTP/3.', open: 'No rule sends such fields.' },
  '4.2.5': {
    level: 3,
    asks: 'The application sends no request too long for its receiver.',
    open: INSIDE,
  },
  '4.4.1': { level: 1, asks: 'WebSocket runs over TLS.', open: 'An OpenAPI document describes no WebSocket.' },
  '4.4.2': {
    level: 2,
    asks: 'The Origin of a WebSocket handshake is checked.',
    open: 'An OpenAPI document describes no WebSocket.',
  },
  '4.4.3': { level: 2, asks: 'WebSocket has session tokens of its own where needed.', open: SESSIONS },
  '4.4.4': { level: 2, asks: 'Those tokens come from the HTTPS session.', open: SESSIONS },
  '6.1.1': { level: 1, asks: 'How guessing is held off is documented.', open: DOCUMENTATION },
  '6.1.3': {
    level: 2,
    asks: 'All ways to authenticate are documented with their strength.',
    open: `${DOCUMENTATION}; the command \`check\` lists what an OpenAPI document leaves open`,
  },
  '6.2.8': {
    level: 1,
    asks: 'A password is verified exactly as received, not cut and not in another case.',
    open: 'Read as a requirement for keys, which it does not name.',
  },
  '6.3.1': {
    level: 1,
    asks: 'Guessing is held off as documented.',
    open: 'To guess until a server throttles is nothing that a run may do: the command `survey` does it in a sandbox.',
  },
  '6.3.2': {
    level: 1,
    asks: 'There are no default accounts.',
    open: 'No key is known that an API might have by default; placeholders are tried.',
  },
  '6.3.3': { level: 2, asks: 'Several factors are asked for.', open: PEOPLE },
  '6.3.4': {
    level: 2,
    asks: 'There are no undocumented ways to authenticate, and all are equally strict.',
    open: 'Known places and schemes are tried; one that only the servers of the API know is not.',
  },
  '6.3.5': { level: 3, asks: 'Users are told of suspicious attempts.', open: PEOPLE },
  '6.3.6': { level: 3, asks: 'Email is no factor.', open: PEOPLE },
  '6.3.7': { level: 3, asks: 'Users are told of changed credentials.', open: PEOPLE },
  '6.3.8': {
    level: 3,
    asks: 'Failed attempts do not show who exists.',
    open: 'Status, body and headers are compared. How long responses take is measured by the command `survey` only: a network hides it.',
  },
  '6.4.1': {
    level: 1,
    asks: 'Generated initial secrets are random and short-lived.',
    open: 'Whether keys are random is not to be seen from a handful of them.',
  },
  '6.4.5': { level: 3, asks: 'Users are told in time to renew what expires.', open: PEOPLE },
  '6.5.6': {
    level: 3,
    asks: 'Each factor can be revoked.',
    open: 'A key that was revoked before the run is tried. How soon that counts is seen where a run may make keys.',
  },
  '7.2.1': { level: 1, asks: 'A trusted backend verifies session tokens.', open: SESSIONS },
  '7.2.2': {
    level: 1,
    asks: 'Sessions use no static API secrets and keys.',
    open: 'An API that authenticates with keys has no sessions; where it serves people as well, this speaks against keys.',
  },
  '7.2.3': {
    level: 1,
    asks: 'Reference tokens are unique and have 128 bits of entropy.',
    open: 'A handful of keys does not show how they are made.',
  },
  '7.4.1': {
    level: 1,
    asks: 'A session that has ended opens nothing.',
    open: 'Read as a requirement for revoked keys; other sessions are none of a key.',
  },
  '8.1.1': {
    level: 1,
    asks: 'Rules of access are documented.',
    open: `${DOCUMENTATION}; the scopes that a contract names are judged`,
  },
  '8.1.2': { level: 2, asks: 'Rules of access to fields are documented.', open: DOCUMENTATION },
  '8.1.3': { level: 3, asks: 'Attributes of context that decide are documented.', open: DOCUMENTATION },
  '8.1.4': { level: 3, asks: 'How context decides is documented.', open: DOCUMENTATION },
  '8.2.1': {
    level: 1,
    asks: 'Functions are open to those with explicit permission only.',
    open: 'Each operation is tried without a key and with keys that lack its scope, as far as such keys are given.',
  },
  '8.2.2': {
    level: 1,
    asks: 'Data is open to those with explicit permission to it only.',
    open: 'Ids of one account are read with the key of another one, where such a key is given. Changes are not tried.',
  },
  '8.2.3': { level: 2, asks: 'So are fields.', open: 'No contract says which key may see which field.' },
  '8.2.4': {
    level: 3,
    asks: 'Context, such as an address, is checked where it is documented.',
    open: 'An address lock is tried from the outside only: from within the locked address a run cannot ask.',
  },
  '8.3.1': { level: 1, asks: 'A trusted layer enforces authorization, and nothing that clients control.' },
  '8.3.2': {
    level: 3,
    asks: 'Changed permissions count at once.',
    open: 'Where a run may make keys on a sandbox, revocations and changes of scopes are timed. Elsewhere a key that was revoked long before shows only that it counts at last.',
  },
  '8.3.3': {
    level: 3,
    asks: "The originating subject's permissions count, not those of an intermediary.",
    open: 'What others used a connection for is tried. What services behind the API ask each other is not seen.',
  },
  '8.4.1': {
    level: 2,
    asks: 'No tenant reaches another.',
    open: 'Reads with the key of another account are tried, where such a key is given, and the environments of one.',
  },
  '8.4.2': {
    level: 3,
    asks: 'Administrative interfaces have several layers.',
    open: 'A contract does not say what is administrative.',
  },
  '9.1.1': {
    level: 1,
    asks: 'The signature of a self-contained token is verified.',
    open: 'Keys that are signed tokens are tried with changed characters; their contents are not rewritten.',
  },
  '9.1.2': {
    level: 1,
    asks: 'Only listed algorithms are accepted.',
    open: 'Tokens are taken as they are given: none is made with another algorithm.',
  },
  '9.1.3': {
    level: 1,
    asks: 'Keys that verify tokens come from trusted sources.',
    open: 'Tokens are taken as they are given: none names a source.',
  },
  '9.2.1': {
    level: 1,
    asks: 'Tokens count in their time only.',
    open: 'Where a run may make keys that expire, one is used until then and after it.',
  },
  '9.2.2': { level: 2, asks: 'Only tokens of the right type count.', open: 'No token of another type is given.' },
  '9.2.3': {
    level: 2,
    asks: 'Only tokens for this service count.',
    open: 'Read as a requirement for the keys of another environment, where the contract names one.',
  },
  '9.2.4': { level: 2, asks: 'Tokens name their audience.', open: INSIDE },
  '11.2.4': {
    level: 3,
    asks: 'Comparisons take the same time whatever they compare.',
    open: 'A network hides such differences, so no rule judges them.',
  },
  '11.5.1': {
    level: 2,
    asks: 'What is not to be guessed has 128 bits of entropy.',
    open: 'A handful of keys does not show how they are made.',
  },
  '12.1.1': {
    level: 1,
    asks: 'Only recommended versions of TLS are enabled.',
    open: 'That the newest is preferred is not asked.',
  },
  '12.1.2': {
    level: 2,
    asks: 'Only recommended cipher suites are enabled.',
    open: 'A scanner of TLS asks this better.',
  },
  '12.1.3': { level: 2, asks: 'Client certificates are verified.', open: 'A run presents no client certificate.' },
  '12.1.4': { level: 3, asks: 'Revocation of certificates is set up.', open: 'A scanner of TLS asks this better.' },
  '12.1.5': { level: 3, asks: 'Encrypted Client Hello is enabled.', open: 'Node has no client for it.' },
  '12.2.1': { level: 1, asks: 'Clients reach the service over TLS only.' },
  '12.2.2': {
    level: 1,
    asks: 'Certificates are publicly trusted.',
    open: 'A run ends with errors where the certificate is not trusted, so it is no finding of a rule.',
  },
  '12.3.1': { level: 2, asks: 'All connections of the application are encrypted.', open: INSIDE },
  '12.3.2': { level: 2, asks: 'TLS clients verify certificates.', open: 'It is about the clients of the API.' },
  '12.3.3': { level: 2, asks: 'Internal services talk over TLS.', open: INSIDE },
  '12.3.4': { level: 2, asks: 'They trust certain certificates only.', open: INSIDE },
  '12.3.5': { level: 3, asks: 'They authenticate each other strongly.', open: INSIDE },
  '13.1.4': { level: 3, asks: 'Secrets and their rotation are documented.', open: DOCUMENTATION },
  '13.2.1': {
    level: 2,
    asks: 'Backend components authenticate with short-lived credentials and no unchanging API keys.',
    open: `${INSIDE}; it speaks against keys between components`,
  },
  '13.2.3': { level: 2, asks: 'No default credential is used between services.', open: INSIDE },
  '13.3.1': { level: 2, asks: 'API keys and other secrets are kept in a vault.', open: INSIDE },
  '13.3.4': { level: 3, asks: 'Secrets expire and are rotated.', open: INSIDE },
  '13.4.2': {
    level: 2,
    asks: 'Debug modes are off.',
    open: 'What errors show is looked at; debug interfaces are not searched for.',
  },
  '13.4.4': { level: 2, asks: 'TRACE is not supported.' },
  '13.4.5': {
    level: 2,
    asks: 'Documentation and monitoring are not exposed.',
    open: 'A contract does not say where they are.',
  },
  '13.4.6': {
    level: 3,
    asks: 'Versions of backend components are not shown.',
    open: 'Errors are searched for traces, queries and internal addresses, not for versions.',
  },
  '14.2.1': {
    level: 1,
    asks: 'No API key is in a URL or a query.',
    open: 'A key in the query opens nothing where the contract does not document it. Where it does, the contract itself breaks the requirement.',
  },
  '14.2.2': { level: 2, asks: 'Servers do not cache what is sensitive.' },
  '14.2.3': { level: 2, asks: 'Sensitive data is not sent to trackers.', open: INSIDE },
  '14.2.4': { level: 2, asks: 'Sensitive data is protected as documented.', open: INSIDE },
  '14.2.5': { level: 3, asks: 'Caches keep only what is meant for everyone, whatever a path looks like.' },
  '14.3.2': { level: 2, asks: 'Cache-Control keeps sensitive responses out of browsers.' },
  '15.3.4': {
    level: 2,
    asks: "The client's address comes from where clients cannot set it.",
    open: 'It shows where a key is locked to an address; what logs and limits take for the address does not show.',
  },
  '15.3.5': {
    level: 2,
    asks: 'Types are checked and comparisons are strict.',
    open: 'Values that loose comparisons mistake are sent as a key, and nowhere else.',
  },
  '15.3.7': {
    level: 2,
    asks: 'A repeated parameter, or one from another place, does not confuse.',
    open: 'Keys are repeated and put in several places; other parameters are not.',
  },
  '16.2.5': { level: 2, asks: 'Credentials are not logged.', open: INSIDE },
  '16.3.1': { level: 2, asks: 'Authentication is logged.', open: INSIDE },
  '16.3.2': { level: 2, asks: 'Failed authorization is logged.', open: INSIDE },
  '16.5.1': {
    level: 2,
    asks: 'Error messages are generic.',
    open: 'Known marks of stack traces, queries and internal addresses are looked for, and the key that was sent.',
  },
  '16.5.2': {
    level: 2,
    asks: 'Failing resources do not open anything.',
    open: 'A run makes nothing behind the API fail.',
  },
  '16.5.3': {
    level: 2,
    asks: 'Errors do not open anything.',
    open: 'Keys that break parsers are tried; other failures are not brought about.',
  },
  '16.5.4': { level: 3, asks: 'A last handler catches all errors.', open: INSIDE },
} as const satisfies Readonly<Record<`${number}.${number}.${number}`, AsvsRequirement>>;

export type Requirement = keyof typeof REQUIREMENTS;

/** The file of each chapter, behind https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/. */
const CHAPTERS: Readonly<Record<string, string>> = {
  1: '0x10-V1-Encoding-and-Sanitization.md',
  2: '0x11-V2-Validation-and-Business-Logic.md',
  3: '0x12-V3-Web-Frontend-Security.md',
  4: '0x13-V4-API-and-Web-Service.md',
  6: '0x15-V6-Authentication.md',
  7: '0x16-V7-Session-Management.md',
  8: '0x17-V8-Authorization.md',
  9: '0x18-V9-Self-contained-Tokens.md',
  11: '0x20-V11-Cryptography.md',
  12: '0x21-V12-Secure-Communication.md',
  13: '0x22-V13-Configuration.md',
  14: '0x23-V14-Data-Protection.md',
  15: '0x24-V15-Secure-Coding-and-Architecture.md',
  16: '0x25-V16-Security-Logging-and-Error-Handling.md',
};

/** The page on which a requirement stands. */
export function asvsUrl(requirement: string): string {
  const [chapter = ''] = requirement.split('.');
  return `https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/${CHAPTERS[chapter] ?? ''}`;
}
