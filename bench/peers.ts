import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract, Operation } from '../src/model/contract.ts';
import { inertRequest } from '../src/requests/example-requests.ts';
import { validatorsOf } from '../src/openapi/schema-validators.ts';

/**
 * Tools that a user would pick instead, given the same checks in the form that each of them usually takes. All of them
 * verify the target's certificate, by the authority that NODE_EXTRA_CA_CERTS names.
 */

const FOLDER = 'bench/peers';

export interface Check {
  readonly name: string;
  readonly operation: Operation;
  /** Without the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly message: string;
}

export interface Peer {
  readonly name: string;
  readonly package: string;
  /** Writes what it takes into the folder and says how it is called. */
  readonly prepare: (folder: string, checks: readonly Check[], where: Where) => readonly string[];
  /** How many checks it says that it made. */
  readonly counted: RegExp;
}

export interface Where {
  readonly contract: Contract;
  readonly baseUrl: string;
}

/** No key, an empty one, and one that was never issued in both of its places, on every operation, so many times. */
export function checksOf(contract: Contract, times: number): Check[] {
  const schemas = validatorsOf(contract);
  const prefix = contract.keyKinds.find(({ environment }) => environment === 'sandbox')?.prefix ?? '';
  const neverIssued = `${prefix}${randomBytes(16).toString('hex')}`;
  const missing = 'API key is required';
  const invalid = 'Invalid API key';
  const cases = [
    { name: 'no key', credential: {}, message: missing },
    { name: 'empty key', credential: { 'X-API-Key': '' }, message: missing },
    { name: 'never issued, X-API-Key', credential: { 'X-API-Key': neverIssued }, message: invalid },
    { name: 'never issued, Bearer', credential: { Authorization: `Bearer ${neverIssued}` }, message: invalid },
  ];
  const once = contract.operations.flatMap((operation) => {
    const request = inertRequest(contract, operation, schemas);
    if ('impossible' in request) throw new Error(request.impossible);
    const { headers, ...rest } = request;
    return cases.map(({ name, credential, message }) => ({
      ...{ ...rest, operation, message, name: `${operation.id}: ${name}` },
      headers: { ...Object.fromEntries(headers), ...credential },
    }));
  });
  return Array.from({ length: times }, (_, turn) =>
    once.map((check) => ({ ...check, name: turn === 0 ? check.name : `${check.name} (${turn + 1})` })),
  ).flat();
}

const newman: Peer = {
  name: 'newman',
  package: 'newman',
  counted: /│\s+assertions │\s+(\d+) │/,
  prepare: (folder, checks, { baseUrl }) => {
    const item = checks.map(({ name, operation, path, headers, body, message }) => ({
      name,
      request: {
        method: operation.method,
        url: baseUrl + path,
        header: Object.entries(headers).map(([key, value]) => ({ key, value })),
        ...(body !== undefined && { body: { mode: 'raw', raw: body } }),
      },
      event: [
        {
          listen: 'test',
          script: {
            exec: [
              `pm.test('is refused', () => {`,
              '  pm.response.to.have.status(401);',
              `  pm.expect(pm.response.json().error).to.equal('unauthorized');`,
              `  pm.expect(pm.response.json().message).to.equal(${JSON.stringify(message)});`,
              '});',
            ],
          },
        },
      ],
    }));
    const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
    const file = write(folder, 'collection.json', JSON.stringify({ info: { name: 'keys', schema }, item }));
    return [bin('newman'), 'run', file];
  },
};

const vitest: Peer = {
  name: 'vitest with fetch',
  package: 'vitest',
  counted: /Tests\s+(\d+) passed/,
  prepare: (folder, checks, { baseUrl }) => {
    const tests = checks.map(({ name, operation, path, headers, body, message }) => {
      const init = { method: operation.method, headers, ...(body !== undefined && { body }) };
      return `
test(${JSON.stringify(name)}, async () => {
  const answer = await fetch(${JSON.stringify(baseUrl + path)}, ${JSON.stringify(init)});
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: 'unauthorized', message: ${JSON.stringify(message)} });
});`;
    });
    write(folder, 'keys.test.js', tests.join('\n'));
    return [bin('vitest'), 'run', '--globals', '--root', folder];
  },
};

