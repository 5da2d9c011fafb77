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

const oneWay = 'Imports follow the data: contract → target → plan → wire → verdict → report (ARCHITECTURE.md).';

export default tseslint.config(
  { ignores: ['node_modules', 'reports', 'test-results'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js', 'src/report/allure-first.js'] },
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
        { object: 'process', property: 'env', message: 'Configuration is read in src/target/variables.ts, once.' },
      ],
    },
  },
  boundary(['src/contract/**'], ['**/target/**', '**/plan/**', '**/wire/**', '**/verdict/**', '**/report/**'], oneWay),
  boundary(['src/target/**'], ['**/plan/**', '**/wire/**', '**/verdict/**', '**/report/**'], oneWay),
  boundary(['src/plan/**'], ['**/wire/**', '**/verdict/**', '**/report/**'], oneWay),
  boundary(['src/wire/**'], ['**/verdict/**', '**/report/**'], oneWay),
  boundary(['src/verdict/**'], ['**/report/**'], oneWay),
  boundary(['src/authoring/**'], ['**/plan/**', '**/wire/**', '**/verdict/**', '**/report/**'], oneWay),
  {
    // A rule or a report must be testable without a runner.
    files: ['src/**', 'tests/rules/**', 'tests/cases/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@playwright/test',
              message: 'The engine, cases and rules know no runner: tests/fixtures.ts is the only bridge.',
            },
          ],
        },
      ],
    },
  },
  {
    // Keys are opened where requests are written and nowhere else.
    files: ['**/*.ts'],
    ignores: ['src/wire/**', 'src/target/secret.ts', 'src/target/made-up.ts', 'tests/selftest/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportSpecifier[imported.name='reveal']",
          message: 'Only src/wire/ opens keys: use Secret.derive, or show the Secret itself.',
        },
      ],
    },
  },
  {
    files: ['src/target/variables.ts', 'tests/selftest/**', 'bench/measured.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['tests/**'], ...playwright.configs['flat/recommended'] },
  {
    files: ['tests/**'],
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
    // One script made of several files: what one of them declares another one uses, and tsc sees all of them together.
    files: ['src/report/page/browser/*.js'],
    rules: { 'no-undef': 'off', '@typescript-eslint/no-unused-vars': 'off' },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
);
