/** @typedef {import('../embedded-data.ts').EmbeddedAccess['kinds'][number]} Access */

/** The symbols beside the words; what differs has ≠ in their place. @type {Record<string, string>} */
const ACCESS_SYMBOLS = { opened: '→', denied: '⊘', 'not told': '?', 'not sent': '–' };

/** @type {(access: Access | undefined) => boolean} */
const differs = (access) =>
  (access?.found === 'opened' || access?.found === 'denied') && access.found !== access.expected;

/** @type {(operation: number, key: number) => Access | undefined} */
const accessAt = (operation, key) =>
  data.access.kinds[data.access.rows[data.access.rowOf[operation] ?? -1]?.[key] ?? -1];

/** @type {(operation: number) => boolean} */
const hasDifference = (operation) => data.access.keys.some((_, key) => differs(accessAt(operation, key)));

/** Operations on which a key differs stand first: of a thousand nobody looks through all pages. */
const KEY_ROWS = data.operations
  .map((_, operation) => operation)
  .sort((one, other) => Number(hasDifference(other)) - Number(hasDifference(one)));

const keyView = { page: 0 };

/** @param {boolean} isWhole whether all operations are drawn, as on paper */
function drawKeys(isWhole = false) {
  if (data.access.keys.length === 0) return;
  const size = isWhole ? KEY_ROWS.length : PAGE;
  const page = isWhole ? 0 : keyView.page;
  const here = KEY_ROWS.slice(page * size, (page + 1) * size);
  drawPager('#key-pages', { page, size, shown: here.length, all: KEY_ROWS.length });
  one('#key-table', HTMLElement).replaceChildren(...(PHONE.matches ? here.map(keysOf) : [keyTable(here)]));
}

/** @type {(operations: number[]) => HTMLElement} */
function keyTable(operations) {
  const table = element(
    'table',
    { class: 'keys' },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col', class: 'operation' }, 'Operation'),
        data.access.keys.map((key) => element('th', { scope: 'col' }, breakableScopes(key))),
      ),
    ),
    element(
      'tbody',
      {},
      operations.map((operation) =>
        element(
          'tr',
          {},
          element(
            'th',
            { scope: 'row', class: 'operation' },
            element('code', {}, breakable(data.operations[operation]?.id ?? '')),
          ),
          data.access.keys.map((_, key) => keyCell(operation, key)),
        ),
      ),
    ),
  );
  table.querySelector('tbody a')?.setAttribute('tabindex', '0');
  return table;
}

/** A scope breaks where its parts end. @type {(key: string) => Child[]} */
function breakableScopes(key) {
  return key.split(/(?<=[:._])/).flatMap((part) => [part, element('wbr', {})]);
}

/** @type {(operation: number, key: number) => HTMLElement} */
function keyCell(operation, key) {
  const access = accessAt(operation, key);
  if (!access) return element('td', { class: 'quiet' }, accessWord('not sent'));
  return element(
    'td',
    { class: differs(access) ? 'differs' : access.found.replace(' ', '-') },
    element('a', { href: cellLink(operation, access.rule), tabindex: '-1' }, accessWords(access)),
  );
}

/** What was found, and beside it what is expected. @type {(access: Access) => Child[]} */
function accessWords(access) {
  const { found, expected, status } = access;
  return [
    accessWord(found, status, differs(access) ? '≠' : undefined),
    ' ',
    element('span', { class: 'expected' }, `${differs(access) ? 'but ' : ''}expected ${expected}`),
  ];
}

/** @type {(found: string, status?: number, symbol?: string) => HTMLElement} */
function accessWord(found, status, symbol = ACCESS_SYMBOLS[found] ?? '') {
  return element(
    'span',
    { class: 'found' },
    element('span', { 'aria-hidden': 'true' }, `${symbol} `),
    found,
    status === undefined ? undefined : ` ${status}`,
  );
}

/** On a phone the keys of an operation are a list, those that differ first; the keys that were not sent are one line. @type {(operation: number) => HTMLElement} */
function keysOf(operation) {
  const all = data.access.keys.map((name, key) => ({ name, access: accessAt(operation, key) }));
  const sent = all.filter(({ access }) => access && access.found !== 'not sent');
  const id = data.operations[operation]?.id ?? '';
  return element(
    'section',
    { class: 'cells-of', 'aria-label': `Keys on ${id}` },
    element('h3', {}, element('code', {}, breakable(id))),
    element(
      'ul',
      { class: 'bare' },
      sent
        .sort((one, other) => Number(differs(other.access)) - Number(differs(one.access)))
        .map(({ name, access }) =>
          element(
            'li',
            { class: differs(access) ? 'differs' : '' },
            element('a', { href: cellLink(operation, access?.rule ?? 0) }, name),
            ': ',
            access && accessWords(access),
          ),
        ),
    ),
    sent.length < all.length &&
      element('p', { class: 'quiet' }, accessWord('not sent'), `: ${all.length - sent.length} of ${all.length} keys`),
  );
}

/** As in the matrix the arrow keys move; places without a link are passed over. @type {(event: KeyboardEvent) => void} */
function moveInKeys(event) {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const cell = link?.closest('td');
  const body = cell?.closest('tbody');
  const row = cell?.parentElement;
  if (!cell || !body || !(row instanceof HTMLTableRowElement) || event.altKey || event.metaKey) return;
  const [down, right] =
    { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key] ?? [];
  if (down === undefined || right === undefined) return;
  event.preventDefault();
  const rows = [...body.rows];
  let [line, column] = [rows.indexOf(row) + down, cell.cellIndex + right];
  for (; rows[line]?.cells[column]; line += down, column += right) {
    const next = rows[line]?.cells[column]?.querySelector('a');
    if (!next) continue;
    focusCell(next);
    return;
  }
}
