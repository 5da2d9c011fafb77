import { defineConfig } from '@playwright/test';
import conformance from './playwright.config.ts';

/**
 * The same run, that fails for whatever could not be proven: what stands between a release and production. It judges a
 * target that is named, so it starts no mock.
 */
export default defineConfig({ ...conformance, webServer: [] }, { metadata: { strict: ['proven'], needsTarget: true } });
