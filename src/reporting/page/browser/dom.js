/** @typedef {Node | string | undefined | false} Child */

/**
 * An element whose texts are texts: nothing in this script reads markup.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} attributes
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children.flat()) if (child !== undefined && child !== false) made.append(child);
  return made;
}

/** @type {(children: Child[]) => (Node | string)[]} */
const nodes = (children) => children.filter((child) => child !== undefined && child !== false);

/** @type {(outcome: string, count?: number) => HTMLElement} */
function outcomeWord(outcome, count) {
  const words = count === undefined ? ` ${outcome}` : ` ${count} ${outcome}`;
  return element(
    'span',
    { class: `outcome ${classOf(outcome)}` },
    element('span', { class: 'symbol', 'aria-hidden': 'true' }, symbolOf(outcome)),
    words,
  );
}

/** @type {<Found extends Element>(selector: string, kind: { new (): Found }) => Found} */
function one(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page has no ${selector}.`);
  return found;
}

/**
 * The buttons of a table that is shown a page at a time, and the words between them.
 *
 * @param {string} selector
 * @param {{ page: number, size: number, shown: number, all: number }} counts `page` from 0, the others in rows
 */
function drawPager(selector, { page, size, shown, all }) {
  const pages = Math.max(1, Math.ceil(all / size));
  const nav = one(selector, HTMLElement);
  nav.hidden = pages === 1;
  const [back, place, on] = nav.children;
  if (back instanceof HTMLButtonElement) back.disabled = page === 0;
  if (on instanceof HTMLButtonElement) on.disabled = page === pages - 1;
  if (place)
    place.textContent = `Operations ${grouped(page * size + 1)} to ${grouped(page * size + shown)} of ${grouped(all)}`;
}

/** A link to a page; an address of any other kind stays words. @type {(address: string, words: string) => Child} */
function outside(address, words) {
  if (!/^https?:\/\//i.test(address)) return words;
  return element('a', { href: address, rel: 'noreferrer noopener', target: '_blank' }, words);
}

/** @type {(count: number) => string} */
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** @type {(count: number, one: string) => string} */
const many = (count, one) => `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
