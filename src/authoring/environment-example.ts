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
      `Settings of a run against ${contract.title}. Copy this file to .env in the folder where you start the suite, remove the # from the lines that you need, and fill them in. An empty value counts as not set. Write keys into no other file of the project. Instead of a key in NAME, you can set NAME_FILE to a file that holds the key, or NAME_COMMAND to a program that prints it.`,
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
    `Base URL of the API, such as ${exampleUrl(servers)}. Not set: the run judges a mock of the contract.`,
  environment: ({ keyKinds }) =>
    keyKinds.length > 0
      ? `${list(keyKinds.map(({ environment }) => environment))}. Not needed where the base URL is one of the contract's servers.`
      : 'production or sandbox. On production no unsafe method is sent with a key that could be accepted.',
  apiKey: (contract) => {
    const scheme = primaryOf(contract);
    return scheme && `Required: a credential with full access for the scheme ${describe(scheme)}.`;
  },
  otherEnvironmentKey: ({ keyKinds }) =>
    keyKinds.length > 1 ? 'A key with full access of the other environment.' : undefined,
  otherAccountKey: (contract) =>
    primaryOf(contract) &&
    'A key with full access of another account in the same environment. Requests for data of the first account with this key must be refused. Not set: accounts are not compared.',
  scopedKeys: ({ scopes }) =>
    scopes.length > 0
      ? `Keys that have only some scopes, joined by ;. Write scope=KEY for each, join several scopes of one key by +, and write none=KEY for a key without any scope. Scopes: ${scopes.slice(0, 12).join(', ')}${scopes.length > 12 ? ', …' : ''}.`
      : undefined,
  revokedKey: (contract) => primaryOf(contract) && 'A key that was revoked long ago.',
  ipLockedKey: ({ refusals }) => refusals.lockedOut && 'A key that is locked to an address that is not yours.',
  ipLockedKeyAddress: ({ refusals }) => refusals.lockedOut && 'That address.',
  plainHttpUrl: () => 'Where plain HTTP is tried, with made-up keys only. Not set: the base URL with http: on port 80.',
  ca: () => 'PEM file of a certificate authority that is trusted besides the usual ones.',
  clientCertificate: () =>
    'PEM file of a client certificate, followed by the certificates of its authorities. It is presented in every TLS handshake with the target.',
  clientKey: () => 'PEM file of the private key of that certificate, without a passphrase.',
  proxy: () =>
    'HTTP proxy that opens the connections to the target, such as http://user:password@proxy.example.com:3128.',
  liveKeyHosts: ({ keyKinds }) =>
    keyKinds.some(({ environment }) => environment === 'production')
      ? "More hosts that a production key may be sent to, besides production's own, joined by commas."
      : undefined,
  plainHttpHosts: () =>
    'Hosts of a private network (name or name:port, joined by commas, such as api:3000) whose base URL may be http:, for test keys.',
  pathValues: ({ operations }) => {
    const names = operations.flatMap(({ parameters }) => parameters.filter((one) => one.in === 'path'));
    const [first, second = first] = new Set(names.map(({ name }) => name));
    return first === undefined
      ? undefined
      : `Values of path parameters that exist on the target: ${[...new Set([first, second])].map((name) => `${name}=VALUE`).join(';')}.`;
  },
  parameterValues: (contract) => {
    const missing = missingValues(contract).slice(0, 12);
    return parametersBesidePath(contract).length === 0
      ? undefined
      : `Values of required headers, query parameters and cookies that are not credentials, joined by ;${missing.length > 0 ? `. Without an example in the document: ${formOfParameterValues(missing)}` : ''}. Reports show them.`;
  },
  readIds: ({ operations }) =>
    operations.some(({ parameters }) => parameters.some((one) => one.in === 'path'))
      ? 'off: the run does not ask the target for ids if no other setting or example gives a path value.'
      : undefined,
  without: () => `What the API does not have, joined by commas: address-locks, other-environment, scoped-keys.`,
  keyCommand: () =>
    'Sandbox only: a program, with its arguments, that makes, rolls, changes, revokes and reads keys. It is started without a shell, reads a JSON object and prints one. Not set: the run uses the operations of x-authentication.lifecycle, if the contract has them.',
  keyCommandTimeout: () => 'Seconds that this program may take. Not set: 30.',
  keyWatch: () =>
    'Seconds that a key is watched after it was revoked, rolled or changed, in addition to the promised time. off: the run makes no key. Not set: 60.',
  sandboxWrites: () =>
    'allow: on a sandbox, the run sends requests that may change something, to prove more about permissions.',
  strict: () =>
    'What a run fails for in addition to violations: should (cells that deviate), proven (cells that are not proven), or should,proven.',
  failOn: () =>
    'new: the exit code is 1 only if a cell violates that did not violate when it was last judged. The verdict does not change.',
  budget: () =>
    'The largest number of requests that a run may send; the cases that find most are sent first. auto: as many as the two settings for minutes and for requests a minute allow.',
  minutes: () => 'Minutes that a run may take if the budget is auto. Not set: 5.',
  seed: () => 'A whole number that chooses the operations on which a budget tries each case.',
  rateLimit: () =>
    'Requests a minute that the target allows. The budget auto needs it, and the plan computes the duration of a run from it.',
  timeout: () => 'Seconds to wait for one response. Not set: 15.',
  previous: () => 'conformance.json of an earlier run to compare with.',
  edition: () =>
    'An edition of the rules, such as 2026.11. Newer rules are judged and shown, but cannot fail the run. Not set: every rule can fail the run.',
  testPer: () =>
    'What one test is in the reports: cell (one rule on one operation) or operation (all rules on it). Not set: cell; for a contract with more than fifty operations: operation.',
  reportBodies: () => 'text: reports show the bodies of successful responses. Not set: only their shape and size.',
  reports: () =>
    'The reports that a run makes besides conformance.json, joined by commas: html, summary, sarif, junit, badge, playwright, allure. Not set: all of them; allure takes about a second.',
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
    return [...wrapped(`A credential with full access for the scheme ${describe(scheme)}.`), `# ${variable}=`, ''];
  });
}

function primaryOf({ schemes, equivalentSchemes }: Contract): SecurityScheme | undefined {
  return schemes[equivalentSchemes[0] ?? ''];
}

function describe(scheme: SecurityScheme): string {
  const { name, in: where, parameter, word } = scheme;
  if (isBasic(scheme)) return `${name}: user:password`;
  if (isBearer(scheme)) return `${name}: a token, sent as Authorization: Bearer`;
  return `${name}: sent in the ${where === 'query' ? 'query parameter' : where} ${parameter}${word === undefined ? '' : `, after the word ${word}`}`;
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
