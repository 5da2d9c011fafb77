import { readable } from '../visible-text.ts';

/** An element of XML without namespaces: with children or with a text. */
export interface Element {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Element[];
  readonly text?: string;
}

/** A document of UTF-8. What XML 1.0 forbids, as most control characters, is made visible as everywhere in reports. */
export function xml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}\n`;
}

function written({ name, attributes = {}, children = [], text }: Element, indent: string): string {
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${quoted(value)}"`)].join(' ');
  if (text !== undefined) return `${indent}<${head}>${escaped(text)}</${name}>`;
  if (children.length === 0) return `${indent}<${head}/>`;
  return `${indent}<${head}>\n${children.map((child) => written(child, `${indent} `)).join('\n')}\n${indent}</${name}>`;
}

function escaped(text: string): string {
  return readable(text)
    .replace(/[\ufffe\uffff]/g, (character) => `‹U+${character.charCodeAt(0).toString(16).toUpperCase()}›`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** Line ends of attributes would be read as spaces. */
function quoted(text: string): string {
  return escaped(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
