import type { ChangedCell, Changes, Conformance } from '../conformance.ts';
import { byRule } from '../changes.ts';
import { grouped, many, moment } from '../wording.ts';
import { variableNames } from '../../config/variables.ts';
import { html, type Markup } from './html.ts';
import { cellLink } from './links.ts';
import { outcomeWord } from './outcome.ts';
import { trend } from './trend.ts';

const MOST_LISTED = 40;

/** What is new, what is fixed and what is still as it was. */
export function changesSection(report: Conformance): Markup {
  return html`<section id="changes" aria-labelledby="changes-title">
    <h2 id="changes-title">Since last time</h2>
    ${report.changes ? changed(report.changes, report) : none(report)} ${trend(report)}
  </section>`;
}

function none({ contract }: Conformance): Markup {
  return html`<p>
    No earlier run of this target is known. To compare the next run with this one, keep
    <code>reports/history</code>, or set <code>${variableNames(contract.id).previous}</code> to this run’s
    <code>conformance.json</code>.
  </p>`;
}

function changed(changes: Changes, { target }: Conformance): Markup {
  const { since, baseUrl, contractChanged, stillFailing } = changes;
  const elsewhere = baseUrl === target.baseUrl ? '' : `, on ${baseUrl}`;
  return html`<p>
      Against the run of <time datetime="${since}">${moment(since)}</time>${elsewhere}.
      ${contractChanged ? 'The contract has changed in between.' : ''}
    </p>
    <ul class="changes">
      ${group('newly failing', changes.new)} ${group('fixed', changes.fixed)}
      ${changes.lost.length > 0 ? group('failed before, could not be judged now', changes.lost) : ''}
      <li><strong>${grouped(stillFailing)}</strong> still failing</li>
    </ul>`;
}

function group(words: string, cells: readonly ChangedCell[]): Markup {
  const label = html`<strong>${grouped(cells.length)}</strong> ${words}`;
  if (cells.length === 0) return html`<li>${label}</li>`;
  const groups = byRule(cells);
  return html`<li>
    ${label}
    <ul>
      ${groups.slice(0, MOST_LISTED).map((group) => html`<li>${changedCells(group)}</li>`)}
      ${groups.length > MOST_LISTED ? html`<li>and ${many(groups.length - MOST_LISTED, 'more rule')}</li>` : ''}
    </ul>
  </li>`;
}

function changedCells(cells: readonly [ChangedCell, ...ChangedCell[]]): Markup {
  const [{ rule, outcome, before, operation }] = cells;
  const was = before === undefined ? 'not judged before' : `was: ${before}`;
  const words = html`${outcomeWord(outcome)} <code>${rule}</code> <span class="quiet">${was}</span>`;
  if (cells.length === 1) return html`${words} on <a href="${cellLink(rule, operation)}"><code>${operation}</code></a>`;
  const links = cells.slice(0, MOST_LISTED).map(
    (cell) =>
      html`<li>
        <a href="${cellLink(rule, cell.operation)}"><code>${cell.operation}</code></a>
      </li>`,
  );
  const more =
    cells.length > MOST_LISTED ? html`<li>and ${many(cells.length - MOST_LISTED, 'more operation')}</li>` : '';
  return html`${words} on
    <details class="inline">
      <summary>${many(cells.length, 'operation')}</summary>
      <ul class="operations">
        ${links} ${more}
      </ul>
    </details>`;
}
