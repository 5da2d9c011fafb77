import { bugsWithoutCause } from '../causes.ts';
import type { Bug } from '../grouped-findings.ts';
import type { Respondent } from '../../model/exchange.ts';
import type { Conformance, ReportedCase, ReportedCell, ReportedRule } from '../conformance.ts';
import { cut, readable } from '../../visible-text.ts';
import { grouped, many, moment, NEWER } from '../wording.ts';
import { causes } from './causes.ts';
import { difference, type Marks } from './difference.ts';
import { html, type Markup } from './html.ts';
import { cellLink, outside } from './links.ts';
import { outcomeWord } from './outcome.ts';
import { RESPONDENTS } from './respondents.ts';

const MOST_BUGS = 100;
const MOST_OPERATIONS = 20;
const LONGEST = 600;

/** What is wrong, the same bug once, with every operation that has it. */
export function problems(report: Conformance): Markup {
  const bugs = bugsWithoutCause(report);
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  return html`<section id="problems" aria-labelledby="problems-title">
    <h2 id="problems-title">What is wrong</h2>
    ${causes(report)} ${introduction(bugs.length, report)}
    ${bugs.slice(0, MOST_BUGS).map((bug) => problem(bug, rules.get(bug.rule), report))}
    ${bugs.length > MOST_BUGS ? html`<p>${many(bugs.length - MOST_BUGS, 'more finding')} in the matrix.</p>` : ''}
  </section>`;
}

function introduction(bugs: number, { causes: found = [] }: Conformance): Markup {
  if (bugs > 0 && found.length > 0)
    return html`<p>
      ${many(bugs, 'finding')} that no cause above explains. A finding that is the same on several operations is listed
      once.
    </p>`;
  if (bugs > 0)
    return html`<p>${many(bugs, 'finding')}. A finding that is the same on several operations is listed once.</p>`;
  return found.length > 0
    ? html`<p>The causes above explain every finding.</p>`
    : html`<p>Nothing that was judged is broken.</p>`;
}

function problem({ rule: id, outcome, cells }: Bug, rule: ReportedRule | undefined, report: Conformance): Markup {
  const [first] = cells;
  const failing = first.cases.filter((each) => each.outcome === outcome);
  return html`<article class="problem" data-cell="${cellLink(id, first.operation)}">
    <h3>${outcomeWord(outcome)} <code>${id}</code> ${rule?.title ?? ''} <span class="level">${first.level}</span></h3>
    ${rule ? source(rule) : ''}
    <p>${on(cells, report)} ${age(cells, report)}</p>
    ${first.known ? excused(first) : ''} ${first.newer ? html`<p class="notice">The rule is ${NEWER}.</p>` : ''}
    ${failing[0] ? example(failing[0], failing.length, report) : reasonOf(first)}
    <p>
      <a href="${cellLink(id, first.operation)}">See what was sent and received on <code>${first.operation}</code></a>
    </p>
    ${operations(cells)}
  </article>`;
}

/** Who says it, in its own words where it is a promise. */
export function source({ source: { text, url, promise } }: ReportedRule): Markup {
  return promise === undefined
    ? html`<p class="source">A standard says so: ${outside(url, text)}</p>`
    : html`<blockquote class="source">
        <p>${text}</p>
        <footer>promise ${outside(url, promise)}</footer>
      </blockquote>`;
}

function on(cells: readonly ReportedCell[], { operations: all }: Conformance): string {
  return cells.length === all.length && all.length > 1
    ? `On all ${many(all.length, 'operation')}`
    : `On ${many(cells.length, 'operation')} of ${grouped(all.length)}`;
}

function age(cells: readonly ReportedCell[], { startedAt, changes }: Conformance): string {
  const since = cells.map((cell) => cell.since ?? startedAt).toSorted()[0] ?? startedAt;
  if (!changes || cells[0]?.outcome === 'error') return '';
  return since === startedAt ? '· new in this run' : `· since ${moment(since)}`;
}

function excused({ known }: ReportedCell): Markup {
  return html`<p class="notice">
    Known: ${known?.reason} (${known?.owner}, ${outside(known?.link ?? '', known?.link ?? '')}, excused until
    ${known?.expires})
  </p>`;
}

function example(
  { case: id, expected, actual, reason, respondent, evidence }: ReportedCase,
  all: number,
  report: Conformance,
): Markup {
  const [bare, form] = id.split('@');
  const title = report.cases.find((each) => each.id === bare)?.title ?? id;
  const [left, right] = [short(expected ?? ''), short(actual ?? '')];
  const { expected: inLeft, actual: inRight } = difference(left, right);
  return html`<dl class="comparison">
    <dt>Sent</dt>
    <dd>
      ${title}${form === undefined ? '' : ` (${form})`}
      ${all > 1 ? html`<span class="quiet">and ${many(all - 1, 'more case')} like it</span>` : ''}
    </dd>
    ${
      expected === undefined
        ? html`<dt>Found</dt>
            <dd>${reason}</dd>`
        : html`<dt>Expected</dt>
            <dd class="expected">${marked(left, inLeft)}</dd>
            <dt>Received</dt>
            <dd class="actual">${marked(right, inRight)}${by(respondent)}</dd>`
    }
    ${
      evidence === undefined
        ? ''
        : html`<dt>See it</dt>
            <dd>
              <pre tabindex="0" dir="ltr"><code>${evidence.curl}</code></pre>
            </dd>`
    }
  </dl>`;
}

/** Who wrote the response; reports of earlier suites do not say. */
function by(respondent: Respondent | undefined): Markup {
  return respondent === undefined ? html`` : html` <span class="quiet respondent">${RESPONDENTS[respondent]}</span>`;
}

function reasonOf({ reason }: ReportedCell): Markup {
  return reason === undefined ? html`` : html`<p>${short(reason)}</p>`;
}

/** As it is shown: what is invisible is made visible here, so that marks fit the text. */
function short(text: string): string {
  const shown = cut(text, LONGEST);
  return readable(shown.left > 0 ? `${shown.text}…` : shown.text);
}

function marked(text: string, marks: Marks): Markup[] {
  const pieces: Markup[] = [];
  let at = 0;
  for (let index = 0; index < marks.length; index += 2) {
    const [start, end] = [marks[index], marks[index + 1]];
    pieces.push(html`${text.slice(at, start)}<mark>${text.slice(start, end)}</mark>`);
    at = end ?? at;
  }
  return [...pieces, html`${text.slice(at)}`];
}

function operations(cells: readonly ReportedCell[]): Markup {
  if (cells.length === 1) return html``;
  const listed = cells.slice(0, MOST_OPERATIONS);
  const first = cells[0];
  return html`<details>
    <summary>${many(cells.length, 'operation')}</summary>
    <ul class="operations">
      ${listed.map(
        ({ rule, operation }) =>
          html`<li>
            <a href="${cellLink(rule, operation)}"><code>${operation}</code></a>
          </li>`,
      )}
    </ul>
    ${
      cells.length > MOST_OPERATIONS
        ? html`<p>
            <a href="#matrix" data-outcome="${first?.outcome}" data-text="${first?.rule}">All of them in the matrix</a>
          </p>`
        : ''
    }
  </details>`;
}
