import { type Conformance, count, type ReportedCell } from '../conformance.ts';
import { html, type Markup } from './html.ts';
import { totals } from './outcome.ts';
import { source } from './problems.ts';
import { standardsText } from '../standards-text.ts';

/** Every rule in full: the matrix has room for their names only. */
export function rules({ rules: all, cells }: Conformance): Markup {
  const byRule = new Map<string, ReportedCell[]>(all.map(({ id }) => [id, []]));
  for (const cell of cells) byRule.get(cell.rule)?.push(cell);
  return html`<section id="rules" aria-labelledby="rules-title">
    <h2 id="rules-title">Rules</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Table of the rules">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Section</th>
            <th scope="col">Who says it</th>
            <th scope="col">Cells</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            (rule) =>
              html`<tr id="rule-${rule.id}" tabindex="-1">
                <th scope="row"><code>${rule.id}</code> <span class="level">${rule.level}</span><br />${rule.title}</th>
                <td>${rule.section}</td>
                <td>
                  ${source(rule)} ${rule.standards && html`<p class="quiet">${standardsText(rule.standards)}</p>`}
                </td>
                <td>${totals(count(byRule.get(rule.id) ?? []))}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
