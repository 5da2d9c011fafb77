/** Operations on one page of the matrix: what a browser lays out at once without a pause. */
const PAGE = 30;

/** @type {{ shown: Shown, page: number }} */
const view = { shown: { operations: [], rules: [], cells: 0, matches: () => true }, page: 0 };

/** Totals do not change with the filter: they are about the run. */
const OPERATION_TOTALS = data.cells.map((row) => totalsOf(row));
const RULE_TOTALS = data.rules.map((_, rule) => totalsOf(data.cells.map((row) => row[rule] ?? NOT_JUDGED)));

/** Goes by what the filters say. */
function showMatrix() {
  view.shown = filtered(wanted());
  view.page = 0;
  drawPage();
}

function drawPage() {
  const { operations, rules, cells } = view.shown;
  const here = operations.slice(view.page * PAGE, (view.page + 1) * PAGE);
  const all = data.cells.length * data.rules.length;
  one('#shown', HTMLElement).textContent =
    cells === 0
      ? 'No cell matches.'
      : `${grouped(cells)} of ${many(all, 'cell')}, on ${many(operations.length, 'operation')} and ${many(rules.length, 'rule')}.`;
  drawPager('#pages', { page: view.page, size: PAGE, shown: here.length, all: operations.length });
  const grid = one('#grid', HTMLElement);
  if (cells === 0) {
    grid.replaceChildren();
    return;
  }
  if (PHONE.matches) {
    grid.replaceChildren(...here.map((operation) => listFor(operation)));
    return;
  }
  const table = element(
    'table',
    {
      class: 'matrix',
      role: 'grid',
      'aria-label': 'Operations by rules',
      'aria-rowcount': String(operations.length + 3),
      'aria-colcount': String(rules.length + 2),
    },
    headOf(rules),
    element(
      'tbody',
      {},
      here.map((operation, index) => rowOf(operation, view.page * PAGE + index + 3)),
    ),
    footOf(rules),
  );
  grid.replaceChildren(table);
  grid.scrollTo(0, 0);
  table.querySelector('tbody a')?.setAttribute('tabindex', '0');
}

/** @type {(rules: number[]) => HTMLElement} */
function headOf(rules) {
  /** @type {{ section: string, count: number }[]} */
  const sections = [];
  for (const rule of rules) {
    const section = data.rules[rule]?.section ?? '';
    const last = sections.at(-1);
    if (last?.section === section) last.count++;
    else sections.push({ section, count: 1 });
  }
  const corner = element('th', { scope: 'col', rowspan: '2', class: 'operation corner' }, 'Operation');
  const totals = element('th', { scope: 'col', rowspan: '2', class: 'edge' }, 'Its cells');
  const top = sections.map(({ section, count }) =>
    element(
      'th',
      { scope: 'colgroup', colspan: String(count), class: `section${count < 3 ? ' narrow' : ''}` },
      section,
    ),
  );
  let first = new Set(sections.map((_, index) => sections.slice(0, index).reduce((sum, each) => sum + each.count, 0)));
  const names = rules.map((rule, index) => {
    const { id = '', level = '', title = '' } = data.rules[rule] ?? {};
    return element(
      'th',
      { scope: 'col', class: `rule${first.has(index) ? ' first' : ''}`, title },
      element(
        'a',
        { href: `#rule-${id}`, tabindex: '-1' },
        element('span', {}, id),
        ' ',
        element('span', { class: 'level' }, level),
      ),
    );
  });
  return element(
    'thead',
    {},
    element('tr', { 'aria-rowindex': '1' }, corner, totals, top),
    element('tr', { 'aria-rowindex': '2' }, names),
  );
}

/** @type {(operation: number, place: number) => HTMLElement} */
function rowOf(operation, place) {
  const { id = '' } = data.operations[operation] ?? {};
  const cells = view.shown.rules.map((rule) => cellFor(operation, rule));
  return element(
    'tr',
    { 'aria-rowindex': String(place) },
    element('th', { scope: 'row', class: 'operation' }, element('code', {}, breakable(id))),
    element('td', { class: 'edge' }, totalsIn(OPERATION_TOTALS[operation])),
    cells,
  );
}

