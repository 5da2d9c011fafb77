import { cellId } from '../../model/cell-id.ts';
import { html, type Markup, webAddress } from './html.ts';

/** A cell's own address in the page. */
export function cellLink(rule: string, operation: string): string {
  return `#cell=${encodeURI(cellId({ rule, operation })).replaceAll('#', '%23')}`;
}

/** Where the page says a cause. */
export function causeAnchor(id: string): string {
  return `cause-${id}`;
}

/** A link where there is an address to go to, else the words alone. */
export function outside(address: string, words: string | Markup): Markup {
  const target = webAddress(address);
  return target === undefined
    ? html`${words}`
    : html`<a href="${target}" rel="noreferrer noopener" target="_blank">${words}</a>`;
}
