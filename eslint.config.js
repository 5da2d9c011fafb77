import js from '@eslint/js';
import playwright from 'eslint-plugin-playwright';
import tseslint from 'typescript-eslint';

/** A room and the rooms it may not import from, with the reason that the error shows. */
const boundary = (files, groups, message) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: [...groups.map((group) => ({ group: [group], message }))] },
    ],
  },
});

const ROOMS = ['model', 'fields', 'openapi', 'config', 'requests', 'http', 'judging', 'reporting', 'run'];
const oneWay = `Imports follow the data: ${ROOMS.join(' → ')} (ARCHITECTURE.md).`;

export default tseslint.config(
  { ignores: ['**/node_modules', 'dist', 'reports', 'test-results'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/*.js', 'mock/*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // A number in a message is what a reader expects it to be.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: [{ name: 'Secret', from: 'file' }] },
      ],
      // Shorthand arrow functions that return nothing are plain enough.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Taking members away is what a rest is for.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Configuration is read in src/config/variables.ts, once.' },
      ],
    },
  },
  // A room and what comes after it: nothing imports from a room further down the data's way.
  ...ROOMS.map((room, index) =>
    boundary(
      [`src/${room}/**`],
      [...ROOMS.slice(index + 1), 'asking', 'guided', 'tests', 'mock', 'selftest'].map((later) => `**/${later}/**`),
      oneWay,
    ),
  ),
  boundary(
    ['src/authoring/**'],
    ['requests', 'http', 'judging', 'reporting', 'run', 'asking', 'guided'].map((room) => `**/${room}/**`),
    oneWay,
  ),
  boundary(
    ['mock/**'],
    ['src', 'tests', 'selftest'].map((room) => `**/${room}/**`),
    'The mock shares no code with the suite: it reads the document by itself, so that a mistake in reading one shows.',
  ),
  {
    // A rule or a report must be testable without a runner.
    files: ['src/**', 'tests/catalogue/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@playwright/test',
              message: 'The engine, cases and rules know no runner: tests/playwright/ is the only bridge.',
            },
          ],
        },
      ],
    },
  },
  {
    // Keys are opened where requests are written and nowhere else.
    files: ['**/*.ts'],
    ignores: ['src/http/**', 'src/secret.ts', 'src/config/made-up-keys.ts', 'selftest/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportSpecifier[imported.name='reveal']",
          message: 'Only src/http/ opens keys: use Secret.derive, or show the Secret itself.',
        },
      ],
    },
  },
  {
    // What was received may hold keys: only what judges sees it, and what leaves the judge is redacted.
    files: ['src/**', 'tests/**'],
    ignores: ['src/http/**', 'src/secret.ts', 'src/config/made-up-keys.ts', 'src/judging/**', 'src/model/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportSpecifier[imported.name='reveal']",
          message: 'Only src/http/ opens keys: use Secret.derive, or show the Secret itself.',
        },
        {
          selector: "ImportSpecifier[imported.name='openExchange']",
          message: 'Only src/judging/ sees what was received: everyone else takes the record, which holds no key.',
        },
      ],
    },
  },
  {
    files: ['src/config/variables.ts', 'selftest/**', 'bench/measured.ts', 'scripts/servers/run-stack.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['tests/**', 'selftest/**'], ...playwright.configs['flat/recommended'] },
  {
    files: ['tests/**', 'selftest/**'],
    rules: {
      // Fixtures without arguments are written ({}) in Playwright.
      'no-empty-pattern': 'off',
      // Cells that are not applicable or not proven are skipped with their reason, and the verdict counts them.
      'playwright/no-skipped-test': 'off',
      'playwright/no-conditional-in-test': 'off',
      'playwright/no-conditional-expect': 'off',
      'playwright/expect-expect': 'off',
      'playwright/valid-title': 'off',
      'playwright/require-top-level-describe': 'off',
      'playwright/no-standalone-expect': 'off',
    },
  },
  {
    files: ['src/model/**'],
    ignores: ['src/model/cell-id.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportNamedDeclaration > :matches(FunctionDeclaration, VariableDeclaration, ClassDeclaration)',
          message: 'src/model/ holds types only: put a function into the first room that needs it.',
        },
      ],
    },
  },
  {
    files: ['selftest/unit/*.spec.ts'],
    ignores: ['selftest/unit/isolation.spec.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@playwright/test',
              allowTypeImports: true,
              message: 'Take test and expect from selftest/support/unit-test.ts: it refuses sockets and processes.',
            },
          ],
        },
      ],
    },
  },
  {
    // One script made of several files: what one of them declares another one uses, and tsc sees all of them together.
    files: ['src/reporting/page/browser/*.js'],
    rules: { 'no-undef': 'off', '@typescript-eslint/no-unused-vars': 'off' },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
  {
    // Servers as the documentation of their packages shows them, of which most are not installed.
    files: ['servers/**'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { Buffer: 'readonly', Headers: 'readonly', process: 'readonly', Response: 'readonly', URL: 'readonly' },
    },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'no-restricted-properties': 'off',
      // Express knows a handler of errors by its four parameters, and its documentation names all of a handler's.
      '@typescript-eslint/no-unused-vars': ['error', { args: 'none' }],
      // A module of NestJS is a class with decorators alone.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
);