const stepci: Peer = {
  name: 'stepci',
  package: 'stepci',
  counted: /(\d+) passed/,
  prepare: (folder, checks, { baseUrl }) => {
    const tests = Object.fromEntries(
      checks.map(({ name, operation, path, headers, body, message }) => [
        name,
        {
          steps: [
            {
              name,
              http: {
                url: baseUrl + path,
                method: operation.method,
                headers,
                ...(body !== undefined && { body }),
                check: { status: 401, jsonpath: { '$.error': 'unauthorized', '$.message': message } },
              },
            },
          ],
        },
      ]),
    );
    // It accepts any certificate unless told otherwise.
    const config = { http: { rejectUnauthorized: true } };
    const workflow = { version: '1.1', name: 'keys', config, tests };
    return [bin('stepci'), 'run', write(folder, 'workflow.yml', JSON.stringify(workflow))];
  },
};

const respect: Peer = {
  name: 'redocly respect',
  package: '@redocly/cli',
  counted: /Steps: (\d+) passed/,
  prepare: (folder, checks, { contract, baseUrl }) => {
    write(folder, 'openapi.json', JSON.stringify(contract.document));
    const steps = checks.map(({ operation, path, headers, body, message }, index) => ({
      stepId: `check-${index}`,
      operationPath: `{$sourceDescriptions.${contract.id}.url}${decodeURIComponent(operation.pointer)}`,
      parameters: [
        ...Object.entries(headers)
          .filter(([name]) => name !== 'Content-Type')
          .map(([name, value]) => ({ in: 'header', name, value })),
        ...pathValues(operation.path, path),
      ],
      // A list without members would be left out, so the body goes as a JSON string: inert all the same.
      ...(body !== undefined && { requestBody: { contentType: headers['Content-Type'], payload: body } }),
      successCriteria: [
        { condition: '$statusCode == 401' },
        { condition: "$response.body#/error == 'unauthorized'" },
        { condition: `$response.body#/message == '${message}'` },
      ],
    }));
    const arazzo = {
      arazzo: '1.0.1',
      info: { title: 'keys', version: '1' },
      sourceDescriptions: [{ name: contract.id, type: 'openapi', url: 'openapi.json' }],
      workflows: [{ workflowId: 'keys', steps }],
    };
    const file = write(folder, 'keys.arazzo.yaml', JSON.stringify(arazzo));
    return [bin('redocly'), 'respect', file, '--server', `${contract.id}=${baseUrl}`];
  },
};

export const peers: readonly Peer[] = [newman, vitest, stepci, respect];

/** Some tell their makers about a run, and some colour what is to be read here. */
export const QUIETLY = {
  STEPCI_DISABLE_ANALYTICS: '1',
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  NO_COLOR: '1',
};

/** The exact versions of `bench/peers/package.json`, without a script of any package being run. */
export function installPeers(): Readonly<Record<string, string>> {
  const wanted = (JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as Manifest).dependencies;
  const isThere = Object.entries(wanted).every(([name, version]) => {
    const manifest = join(FOLDER, 'node_modules', name, 'package.json');
    return (
      existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version === version
    );
  });
  if (isThere) return wanted;
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  const { status } = spawnSync('npm', ['install', ...options], { cwd: FOLDER, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm install in ${FOLDER} ended with ${status ?? 'a signal'}`);
  return wanted;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

function bin(name: string): string {
  return join(FOLDER, 'node_modules', '.bin', name);
}

function write(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Of a path that was made from the template. */
function pathValues(template: string, path: string): { in: string; name: string; value: string }[] {
  const values = path.split('/');
  return template.split('/').flatMap((part, index) => {
    const name = /^\{(.*)\}$/.exec(part)?.[1];
    return name === undefined ? [] : [{ in: 'path', name, value: decodeURIComponent(values[index] ?? '') }];
  });
}
