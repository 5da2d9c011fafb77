import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Conformance } from '../conformance.ts';
import { embed } from './embed.ts';
import { head } from './head.ts';
import { html, json, type Markup, verbatim } from './html.ts';
import { keyTimes } from './key-times.ts';
import { keys } from './keys.ts';
import { matrix } from './matrix.ts';
import { problems } from './problems.ts';
import { promises } from './promises.ts';
import { rules } from './rules.ts';
import { changesSection } from './changes-section.ts';
import { unproven } from './unproven.ts';

/** The page's own script, in one piece: what is below may use what is above. */
const SCRIPT = ['data', 'dom', 'filters', 'phone', 'matrix', 'keys', 'evidence', 'start'];

/** `conformance.html`: one file that fetches nothing, made from the report alone. */
export function conformancePage(report: Conformance): string {
  const style = own('page.css');
  const script = SCRIPT.map((name) => own(`${name}.js`)).join('\n');
  const policy = `default-src 'none'; script-src '${hash(script)}'; style-src '${hash(style)}'; base-uri 'none'; form-action 'none'`;
  const { contract, target, verdict } = report;
  return `<!doctype html>
${
  html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>${verdict}: ${contract.title} on ${target.environment}</title>
      ${verbatim('style', '', style)}
    </head>
    <body>
      <a class="skip" href="#matrix">Skip to the matrix</a>
      <main>
        ${head(report)} ${contents(report)} ${problems(report)} ${changesSection(report)} ${unproven(report)}
        ${matrix(report)} ${keys(report)} ${keyTimes(report)} ${promises(report)} ${rules(report)}
      </main>
      <dialog id="evidence" aria-labelledby="evidence-title"></dialog>
      ${verbatim('script', ' type="application/json" id="data"', json(embed(report)))}
      ${verbatim('script', ' type="module"', script)}
    </body>
  </html>`.text
}
`;
}

function contents({ cases, keyLifecycle }: Conformance): Markup {
  const showsKeys = cases.some(({ access }) => access !== undefined);
  return html`<nav class="contents" aria-label="Parts of the report">
    <a href="#problems">What is wrong</a> <a href="#changes">Since last time</a> <a href="#unproven">Not proven</a>
    <a href="#matrix">Matrix</a> ${showsKeys ? html`<a href="#keys">Keys</a>` : ''}
    ${keyLifecycle ? html`<a href="#key-times">Keys over time</a>` : ''} <a href="#promises">Promises</a>
    <a href="#rules">Rules</a>
  </nav>`;
}

function own(name: string): string {
  return readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8');
}

/** As the browser hashes it: the text between the tags, line ends and all. */
function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
