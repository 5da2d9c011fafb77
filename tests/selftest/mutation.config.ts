import { defineConfig } from '@playwright/test';
import selftest from './playwright.config.ts';

/** What the tests of the defects find, held against the suite as a whole: would it notice to be weakened? */
export default defineConfig({
  ...selftest,
  projects: [
    { name: 'defects', testMatch: '**/selftest/defects.spec.ts' },
    { name: 'weakenings', testMatch: 'weakenings.spec.ts', dependencies: ['defects'] },
  ],
  reporter: 'list',
});
