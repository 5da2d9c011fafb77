import { defineConfig } from '@playwright/test';
import conformance from './playwright.config.ts';

/** The same run, that fails for whatever could not be proven: what stands between a release and production. */
export default defineConfig(conformance, { metadata: { strict: ['proven'] } });
