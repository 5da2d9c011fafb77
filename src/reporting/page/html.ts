import { readable } from '../../visible-text.ts';

/** Markup that is safe to put into a page: only `html` makes it, and whatever it is given is escaped unless it is markup itself. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | readonly Part[];

export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(texts.map((text, index) => text + show(parts[index])).join(''));
}

/** An element whose text is no markup, exactly as it is given: it ends at its own tag, and its hash is the text's. */
export function verbatim(tag: 'style' | 'script', attributes: string, text: string): Markup {
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error('A text that ends its own element cannot stand in it.');
  return new Markup(`<${tag}${attributes}>${text}</${tag}>`);
}

/** JSON in which no character can end the element that holds it. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(/[<>\u2028\u2029]/g, escapeUnicode);
}

/** An address that may be followed: a page's, never a script's. */
export function webAddress(address: string): string | undefined {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address).href : undefined;
}

function show(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(show).join('');
  return part === undefined ? '' : escape(readable(String(part)));
}

function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
