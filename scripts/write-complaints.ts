import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

/**
 * Puts complaints into the entry of a defect, in the source file that has it.
 *
 * @param files paths of mock/defects
 * @returns the file that was written; undefined: the entry names complaints that several defects have in common, which only
 * a person can change
 */
export async function writeComplaints(
  files: readonly string[],
  id: string,
  complaints: readonly string[],
): Promise<string | undefined> {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const list = complaintsOf(source, id);
    if (!list) continue;
    const written = `[${complaints.map((line) => JSON.stringify(line)).join(', ')}]`;
    const changed = text.slice(0, list.getStart()) + written + text.slice(list.getEnd());
    writeFileSync(file, await format(changed, { ...(await resolveConfig(file)), filepath: file }));
    return file;
  }
  return undefined;
}

/** The array behind `complaints` in the entry with that id. */
function complaintsOf(source: ts.SourceFile, id: string): ts.ArrayLiteralExpression | undefined {
  let found: ts.ArrayLiteralExpression | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && nameOf(node) === id && ts.isObjectLiteralExpression(node.initializer)) {
      const complaints = node.initializer.properties.find((one) => nameOf(one) === 'complaints');
      if (complaints && ts.isPropertyAssignment(complaints) && ts.isArrayLiteralExpression(complaints.initializer))
        found = complaints.initializer;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf({ name }: ts.ObjectLiteralElementLike): string | undefined {
  return name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined;
}
