/** @type {(operation: number, rule: number) => void} */
function openCell(operation, rule) {
  const dialog = one('#evidence', HTMLDialogElement);
  dialog.replaceChildren(...nodes(cellParts(operation, rule)));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTo(0, 0);
  dialog.querySelector('h2')?.focus();
}

/** What was sent and received in the cases that fail. @type {(operation: number, rule: number) => HTMLElement} */
function printedEvidence(operation, rule) {
  const kind = kindOf(operation, rule);
  const failing = kind?.cases
    .map((each, index) => ({ each, index }))
    .filter(({ each }) => each.outcome === kind.outcome);
  return element(
    'div',
    { class: 'printed' },
    element('p', {}, 'Evidence of ', element('code', {}, data.operations[operation]?.id ?? ''), ':'),
    (failing ?? []).slice(0, MOST_PRINTED).map(({ each, index }) =>
      caseOf(
        each,
        detailsOf(operation, rule).find(({ of }) => of === index),
        true,
      ),
    ),
  );
}

/** Cases of a finding on paper: the others fail alike, and the screen has them. */
const MOST_PRINTED = 3;

/** @type {(operation: number, rule: number) => Child[]} */
function cellParts(operation, rule) {
  const kind = kindOf(operation, rule);
  const { id = '', title = '', section = '', level = '' } = data.rules[rule] ?? {};
  const where = data.operations[operation];
  const outcome = kind?.outcome ?? 'not judged';
  return [
    element(
      'div',
      { class: 'bar' },
      element('button', { type: 'button', 'data-close': '' }, 'Close'),
      copyButton('Copy link', () => location.href.replace(/#.*/, '') + cellLink(operation, rule)),
      element('span', { role: 'status', class: 'said' }),
    ),
    element(
      'h2',
      { id: 'evidence-title', tabindex: '-1' },
      outcomeWord(outcome),
      ' ',
      element('code', {}, where?.id ?? ''),
      ' ',
      element('code', {}, id),
    ),
    element('p', {}, `${title} `, element('span', { class: 'level' }, kind?.level ?? level), ` · ${section}`),
    sourceOf(rule),
    data.rules[rule]?.standards && element('p', { class: 'quiet' }, data.rules[rule].standards),
    ...factsOf(kind, where?.line),
    ...othersWith(operation, rule),
    ...(kind ? casesOf(kind, detailsOf(operation, rule)) : [element('p', {}, 'This run did not judge the cell.')]),
  ];
}

/** @type {(rule: number) => HTMLElement | undefined} */
function sourceOf(rule) {
  const found = data.rules[rule];
  if (!found) return undefined;
  return found.isPromise
    ? element(
        'blockquote',
        { class: 'source' },
        element('p', {}, found.text),
        element('footer', {}, outside(found.url, found.url)),
      )
    : element('p', { class: 'source' }, 'A standard says so: ', outside(found.url, found.text));
}

/** @type {(kind: Kind | undefined, line: number | undefined) => Child[]} */
function factsOf(kind, line) {
  return [
    element(
      'p',
      { class: 'quiet' },
      `Line ${line} of ${data.contract}`,
      kind && ageOf(kind),
      kind?.judged !== undefined && ` · ${kind.judged} responses were judged. Those that conform are not listed`,
    ),
    kind?.known &&
      element(
        'p',
        { class: 'notice' },
        `Known: ${kind.known.reason} (${kind.known.owner}, `,
        outside(kind.known.link, kind.known.link),
        `, excused until ${kind.known.expires})`,
      ),
    kind?.newer &&
      element('p', { class: 'notice' }, 'The rule is newer than the pinned edition: it cannot fail this run.'),
    kind?.cause !== undefined &&
      element(
        'p',
        { class: 'notice' },
        'Follows from a cause: ',
        element('a', { href: `#cause-${kind.cause}` }, `${data.causes[kind.cause] ?? kind.cause}.`),
      ),
    // Where a case has the same reason it says so itself.
    kind?.reason !== undefined &&
      !kind.cases.some(({ reason }) => reason === kind.reason) &&
      element('p', {}, kind.reason),
  ];
}

/** @type {(kind: Kind) => string} */
function ageOf({ outcome, since }) {
  if (since !== undefined) return ` · failing since the run of ${since.slice(0, 16).replace('T', ' ')} UTC`;
  return data.isCompared && ['violates', 'deviates'].includes(outcome) ? ' · new in this run' : '';
}

/** The other operations that have the same bug. @type {(operation: number, rule: number) => Child[]} */
function othersWith(operation, rule) {
  const group = data.bugs.groups[data.bugs.of[`${operation}.${rule}`] ?? -1] ?? [];
  const others = group.filter((each) => each !== operation);
  if (others.length === 0) return [];
  return [
    element(
      'details',
      {},
      element('summary', {}, `The same on ${many(others.length, 'more operation')}`),
      element(
        'ul',
        { class: 'operations' },
        others.map((each) =>
          element(
            'li',
            {},
            element('a', { href: cellLink(each, rule) }, element('code', {}, data.operations[each]?.id ?? '')),
          ),
        ),
      ),
    ),
  ];
}

/** @type {(kind: Kind, details: readonly Detail[]) => Child[]} */
function casesOf(kind, details) {
  const all = kind.cases.map((each, index) => ({ each, detail: details.find(({ of }) => of === index) }));
  const failing = all.filter(({ each }) => each.outcome === kind.outcome && each.outcome !== 'conforms');
  const others = all.filter((one) => !failing.includes(one));
  const isQuiet = (/** @type {{ each: EmbeddedCase, detail: Detail | undefined }} */ one) => !one.detail?.evidence;
  const shown = [...failing, ...others.filter((one) => !isQuiet(one))];
  const rest = others.filter(isQuiet);
  return [
    ...shown.map(({ each, detail }, index) => caseOf(each, detail, index < 3)),
    rest.length > 0 && element('h3', {}, shown.length > 0 ? 'The other cases' : 'The cases'),
    rest.length > 0 &&
      element(
        'ul',
        { class: 'cases' },
        rest.map(({ each }) =>
          element(
            'li',
            {},
            outcomeWord(each.outcome),
            ` ${titleOf(each)} `,
            element('span', { class: 'quiet' }, [each.case, each.status, each.reason].filter(Boolean).join(' · ')),
          ),
        ),
      ),
  ];
}

/** @type {(each: EmbeddedCase) => string} */
function titleOf({ case: id }) {
  const [bare = '', form] = id.split('@');
  return (data.cases[bare] ?? bare) + (form === undefined ? '' : ` (${form})`);
}

/** @type {(each: EmbeddedCase, detail: Detail | undefined, isOpen: boolean) => HTMLElement} */
function caseOf(each, detail, isOpen) {
  const made = element(
    'details',
    { class: 'case' },
    element(
      'summary',
      {},
      outcomeWord(each.outcome),
      ` ${titleOf(each)} `,
      element('code', { class: 'quiet' }, each.case),
    ),
  );
  const fill = () => {
    if (made.childElementCount === 1) made.append(...nodes(caseParts(each, detail)));
  };
  made.addEventListener('toggle', fill);
  if (isOpen) {
    fill();
    made.open = true;
  }
  return made;
}

/** @type {(each: EmbeddedCase, detail: Detail | undefined) => Child[]} */
function caseParts(each, detail) {
  const isLeftOut = !detail && each.expected !== undefined;
  const marks = data.marks[detail?.marks ?? -1];
  return [
    each.reason !== undefined && element('p', {}, each.reason),
    each.variable !== undefined &&
      !each.reason?.includes(each.variable) &&
      element('p', {}, 'Set ', element('code', {}, each.variable), ' to prove it.'),
    each.expected !== undefined &&
      element(
        'dl',
        { class: 'comparison' },
        element('dt', {}, 'Expected'),
        element('dd', { class: 'expected' }, marked(text(each.expected), marks?.expected)),
        element('dt', {}, 'Received'),
        element(
          'dd',
          { class: 'actual' },
          isLeftOut
            ? 'is too large for this page. It is in conformance.json.'
            : marked(text(detail?.actual), marks?.actual),
        ),
      ),
    ...(detail?.evidence ? exchangeParts(detail.evidence, each) : []),
  ];
}

/** A text with what only it has marked. @type {(all: string, marks?: readonly number[]) => Child[]} */
function marked(all, marks = []) {
  /** @type {Child[]} */
  const pieces = [];
  let at = 0;
  for (let index = 0; index < marks.length; index += 2) {
    const [start, end] = [marks[index], marks[index + 1]];
    pieces.push(all.slice(at, start), element('mark', {}, all.slice(start, end)));
    at = end ?? at;
  }
  return [...pieces, all.slice(at)];
}

/** @type {(evidence: EmbeddedEvidence, each: EmbeddedCase) => Child[]} */
function exchangeParts(evidence, each) {
  const { status, fault, controlStatus, truncated } = evidence;
  const isWrong = each.expectations?.includes('status') ?? false;
  const { before } = evidence;
  return [
    ...(before ? [element('h3', {}, 'Sent first, and answered'), preformatted(...headLines(before))] : []),
    element('h3', {}, before ? 'Sent then' : 'Sent'),
    preformatted(...headLines(evidence), evidence.body !== undefined && ['\n\n', body(text(evidence.body))]),
    element('h3', {}, before ? 'Received for the second' : 'Received', respondentOf(each)),
    status !== undefined &&
      preformatted(
        [isWrong ? element('mark', {}, String(status)) : String(status)],
        ...(evidence.answerHeaders ?? []).map((line) => [`\n${text(line)}`]),
        ['\n\n', body(text(evidence.answerBody))],
        truncated === true && ['\n… the body is longer than what was recorded'],
      ),
    fault !== undefined && element('p', {}, text(fault)),
    controlStatus !== undefined &&
      element('p', { class: 'quiet' }, `The same request with the full-access key was answered ${controlStatus}.`),
    element('h3', {}, 'See it yourself'),
    before && element('p', {}, 'The command sends both requests, the second right after the first.'),
    element(
      'div',
      { class: 'command' },
      preformatted([text(evidence.curl)]),
      copyButton('Copy', () => data.copied[evidence.curl] ?? text(evidence.curl)),
    ),
  ];
}

/** Who wrote the response; reports of earlier suites do not say. @type {(each: EmbeddedCase) => Child} */
function respondentOf({ respondent }) {
  const words = data.respondents[respondent ?? ''];
  return words === undefined ? undefined : element('span', { class: 'quiet respondent' }, ` ${words}`);
}

/** @type {(head: EmbeddedHead) => Child[][]} */
function headLines({ method, url, headers }) {
  return [[`${text(method)} ${text(url)}`], ...headers.map((line) => [`\n${text(line)}`])];
}

/** @type {(...lines: (false | Child[])[]) => HTMLElement} */
function preformatted(...lines) {
  const children = lines.flatMap((line) => (line === false ? [] : line));
  return element('pre', { tabindex: '0', dir: 'ltr' }, element('code', {}, children));
}

/** JSON on lines of its own; anything else as it is. @type {(given: string) => string} */
function body(given) {
  if (!/^\s*[[{]/.test(given)) return given;
  try {
    return JSON.stringify(JSON.parse(given), null, 2);
  } catch {
    return given;
  }
}

/** @type {(label: string, textOf: () => string) => HTMLElement} */
function copyButton(label, textOf) {
  const button = element('button', { type: 'button', class: 'copy' }, label);
  button.addEventListener('click', () => void copy(textOf()));
  return button;
}

/** @type {(copied: string) => Promise<void>} */
async function copy(copied) {
  const done = await navigator.clipboard.writeText(copied).then(
    () => true,
    () => copyByHand(copied),
  );
  const status = document.querySelector('#evidence .said');
  if (status) status.textContent = done ? 'Copied.' : 'The browser does not let this page copy: select the text.';
}

/** Where a page may not use the clipboard, a selection still may. @type {(copied: string) => boolean} */
function copyByHand(copied) {
  const area = element('textarea', { class: 'unseen' }, copied);
  one('#evidence', HTMLDialogElement).append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is nothing else then
  const done = document.execCommand('copy');
  area.remove();
  return done;
}