/** A path breaks where its parts end. @type {(id: string) => Child[]} */
function breakable(id) {
  return id.split(/(?=\/)/).flatMap((part) => [element('wbr', {}), part]);
}

/** @type {(operation: number, rule: number) => HTMLElement} */
function cellFor(operation, rule) {
  const kind = kindOf(operation, rule);
  const outcome = kind?.outcome ?? 'not judged';
  const isFirst = data.rules[rule]?.section !== data.rules[rule - 1]?.section;
  const classes = [
    'cell',
    classOf(outcome),
    ...(isFirst ? ['first'] : []),
    ...(view.shown.matches(operation, rule) ? [] : ['dim']),
    ...(kind?.known ? ['known'] : []),
  ];
  const words = kind?.known ? `${outcome}, known` : kind?.newer ? `${outcome}, newer rule` : outcome;
  return element(
    'td',
    { class: classes.join(' ') },
    // The style sheet adds the symbol: with thousands of cells every element counts.
    element('a', { href: cellLink(operation, rule), tabindex: '-1' }, words),
  );
}

/** @type {(rules: number[]) => HTMLElement} */
function footOf(rules) {
  const cells = rules.map((rule) => element('td', { class: 'edge' }, totalsIn(RULE_TOTALS[rule])));
  return element(
    'tfoot',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'operation' }, 'Its cells'),
      element('td', { class: 'edge' }),
      cells,
    ),
  );
}

/** @type {(totals: Map<string, number> | undefined) => HTMLElement} */
function totalsIn(totals = new Map()) {
  const present = [...totals].filter(([, count]) => count > 0);
  return element(
    'span',
    { class: 'totals' },
    present.map(([outcome, count]) =>
      element(
        'span',
        { class: `outcome ${classOf(outcome)}`, title: `${count} ${outcome}` },
        element('span', { 'aria-hidden': 'true' }, `${symbolOf(outcome)}\u00a0${grouped(count)}`),
        element('span', { class: 'unseen' }, `${count} ${outcome}`),
      ),
    ),
  );
}

/** @type {(event: KeyboardEvent) => void} */
function moveInMatrix(event) {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const cell = link?.closest('td, th');
  const row = cell?.parentElement;
  if (!(cell instanceof HTMLTableCellElement) || !(row instanceof HTMLTableRowElement)) return;
  if (event.altKey || event.metaKey) return;
  const rows = [...(row.closest('table')?.rows ?? [])].filter((each) => each.querySelector('a'));
  const links = [...row.querySelectorAll('a')];
  const [line, column] = [rows.indexOf(row), links.indexOf(/** @type {HTMLAnchorElement} */ (link))];
  const last = links.length - 1;
  const [wantedLine, wantedColumn] =
    {
      ArrowLeft: [line, column - 1],
      ArrowRight: [line, column + 1],
      ArrowUp: [line - 1, column],
      ArrowDown: [line + 1, column],
      Home: [event.ctrlKey ? 0 : line, 0],
      End: [event.ctrlKey ? rows.length - 1 : line, last],
      PageUp: [Math.max(0, line - 10), column],
      PageDown: [Math.min(rows.length - 1, line + 10), column],
    }[event.key] ?? [];
  if (wantedLine === undefined || wantedColumn === undefined) return;
  event.preventDefault();
  const next = rows[wantedLine]?.querySelectorAll('a')[wantedColumn];
  if (next instanceof HTMLAnchorElement) focusCell(next);
}

/** One cell at a time is in the order of the tab key. @type {(link: HTMLAnchorElement) => void} */
function focusCell(link) {
  for (const other of link.closest('table')?.querySelectorAll('a[tabindex="0"]') ?? [])
    other.setAttribute('tabindex', '-1');
  link.setAttribute('tabindex', '0');
  link.focus();
}
