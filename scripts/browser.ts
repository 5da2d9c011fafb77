import { argumentsOf } from '../src/config/command-line.ts';
import { ensureChromium } from '../selftest/support/report-browser.ts';

/** Finds or installs the browser of the self-test's tests of pages, and prints where it is. They do so too, but then they wait for it. */
argumentsOf('browser');
process.stdout.write(`${ensureChromium()}\n`);
