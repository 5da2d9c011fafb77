import { createHash } from 'node:crypto';
import type { Log } from 'sarif';
import type { Contract } from '../model/contract.ts';
import { inLine } from '../visible-text.ts';
import { inWords } from '../openapi/position.ts';
import { type Gap, type GapKind, gapKinds } from './gap.ts';

/** `1 operation`, `2 operations`. */
export function operationsOf({ operations }: Pick<Contract, 'operations'>): string {
  return operations.length === 1 ? '1 operation' : `${operations.length} operations`;
}

/** A line for each gap in the form that editors know, and one that counts them. */
export function gapText(contract: Contract, gaps: readonly Gap[]): string {
  const lines = gaps.map(({ kind, operation, file = contract.file, sentence, ...position }) => {
    const about = operation === undefined ? '' : `${operation}: `;
    return inLine(`${file}:${inWords(position)}: ${about}${sentence}. [${kind}]`);
  });
  const found = gaps.length === 0 ? 'no gaps' : gaps.length === 1 ? '1 gap' : `${gaps.length} gaps`;
  return [...lines, `${contract.title} ${contract.version}: ${found} in ${operationsOf(contract)}`, ''].join('\n');
}

/** SARIF 2.1.0, for whatever shows findings beside the lines of a document. */
export function gapSarif(contract: Contract, gaps: readonly Gap[], version: string): Log {
  const kinds = Object.keys(gapKinds) as GapKind[];
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'auth-conformance-contract',
            semanticVersion: version,
            rules: kinds.map((id) => ({
              id,
              shortDescription: { text: `${gapKinds[id].charAt(0).toUpperCase()}${gapKinds[id].slice(1)}.` },
              defaultConfiguration: { level: 'warning' },
            })),
          },
        },
        originalUriBaseIds: { SRCROOT: { description: { text: 'The folder that the command was started in.' } } },
        results: gaps.map(({ kind, operation, file = contract.file, line, column, pointer, sentence }) => ({
          ruleId: kind,
          ruleIndex: kinds.indexOf(kind),
          level: 'warning',
          message: { text: inLine(`${operation === undefined ? '' : `${operation}: `}${sentence}.`) },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(file), uriBaseId: 'SRCROOT' },
                region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
              },
              ...((operation !== undefined || pointer !== undefined) && {
                logicalLocations: [
                  ...(operation === undefined ? [] : [{ fullyQualifiedName: operation, kind: 'resource' }]),
                  ...(pointer === undefined ? [] : [{ fullyQualifiedName: pointer, kind: 'member' }]),
                ],
              }),
            },
          ],
          // Alerts stay the same while lines move.
          partialFingerprints: {
            'gapAndOperation/v1': createHash('sha256')
              .update(`${kind}@${operation ?? sentence}`)
              .digest('hex'),
          },
        })),
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
}
