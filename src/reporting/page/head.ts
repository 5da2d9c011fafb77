import { bugsWithoutCause, causesOfReport } from '../causes.ts';
import type { Conformance } from '../conformance.ts';
import { findingText } from '../evidence.ts';
import { cellsByVariable, gapsOf } from '../gaps.ts';
import { OUTCOMES, symbolOf } from '../outcomes.ts';
import { duration, grouped, headline, many, moment, notices, verdictInWords } from '../wording.ts';
import { html, type Markup } from './html.ts';
import { causeAnchor, cellLink, outside } from './links.ts';
import { classOf } from './outcome.ts';

/** What was found, in words, and of what, when and how. */
export function head(report: Conformance): Markup {
  const { verdict } = report;
  const symbol = verdict === 'error' ? '!' : symbolOf(verdict);
  return html`<header>
    <p class="eyebrow">Authentication conformance</p>
    <h1>
      <span class="verdict ${classOf(verdict)}"
        ><span aria-hidden="true">${symbol}</span> ${verdictInWords(report)}</span
      >
      ${headline(report)}.
    </h1>
    ${first(report)} ${notices(report).map((notice) => html`<p class="notice">${notice}</p>`)} ${open(report)}
    ${counts(report)} ${facts(report)}
  </header>`;
}

/** The worst that was found, where it was found and the line that repeats it: what a reader does first. */
function first(report: Conformance): Markup {
  const [cause] = causesOfReport(report);
  const bugs = bugsWithoutCause(report);
  const bug = bugs.find(({ cells: [{ known }] }) => known === undefined) ?? bugs[0];
  if (cause)
    return firstFinding(
      cause.example.operation,
      html`${cause.sentence}.`,
      cause.example.repeat,
      `#${causeAnchor(cause.id)}`,
    );
  if (!bug) return html``;
  const [cell] = bug.cells;
  const shown = cell.cases.find(({ outcome, evidence }) => outcome === cell.outcome && evidence !== undefined);
  const what = html`<code>${bug.rule}</code>: ${findingText(cell)}`;
  return firstFinding(cell.operation, what, shown?.evidence?.curl, cellLink(bug.rule, cell.operation));
}

function firstFinding(operation: string, what: Markup, repeat: string | undefined, link: string): Markup {
  return html`<div class="first">
    <p>
      <a href="${link}"><code>${operation}</code></a> ${what}
    </p>
    ${repeat === undefined ? '' : html`<pre tabindex="0" dir="ltr" aria-label="The line that repeats it"><code>${repeat}</code></pre>`}
  </div>`;
}

/** What could not be proven belongs to the verdict, with the way to prove it. */
function open(report: Conformance): Markup {
  if (report.counts.notProven === 0) return html``;
  const variables = [...cellsByVariable(gapsOf(report))];
  const named = variables.map(
    ([variable, cells], index) =>
      html`${index > 0 ? ', ' : ''}<code>${variable}</code> would prove ${grouped(cells)} of them`,
  );
  return html`<p class="notice">
    <a href="#unproven">Not proven: ${many(report.counts.notProven, 'cell')}.</a> ${named}${named.length > 0 ? '.' : ''}
  </p>`;
}

function counts({ counts: found }: Conformance): Markup {
  return html`<ul class="counts" aria-label="Cells by outcome">
    ${OUTCOMES.map(
      ({ outcome, symbol, count, meaning }) =>
        html`<li class="${classOf(outcome)}${found[count] === 0 ? ' none' : ''}">
          <a href="#matrix" data-outcome="${outcome}">
            <span class="number">${grouped(found[count])}</span>
            <span class="word"><span aria-hidden="true">${symbol}</span> ${outcome}</span>
            <span class="meaning">${meaning}</span>
          </a>
        </li>`,
    )}
  </ul>`;
}

function facts({ target, contract, startedAt, durationMs, requests, operations, rules, suite }: Conformance): Markup {
  const rows: [string, Markup][] = [
    [
      'Target',
      html`${target.mock === true ? 'the embedded mock, ' : ''}${outside(target.baseUrl, target.baseUrl === '' ? 'none was found' : target.baseUrl)}`,
    ],
    ['Environment', html`${target.environment === '' ? 'not known' : target.environment}`],
    ['Run', html`<time datetime="${startedAt}">${moment(startedAt)}</time>, ${duration(durationMs)}`],
    ['Judged', html`${many(operations.length, 'operation')} by ${many(rules.length, 'rule')}`],
    ['Requests', html`${grouped(requests)}`],
    ['Suite', html`version ${suite.version}`],
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
    <div class="wide">
      <dt>Contract</dt>
      <dd>
        ${contract.title}, version ${contract.version}, <code>${contract.file}</code><br />
        <code class="hash">sha256 ${contract.sha256}</code>
      </dd>
    </div>
  </dl>`;
}
