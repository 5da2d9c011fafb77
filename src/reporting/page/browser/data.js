// The files of this folder are one script, in the order that page.ts gives them.

/** @typedef {import('../embedded-data.ts').Embedded} Embedded */
/** @typedef {import('../embedded-data.ts').Kind} Kind */
/** @typedef {import('../embedded-data.ts').EmbeddedCase} EmbeddedCase */
/** @typedef {import('../embedded-data.ts').Detail} Detail */
/** @typedef {import('../embedded-data.ts').EmbeddedEvidence} EmbeddedEvidence */
/** @typedef {import('../embedded-data.ts').EmbeddedHead} EmbeddedHead */

/** @type {(text: string) => Embedded} */
const embedded = JSON.parse;
const data = embedded(document.querySelector('#data')?.textContent ?? '');

/** What most cells are, a kind of its own for each that was not judged. */
const NOT_JUDGED = -1;

/** @type {(operation: number, rule: number) => Kind | undefined} */
const kindOf = (operation, rule) => data.kinds[data.cells[operation]?.[rule] ?? NOT_JUDGED];

/** @type {(operation: number, rule: number) => readonly Detail[]} */
const detailsOf = (operation, rule) => data.details[`${operation}.${rule}`] ?? [];

/** @type {(number: number | undefined) => string} */
const text = (number) => (number === undefined ? '' : (data.texts[number] ?? ''));

/** @type {(outcome: string) => string} */
const symbolOf = (outcome) => data.outcomes.find((each) => each.outcome === outcome)?.symbol ?? '·';

/** @type {(outcome: string) => string} */
const classOf = (outcome) => outcome.replace(' ', '-');

/** As page/links.ts makes it. @type {(operation: number, rule: number) => string} */
const cellLink = (operation, rule) =>
  `#cell=${data.rules[rule]?.id}@${encodeURI(data.operations[operation]?.id ?? '').replaceAll('#', '%23')}`;

/** @type {(hash: string) => { operation: number, rule: number } | undefined} */
function cellOf(hash) {
  const found = /^#cell=([a-z0-9-]+)@(.+)$/.exec(hash);
  if (!found) return undefined;
  const id = decoded(found[2] ?? '');
  const rule = data.rules.findIndex((each) => each.id === found[1]);
  const operation = data.operations.findIndex((each) => each.id === id);
  return rule < 0 || operation < 0 ? undefined : { operation, rule };
}

/** @type {(part: string) => string} */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Cells of each outcome in a list of kinds. @type {(kinds: Iterable<number>) => Map<string, number>} */
function totalsOf(kinds) {
  const totals = new Map(data.outcomes.map(({ outcome }) => [/** @type {string} */ (outcome), 0]));
  for (const kind of kinds) {
    const outcome = data.kinds[kind]?.outcome;
    if (outcome) totals.set(outcome, (totals.get(outcome) ?? 0) + 1);
  }
  return totals;
}
