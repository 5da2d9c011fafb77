import type { Conformance, PastRun } from '../conformance.ts';
import { many, moment } from '../wording.ts';
import { html, type Markup } from './html.ts';
import { outcomeWord, totals } from './outcome.ts';

const BAR = 14;
const GAP = 6;
const HEIGHT = 56;

/** The failing cells of the last runs, a bar each: drawn, and as a table. */
export function trend({ trend: past = [], startedAt, verdict, partial, counts }: Conformance): Markup {
  if (past.length === 0) return html``;
  const runs: readonly PastRun[] = [...past, { startedAt, verdict, partial, counts }];
  const most = Math.max(1, ...runs.map(failing));
  const width = runs.length * (BAR + GAP) + 24;
  const last = runs.map(failing).slice(-10).join(', ');
  return html`<figure class="trend">
    <svg
      viewBox="0 0 ${width} ${HEIGHT + 20}"
      width="${width}"
      height="${HEIGHT + 20}"
      role="img"
      aria-label="Failing cells of the last ${many(runs.length, 'run')}, this one last: ${last}"
    >
      ${runs.map((run, index) => bar(run, index, most))}
      <line x1="0" x2="${width - 24}" y1="${HEIGHT + 0.5}" y2="${HEIGHT + 0.5}" />
      <text x="${width - 22}" y="10">${most}</text>
      <text x="${width - 22}" y="${HEIGHT}">0</text>
    </svg>
    <figcaption>
      Failing cells of the last ${many(runs.length, 'run')}: violations are filled and deviations are dashed. ✓: nothing
      fails.
    </figcaption>
    <details>
      <summary>The runs as a table</summary>
      <div class="scroll" tabindex="0" role="group" aria-label="Table of the last runs">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Verdict</th>
              <th scope="col">Cells</th>
            </tr>
          </thead>
          <tbody>
            ${runs.toReversed().map(
              (run) =>
                html`<tr>
                  <th scope="row">${moment(run.startedAt)}${run.partial ? ' (partial)' : ''}</th>
                  <td>${outcomeWord(run.verdict)}</td>
                  <td>${totals(run.counts)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </figure>`;
}

function bar(run: PastRun, index: number, most: number): Markup {
  const { violates, deviates } = run.counts;
  const x = index * (BAR + GAP) + GAP / 2;
  const [hard, soft] = [(violates / most) * (HEIGHT - 8), (deviates / most) * (HEIGHT - 8)];
  const title = `${moment(run.startedAt)}: ${violates} violate, ${deviates} deviate`;
  const drawn =
    failing(run) === 0
      ? html`<text class="conforms" x="${x + BAR / 2}" y="${HEIGHT - 4}" text-anchor="middle"
          >${run.verdict === 'conforms' ? '✓' : '?'}</text
        >`
      : html`<rect
            class="violates"
            x="${x}"
            y="${(HEIGHT - hard).toFixed(1)}"
            width="${BAR}"
            height="${hard.toFixed(1)}"
          />
          <rect
            class="deviates"
            x="${x + 1}"
            y="${(HEIGHT - hard - soft).toFixed(1)}"
            width="${BAR - 2}"
            height="${soft.toFixed(1)}"
          />`;
  return html`<g><title>${title}</title>${drawn}</g>`;
}

function failing({ counts }: PastRun): number {
  return counts.violates + counts.deviates;
}
