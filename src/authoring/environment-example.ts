import type { Contract, SecurityScheme } from '../model/contract.ts';
import { inLine, isPlain } from '../visible-text.ts';
import { isBasic, isBearer } from '../openapi/security.ts';
import type { VariableNames } from '../model/target.ts';
import { formOfParameterValues, missingValues, parametersBesidePath } from '../openapi/required-parameters.ts';
import { schemeVariables, variableNames } from '../config/variables.ts';

/** `.env` of a contract: every variable that it has, commented and unset. What has nothing to say there is left out. */
export function environmentExample(contract: Contract, folder: string): string {
  const names = variableNames(contract.id);
  const lines = (Object.keys(COMMENTS) as (keyof VariableNames)[]).flatMap((key) => {
    const comment = COMMENTS[key](contract);
    const more = key === 'apiKey' ? ownCredentials(contract) : [];
    return comment === undefined ? more : [...wrapped(comment), `# ${names[key]}=`, '', ...more];
  });
  const made = [
    ...wrapped(
      `Settings of a run against ${contract.title}. Copy this file to .env in the project's own folder, take the # away from the lines you need and fill them in. An empty value counts as not set. Keys belong nowhere else, but NAME_FILE may name a file that holds the key of NAME, and NAME_COMMAND a program that prints it.`,
    ),
    '',
    `CONTRACT=${folder}`,
    '',
    ...lines,
  ];
  const other = made.find((line) => !/^(?:#.*|CONTRACT=[\w./-]+)?$/.test(line) || !isPlain(line));
  if (other !== undefined) throw new Error(`${JSON.stringify(other)} is no line of .env.example`);
  return made.join('\n');
}

const COMMENTS: Readonly<Record<keyof VariableNames, (contract: Contract) => string | undefined>> = {
  baseUrl: ({ servers }) =>
    `Base URL of the API, such as ${exampleUrl(servers)}. Not set: a mock of the contract is judged.`,
  environment: ({ keyKinds }) =>
    keyKinds.length > 0
      ? `${list(keyKinds.map(({ environment }) => environment))}. Not needed where the base URL is one of the contract's servers.`
      : 'production or sandbox. On production no unsafe method is sent with a key that could be accepted.',
  apiKey: (contract) => {
    const scheme = primaryOf(contract);
    return scheme && `Needed: a credential with full access of the scheme ${describe(scheme)}.`;
  },
  otherEnvironmentKey: ({ keyKinds }) =>
    keyKinds.length > 1 ? 'A key with full access of the other environment.' : undefined,
  otherAccountKey: (contract) =>
    primaryOf(contract) &&
    'A key with full access of another account in the same environment: what the first account has must not open for it. Not set: accounts are not compared.',
  scopedKeys: ({ scopes }) =>
    scopes.length > 0
      ? `Keys that have some scopes only: scope=KEY, several scopes of a key joined by +, several keys by ; and none=KEY for a key without any. Scopes: ${scopes.slice(0, 12).join(', ')}${scopes.length > 12 ? ', …' : ''}.`
      : undefined,
  revokedKey: (contract) => primaryOf(contract) && 'A key that was revoked long ago.',
  ipLockedKey: ({ refusals }) => refusals.lockedOut && 'A key that is locked to an address that is not yours.',
  ipLockedKeyAddress: ({ refusals }) => refusals.lockedOut && 'That address.',
  plainHttpUrl: () => 'Where plain HTTP is tried, with made-up keys only. Not set: the base URL with http: on port 80.',
  ca: () => 'PEM file of a certificate authority that is trusted besides the usual ones.',
  clientCertificate: () =>
    'PEM file of a certificate that is presented in every TLS handshake with the target, with those of its authorities behind it.',
  clientKey: () => 'PEM file of the private key of that certificate, without a passphrase.',
  proxy: () =>
    'HTTP proxy that opens the connections to the target, such as http://user:password@proxy.example.com:3128.',
  liveKeyHosts: ({ keyKinds }) =>
    keyKinds.some(({ environment }) => environment === 'production')
      ? "Hosts besides production's own that may see a production key, joined by commas."
      : undefined,
  plainHttpHosts: () =>
    'Hosts of a private network (name or name:port, joined by commas, such as api:3000) whose base URL may be http:, for test keys.',
  pathValues: ({ operations }) => {
    const names = operations.flatMap(({ parameters }) => parameters.filter((one) => one.in === 'path'));
    const [first, second = first] = new Set(names.map(({ name }) => name));
    return first === undefined
      ? undefined
      : `Values of path parameters that lead to something on the target: ${[...new Set([first, second])].map((name) => `${name}=VALUE`).join(';')}.`;
  },
  parameterValues: (contract) => {
    const missing = missingValues(contract).slice(0, 12);
    return parametersBesidePath(contract).length === 0
      ? undefined
      : `Values of required headers, query parameters and cookies that are no credential, joined by ;${missing.length > 0 ? `. Without an example in the document: ${formOfParameterValues(missing)}` : ''}. Reports show them.`;
  },
  readIds: ({ operations }) =>
    operations.some(({ parameters }) => parameters.some((one) => one.in === 'path'))
      ? 'off: lists of the target are not asked for ids where nothing else gives a path value.'
      : undefined,
  without: () => `What the API does not have, joined by commas: address-locks, other-environment, scoped-keys.`,
  keyCommand: () =>
    'Sandbox only: program that makes, rolls, changes, revokes and reads keys, with its words; it is started without a shell, gets JSON and answers with JSON. Not set: the operations of x-authentication.lifecycle, if the contract has some.',
  keyCommandTimeout: () => 'Seconds that this program may take. Not set: 30.',
  keyWatch: () =>
    'Seconds that a key is watched after it was revoked, rolled or changed, beyond the promised time; off: no key is made. Not set: 60.',
  sandboxWrites: () => 'allow: on a sandbox, requests that may have an effect prove more about permissions.',
  strict: () => 'What a run fails for besides violations: should (deviations), proven (whatever is not proven).',
  failOn: () =>
    'new: the exit code is 1 only where a cell violates that did not when it was last judged. The verdict stays what it is.',
  budget: () =>
    'The most requests of a run, by what finds most; or auto: as many as the requests and minutes below allow.',
  minutes: () => 'Minutes that a run may take where the budget is auto. Not set: 5.',
  seed: () => 'A whole number that chooses on which operations a budget tries each case.',
  rateLimit: () => 'Requests a minute that the target allows: for the budget auto, and to tell how long a run takes.',
  timeout: () => 'Seconds for one answer. Not set: 15.',
  previous: () => 'conformance.json of an earlier run to compare with.',
  edition: () =>
    'An edition of the rules, such as 2026.11: rules that are newer are shown, and cannot fail the run. Not set: all count.',
  testPer: () =>
    'What a test of the runner is about: cell (a rule on an operation) or operation (all rules). Not set: the cell, beyond fifty operations the operation.',
  reportBodies: () => 'text: reports show what successes hold. Not set: the shape and size of it.',
};

/** A relative server is a path below wherever the API is. */
function exampleUrl(servers: readonly string[]): string {
  const [path = ''] = servers.filter((url) => url.startsWith('/'));
  return servers.find((url) => /^https?:/.test(url)) ?? `https://api.example.com${path}`;
}

function ownCredentials(contract: Contract): string[] {
  return Object.entries(schemeVariables(contract)).flatMap(([name, variable]) => {
    const scheme = contract.schemes[name];
    if (!scheme) return [];
    return [...wrapped(`A credential with full access of the scheme ${describe(scheme)}.`), `# ${variable}=`, ''];
  });
}

function primaryOf({ schemes, equivalentSchemes }: Contract): SecurityScheme | undefined {
  return schemes[equivalentSchemes[0] ?? ''];
}

function describe(scheme: SecurityScheme): string {
  const { name, in: where, parameter, word } = scheme;
  if (isBasic(scheme)) return `${name}: user:password`;
  if (isBearer(scheme)) return `${name}: a token, sent as Authorization: Bearer`;
  return `${name}: sent in the ${where === 'query' ? 'query parameter' : where} ${parameter}${word === undefined ? '' : `, behind the word ${word}`}`;
}

function list(words: readonly string[]): string {
  return [...new Set(words)].join(' or ');
}

const WIDTH = 116;

/** As lines of a comment, whatever a document has in it. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of inLine(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}
