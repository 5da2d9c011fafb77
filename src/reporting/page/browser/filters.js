/**
 * What of the matrix is shown: the operations and rules that have a cell that matches, as numbers.
 *
 * @typedef {{ operations: number[], rules: number[], cells: number, matches: (operation: number, rule: number) => boolean }} Shown
 */

/** @type {(words: string[]) => string} */
const searchable = (words) => words.join(' ').toLowerCase();

const RULE_TEXTS = data.rules.map(({ id, title, section }) => searchable([id, title, section]));
const OPERATION_TEXTS = data.operations.map(({ id }) => searchable([id]));
const METHODS = data.operations.map(({ id }) => id.split(' ')[0] ?? '');

/**
 * @param {{ outcomes: string[], levels: string[], methods: string[], text: string }} wanted nothing chosen means all
 * @returns {Shown}
 */
function filtered({ outcomes, levels, methods, text: wantedText }) {
  const kinds = data.kinds.map(
    ({ outcome, level }) =>
      (outcomes.length === 0 || outcomes.includes(outcome)) && (levels.length === 0 || levels.includes(level)),
  );
  const terms = wantedText.toLowerCase().split(/\s+/).filter(Boolean);
  const inOperation = terms.map((term) => OPERATION_TEXTS.map((each) => each.includes(term)));
  const inRule = terms.map((term) => RULE_TEXTS.map((each) => each.includes(term)));
  const isFree = outcomes.length + levels.length === 0;
  /** @type {(operation: number, rule: number) => boolean} */
  const matches = (operation, rule) => {
    const kind = data.cells[operation]?.[rule] ?? NOT_JUDGED;
    if (kind === NOT_JUDGED ? !isFree : !kinds[kind]) return false;
    return terms.every((_, index) => inOperation[index]?.[operation] || inRule[index]?.[rule]);
  };
  const ruleNumbers = data.rules.map((_, rule) => rule);
  const rules = new Set();
  let cells = 0;
  const operations = data.operations.flatMap((_, operation) => {
    if (methods.length > 0 && !methods.includes(METHODS[operation] ?? '')) return [];
    const found = ruleNumbers.filter((rule) => matches(operation, rule));
    for (const rule of found) rules.add(rule);
    cells += found.length;
    return found.length > 0 ? [operation] : [];
  });
  return { operations, rules: ruleNumbers.filter((rule) => rules.has(rule)), cells, matches };
}

/** What the form says. */
function wanted() {
  const form = new FormData(one('#filters', HTMLFormElement));
  const all = (/** @type {string} */ name) => form.getAll(name).map(String);
  return {
    outcomes: all('outcome'),
    levels: all('level'),
    methods: all('method'),
    text: all('text').join(' '),
  };
}

/** Sets the form to show one outcome, and one rule where a link asks for one. @type {(outcome: string, text: string) => void} */
function choose(outcome, text) {
  const form = one('#filters', HTMLFormElement);
  form.reset();
  for (const box of form.querySelectorAll('input[name=outcome]'))
    if (box instanceof HTMLInputElement) box.checked = box.value === outcome;
  one('#text', HTMLInputElement).value = text;
}
