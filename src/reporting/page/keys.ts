import { type Access, accessOf, isDifferent } from '../access.ts';
import type { Conformance } from '../conformance.ts';
import { many } from '../wording.ts';
import { html, type Markup } from './html.ts';

/** The frame of the view of keys by operations, which the page's script fills; nothing where the report shows no key. */
export function keys(report: Conformance): Markup {
  const { keys: all, rows } = accessOf(report);
  if (all.length === 0) return html``;
  const cells = rows.flat().filter((cell): cell is Access => cell !== undefined);
  const different = cells.filter(isDifferent).length;
  const verdict =
    different === 0
      ? html`All results are as expected, for ${many(cells.length, 'pair')} of a key and an operation.`
      : html`<strong
            >≠ ${many(different, 'pair')} of ${cells.length} ${different === 1 ? 'is' : 'are'} not as expected</strong
          >. The operations of these are listed first.`;
  return html`<section id="keys" aria-labelledby="keys-title">
    <h2 id="keys-title">Keys by operations</h2>
    <p>This table shows which key opened which operation. A key is named by its kind or by its scopes. ${verdict}</p>
    <noscript><p class="notice">This table needs the page’s own script, which is switched off.</p></noscript>
    <nav id="key-pages" aria-label="Pages of the keys" hidden>
      <button type="button" data-step="-1">Previous rows</button>
      <span></span>
      <button type="button" data-step="1">Next rows</button>
    </nav>
    <div id="key-table" class="scroll" role="group" aria-label="Table of the keys" tabindex="0"></div>
    <p class="legend">
      <span aria-hidden="true">→</span> opened: the response is a success, or the one that the full-access key gets.
      <span aria-hidden="true">⊘</span> denied. <span aria-hidden="true">?</span> not told: the response does not show
      whether the key was accepted. <span aria-hidden="true">–</span> not sent: no case uses that key there, or a
      setting is missing. <span aria-hidden="true">≠</span> not as expected. Select an entry to open the cell of its
      rule.
    </p>
  </section>`;
}
