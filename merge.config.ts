import { defineConfig, type ReporterDescription } from '@playwright/test';
import conformance from './playwright.config.ts';

const reporters = conformance.reporter as readonly ReporterDescription[];

/** What makes one run of its shards. Allure's reporter cannot read merged blobs: each shard writes its results for it. */
export default defineConfig(conformance, {
  reporter: reporters.filter(([name]) => name !== 'allure-playwright'),
});
