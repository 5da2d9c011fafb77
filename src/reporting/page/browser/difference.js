/** Words beyond this many are compared as one: the time grows with the square. */
const MOST_WORDS = 400;

/** Below this part of common words two texts are two texts, and marking all of both would say nothing. */
const LEAST_COMMON = 0.4;

/**
 * Two texts as pieces, with what only one of them has marked. They are compared part by part: the status with the
 * status, the body with the body.
 *
 * @param {string} expected
 * @param {string} actual
 * @returns {[Child[], Child[]]}
 */
function compared(expected, actual) {
  // "as on most operations: …" says what the other is like, and is no difference.
  const prefix = /^[^;{"]*?: (?=\S)/.exec(expected)?.[0] ?? '';
  const lead = prefix !== '' && !actual.startsWith(prefix) ? prefix : '';
  const [left, right] = [parts(expected.slice(lead.length)), parts(actual)];
  const pairs = left.map((part, index) => comparedPart(part, right[index] ?? ''));
  return [
    [lead, ...pairs.flatMap(([one]) => one)],
    [...pairs.flatMap(([, one]) => one), ...right.slice(left.length)],
  ];
}

/** @type {(text: string) => string[]} */
const parts = (text) => text.split(/(?<=; )|(?<=, )(?=[{[<])/);

/** @type {(expected: string, actual: string) => [Child[], Child[]]} */
function comparedPart(expected, actual) {
  const [left, right] = [words(expected), words(actual)];
  if (left.length > MOST_WORDS || right.length > MOST_WORDS) return [[expected], [actual]];
  const common = commonWords(left, right);
  const isWord = (/** @type {string} */ word) => /[\p{L}\p{N}]/u.test(word);
  const shared = [...common.left].filter((index) => isWord(left[index] ?? '')).length;
  const fewest = Math.min(left.filter(isWord).length, right.filter(isWord).length);
  if (shared < LEAST_COMMON * fewest || fewest === 0) return [[expected], [actual]];
  return [marked(left, common.left), marked(right, common.right)];
}

/** @type {(text: string) => string[]} */
const words = (text) => text.match(/\s+|[\p{L}\p{N}_-]+|[^\s\p{L}\p{N}_-]/gu) ?? [];

/**
 * Which words of either text belong to their longest common sequence.
 *
 * @param {string[]} left
 * @param {string[]} right
 */
function commonWords(left, right) {
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  const at = (/** @type {number} */ row, /** @type {number} */ column) => lengths[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--) {
    for (let column = right.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  /** @type {{ left: Set<number>, right: Set<number> }} */
  const common = { left: new Set(), right: new Set() };
  for (let row = 0, column = 0; row < left.length && column < right.length;) {
    if (left[row] === right[column]) {
      common.left.add(row++);
      common.right.add(column++);
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return common;
}

/** @type {(all: string[], common: Set<number>) => Child[]} */
function marked(all, common) {
  /** @type {Child[]} */
  const pieces = [];
  let piece = '';
  let isCommon = true;
  const end = () => {
    if (piece !== '') pieces.push(isCommon ? piece : element('mark', {}, piece));
    piece = '';
  };
  for (const [index, word] of all.entries()) {
    // White space goes with what is around it.
    /** @type {boolean} */
    const belongs = common.has(index) || (/^\s+$/.test(word) && isCommon);
    if (belongs !== isCommon) end();
    isCommon = belongs;
    piece += word;
  }
  end();
  return pieces;
}

/** Marks what differs in the comparisons that stand in the page. */
function markComparisons() {
  for (const list of document.querySelectorAll('.comparison')) {
    const expected = list.querySelector('.expected');
    const actual = list.querySelector('.actual');
    if (!expected || !actual) continue;
    const [left, right] = compared(expected.textContent, actual.textContent);
    expected.replaceChildren(...nodes(left));
    actual.replaceChildren(...nodes(right));
  }
}

/** @type {(children: Child[]) => (Node | string)[]} */
const nodes = (children) => children.filter((child) => child !== undefined && child !== false);
