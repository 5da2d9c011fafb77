/** Where a table of fifty columns has no room: the matrix is a list then. As wide as page.css has it. */
const PHONE = matchMedia('screen and (width <= 45rem)');

/** The cells of an operation, the worst first; what conforms or does not apply is folded. @type {(operation: number) => HTMLElement} */
function listFor(operation) {
  const cells = view.shown.rules
    .filter((rule) => view.shown.matches(operation, rule))
    .map((rule) => ({ rule, kind: kindOf(operation, rule) }));
  const parts = data.outcomes.map(({ outcome }) => ({
    outcome: /** @type {string} */ (outcome),
    its: cells.filter(({ kind }) => kind?.outcome === outcome),
  }));
  const isQuiet = (/** @type {string} */ outcome) => outcome === 'conforms' || outcome === 'not applicable';
  return element(
    'section',
    { class: 'cells-of', 'aria-label': data.operations[operation]?.id ?? '' },
    element('h3', {}, element('code', {}, breakable(data.operations[operation]?.id ?? ''))),
    parts
      .filter(({ its }) => its.length > 0)
      .map(({ outcome, its }) => {
        const list = element(
          'ul',
          { class: 'bare' },
          its.map(({ rule, kind }) =>
            element(
              'li',
              {},
              outcomeWord(outcome),
              kind?.known ? ', known ' : kind?.newer ? ', newer rule ' : ' ',
              element('a', { href: cellLink(operation, rule) }, data.rules[rule]?.id ?? ''),
              ' ',
              element('span', { class: 'level' }, kind?.level ?? ''),
            ),
          ),
        );
        return isQuiet(outcome)
          ? element('details', {}, element('summary', {}, outcomeWord(outcome, its.length)), list)
          : list;
      }),
  );
}
