import { defineConfig } from '@playwright/test';
import conformance from './playwright.config.ts';

/** What makes one run of its shards. */
export default defineConfig(conformance);
