type Row = readonly string[];

/** A table before Prettier. */
export const table = (head: Row, rows: readonly Row[]): string => {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
};

/** Text of a response as Markdown. */
export const plain = (text: string): string => text.replace(/[<>*_`]/g, (sign) => `\\${sign}`);
