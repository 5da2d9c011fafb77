import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { argumentsOf } from '../src/config/command-line.ts';

/**
 * Writes `dist`, which is all that the package holds beside its commands: the suite as JavaScript, since neither Node nor
 * Playwright transpiles what is installed in `node_modules`. `npm pack` calls it. In a clone everything runs from TypeScript: scripts/built.js.
 */
const ROOT = fileURLToPath(new URL('../', import.meta.url));
const OUT = join(ROOT, 'dist');

/** What a run needs, from the root of the project; of a folder all that is in it. */
const PARTS = [
  ...['package.json', 'playwright.config.ts', 'gate.config.ts', 'merge.config.ts'],
  ...['src', 'tests', 'mock', 'schemas', 'specs/huechat'],
  ...['accept', 'contract', 'github', 'job-summary', 'parity', 'plan', 'replay', 'report', 'survey', 'keys'].map(
    (name) => `scripts/${name}.ts`,
  ),
];
/** What only the suite's own tests need. */
const LEFT_OUT = ['mock/testing', 'mock/README.md', 'schemas/examples'];

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  removeComments: true,
};

argumentsOf('package');
rmSync(OUT, { recursive: true, force: true });
for (const part of PARTS) write(part);

function write(path: string): void {
  if (LEFT_OUT.includes(path)) return;
  const from = join(ROOT, path);
  if (statSync(from).isDirectory()) {
    for (const name of readdirSync(from)) write(`${path}/${name}`);
    return;
  }
  const to = join(OUT, path);
  mkdirSync(dirname(to), { recursive: true });
  if (path.endsWith('.ts')) writeFileSync(to.replace(/\.ts$/, '.js'), javaScriptOf(from));
  else cpSync(from, to);
}

/** Types are not looked at: `npm run lint` did that. */
function javaScriptOf(file: string): string {
  return ts.transpileModule(readFileSync(file, 'utf8'), { fileName: file, compilerOptions: OPTIONS }).outputText;
}
