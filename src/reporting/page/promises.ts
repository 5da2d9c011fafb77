import type { Conformance } from '../conformance.ts';
import { type Covered, coverageOf, promisesInWords } from '../coverage.ts';
import { html, type Markup } from './html.ts';
import { outside } from './links.ts';
import { totals } from './outcome.ts';

/** Each promise of the contract: who checks it, what came of it this time, and why nothing can check it. */
export function promises(report: Conformance): Markup {
  const covered = coverageOf(report);
  if (covered.length === 0) return html``;
  return html`<section id="promises" aria-labelledby="promises-title">
    <h2 id="promises-title">Promises covered</h2>
    <p>The contract makes ${promisesInWords(covered)}</p>
    <div class="scroll" tabindex="0" role="group" aria-label="Table of the promises">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Promise</th>
            <th scope="col">Checked by</th>
            <th scope="col">This time</th>
          </tr>
        </thead>
        <tbody>
          ${covered.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row({ promise, rules, counts }: Covered): Markup {
  const { id, text, mark, source, uncheckable, otherwise } = promise;
  const nothing = uncheckable === undefined ? 'No rule checks it.' : `It cannot be checked: ${uncheckable}`;
  return html`<tr>
    <th scope="row">
      ${text}
      <span class="quiet">${outside(source, id)}, ${mark}</span>
    </th>
    <td>
      ${
        otherwise !== undefined
          ? html`<span class="quiet">${withCodes(otherwise, rules)}</span>`
          : rules.length === 0
            ? html`<span class="quiet">${nothing}</span>`
            : html`<ul class="bare">
                ${rules.map(
                  ({ id: rule, level }) =>
                    html`<li>
                      <a href="#rule-${rule}"><code>${rule}</code></a> <span class="level">${level}</span>
                    </li>`,
                )}
              </ul>`
      }
    </td>
    <td>${rules.length === 0 ? html`<span class="quiet">–</span>` : totals(counts)}</td>
  </tr>`;
}

/** What stands between backticks is code, and a rule that it names a link. */
function withCodes(text: string, rules: Covered['rules']): Markup[] {
  return text.split('`').map((part, index) => {
    if (index % 2 === 0) return html`${part}`;
    const code = html`<code>${part}</code>`;
    return rules.some(({ id }) => id === part) ? html`<a href="#rule-${part}">${code}</a>` : code;
  });
}
