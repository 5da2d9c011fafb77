import { defineConfig } from '@playwright/test';

/** What the runner costs before it does anything: what a run costs beyond this and the requests is the suite's own. */
export default defineConfig({ workers: 1, retries: 0, reporter: 'line', use: { trace: 'off' } });
