/*
 * What a proxy does with the head of a request before it hands it on (RFC 9110 §7.6.1): Latin-1 text with its empty line.
 */

/** @param names in any letter case */
export function withoutLines(head: string, names: readonly string[]): string {
  const unwanted = new Set(names.map((name) => name.toLowerCase()));
  const [start = '', ...lines] = head.split('\r\n');
  const kept = lines.filter((line) => line === '' || !unwanted.has(line.split(':')[0]?.toLowerCase() ?? ''));
  return [start, ...kept].join('\r\n');
}

/** As the last line. */
export function withLine(head: string, name: string, value: string): string {
  return head.replace(/\r\n\r\n$/, `\r\n${name}: ${value}\r\n\r\n`);
}

/** Names of the fields that end at the next hop. */
export function namedByConnection(head: string): string[] {
  return [...head.matchAll(/^connection:(.*)\r$/gim)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim()),
  );
}
