import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

/** The steps of CONTRIBUTING.md for a new rule, followed on a copy of the project. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const RULE = `
/** RFC 9110 §10.2.4: what a server is made of helps who looks for its faults. */
const namesNoProduct: Rule = {
  id: 'names-no-product',
  level: 'SHOULD',
  title: 'no response says what the server is made of',
  section: 'Browsers',
  since: '2026.12',
  source: { standard: 'RFC 9110 §10.2.4', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.4' },
  standards: { cwe: [497], owaspApi: ['API8'], asvs: ['13.4.6'], severity: 'low' },
  given: { cases: foreignPages },
  requiresControl: false,
  expectations: ['no-product'],
  verify: ({ response }) => {
    const product = firstFieldValue(response, 'x-powered-by');
    return [finding('no-product', product === undefined, 'no X-Powered-By', \`X-Powered-By: \${product}\`)];
  },
};

export const browserRules: readonly Rule[] = [foreignOrigin, namesNoProduct];
`;

const DEFECT = `export const browsers = {
  'product-named': {
    bug: 'O1',
    title: 'every response says what the server is made of',
    patch: onResponse((response) => withHeader(response, ['X-Powered-By', 'Example/1.0'])),
    complaints: [],
  },
`;

test('a small rule and its defect take one command, which writes what follows from them', ({}, info) => {
  test.setTimeout(120_000);
  const root = info.outputPath('project');
  // Whatever an import could lead back to is copied; the packages are ours.
  const isOwn = (name: string): boolean => !/^(?:node_modules|reports|servers|\.git|\.env)$/.test(name);
  for (const name of readdirSync(ROOT).filter(isOwn)) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));

  change(root, 'tests/catalogue/browsers.ts', 'export const browserRules: readonly Rule[] = [foreignOrigin];\n', RULE);
  change(root, 'mock/defects/browsers.ts', 'export const browsers = {\n', DEFECT);
  expect(npm(root, 'defects', '--write', 'product-named')).toEqual({
    code: 0,
    out: 'product-named: mock/defects/browsers.ts\n',
    err: '',
  });
  expect(readFileSync(join(root, 'mock/defects/browsers.ts'), 'utf8')).toContain(
    "complaints: ['names-no-product: * (no-product)'],",
  );
  expect(npm(root, 'defects', '--write', 'product-named'), 'there is nothing left to write').toEqual({
    code: 0,
    out: '',
    err: '',
  });
  expect(npm(root, 'docs').code).toBe(0);
  expect(readFileSync(join(root, 'docs/rules.md'), 'utf8')).toContain('no response says what the server is made of');
});

function change(root: string, file: string, from: string, to: string): void {
  const before = readFileSync(join(root, file), 'utf8');
  expect(before, `${file} has the line that a new rule changes`).toContain(from);
  writeFileSync(
    join(root, file),
    before.replace(from, () => to),
  );
}

function npm(root: string, command: string, ...words: readonly string[]): { code: unknown; out: string; err: string } {
  const { PATH, HOME } = process.env;
  const ended = spawnSync('npm', ['run', '--silent', command, '--', ...words], {
    ...{ cwd: root, encoding: 'utf8', env: { PATH, HOME } },
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}
