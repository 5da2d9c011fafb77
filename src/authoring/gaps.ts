import { type Gap, type GapKind, placeOfGap } from './gap.ts';
import type { RefusalName, Contract, Operation, Parameter } from '../model/contract.ts';
import { documentedResponse } from '../openapi/documented-response.ts';
import { acceptedScopes, isPublic, reasonNotPresentable } from '../openapi/security.ts';
import type { Position } from '../openapi/position.ts';
import type { SourceFiles } from '../openapi/source-files.ts';
import { inLine } from '../visible-text.ts';
import { commonest, resourceOf } from './siblings.ts';
import { validityGaps } from './validity-gaps.ts';
import { impossibleRefusalGaps } from './impossible-refusals.ts';
import { keyWordGaps } from './key-words.ts';
import { patternGaps } from './patterns.ts';

/** Everything in the order of the document. */
export function gapsOf(contract: Contract, sources: SourceFiles): readonly Gap[] {
  const finder = new Finder(contract, sources);
  return [
    ...contract.operations.flatMap((operation) => finder.of(operation)),
    ...keyWordGaps(contract, sources),
    ...impossibleRefusalGaps(contract, sources),
    ...patternGaps(contract, sources),
    ...validityGaps(contract.document, sources),
    ...sources.remarks.map(({ file, sentence, ...position }): Gap => ({
      kind: 'unreadable',
      ...(file !== contract.file && { file }),
      ...{ ...position, sentence: inLine(sentence, LONGEST) },
    })),
  ].toSorted((one, other) => (one.file ?? '').localeCompare(other.file ?? '') || orderOf(one, other));
}

const LONGEST = 600;

function orderOf(one: Gap, other: Gap): number {
  return one.line - other.line || (one.column ?? 0) - (other.column ?? 0);
}

class Finder {
  readonly #contract: Contract;
  readonly #sources: SourceFiles;
  readonly #withScope: ReadonlySet<string>;
  readonly #usualAlternatives: ReadonlyMap<string, string>;
  readonly #usualSchema: string | undefined;

  constructor(contract: Contract, sources: SourceFiles) {
    const { operations } = contract;
    this.#contract = contract;
    this.#sources = sources;
    this.#withScope = new Set(operations.filter((one) => acceptedScopes(one).length > 0).map(resourceOf));
    this.#usualAlternatives = commonest(operations, resourceOf, alternativesOf);
    this.#usualSchema = commonest(
      operations.filter((one) => this.#schemaOf(one) !== undefined),
      () => '',
      (one) => this.#schemaOf(one) ?? '',
    ).get('');
  }

  of(operation: Operation): Gap[] {
    const gap = (kind: GapKind, sentence: string, ...more: readonly string[]): Gap => ({
      kind,
      operation: operation.id,
      ...(more.length > 0 ? this.#placeOf(operation, more) : positionOf(operation)),
      sentence,
    });
    return [
      ...undescribed(operation).map((name) =>
        gap('path-parameter', `its path parameter {${name}} is not described, so any text is sent for it: describe it`),
      ),
      ...this.#securityGaps(operation, gap),
      ...(isPublic(operation) ? [] : this.#refusalGaps(operation, gap)),
      ...(operation.ownServer !== undefined
        ? [
            gap(
              'own-servers',
              `it has its own server, ${operation.ownServer}, so it will not be judged: write a separate contract for this server`,
              'servers',
            ),
          ]
        : []),
    ];
  }

  #securityGaps(operation: Operation, gap: MakeGap): Gap[] {
    const asParameter = keyAmongParameters(operation);
    if ((operation.isSecurityUnstated || isPublic(operation)) && asParameter)
      return [
        gap(
          'key-as-parameter',
          `its ${asParameter.in} parameter ${asParameter.name} looks like a credential, but parameters are not judged: describe it under components.securitySchemes as { type: apiKey, in: ${asParameter.in}, name: ${asParameter.name} }, and name that under security`,
          'parameters',
        ),
      ];
    if (operation.isSecurityUnstated)
      return [
        gap(
          'no-security',
          'it says nothing about security: name the schemes it asks for, or say security: [] if it is public',
        ),
      ];
    if (isPublic(operation)) return [];
    if (operation.ownServer !== undefined) return [];
    const unsupported = reasonNotPresentable(this.#contract, operation);
    if (unsupported !== undefined)
      return [gap('unsupported-security', `${unsupported}: this operation will not be judged`, 'security')];
    const resource = resourceOf(operation);
    const usual = this.#usualAlternatives.get(resource);
    return [
      ...(acceptedScopes(operation).length === 0 && this.#withScope.has(resource)
        ? [
            gap(
              'no-scope',
              `it asks for no scope, but other operations of ${resource} do: name its scope, if it has one`,
              'security',
            ),
          ]
        : []),
      ...(usual !== undefined && usual !== alternativesOf(operation)
        ? [
            gap(
              'other-security',
              `it asks for ${alternativesOf(operation)}, but most operations of ${resource} ask for ${usual}: check whether this is intended`,
              'security',
            ),
          ]
        : []),
    ];
  }

  #refusalGaps(operation: Operation, gap: MakeGap): Gap[] {
    const asksForScope = acceptedScopes(operation).length > 0;
    const refusals = [
      { name: 'missingKey', kind: 'no-missing-key-answer', what: 'a missing or invalid credential' },
      ...(asksForScope
        ? [{ name: 'forbidden', kind: 'no-forbidden-answer', what: 'a credential without the scope' } as const]
        : []),
    ] as const;
    const found = refusals.flatMap(({ name, kind, what }): Gap[] => {
      const status = this.#statusesOf(name).find((one) => documentedResponse(operation, one));
      if (status === undefined) {
        const statuses = this.#statusesOf(name).join(' or ');
        return [gap(kind, `its answer to ${what} is not documented: add the response ${statuses}`, 'responses')];
      }
      if (
        this.#contract.refusals[name]?.schema !== undefined ||
        documentedResponse(operation, status)?.schema !== undefined
      )
        return [];
      const sentence = `its answer ${status} has no schema for a JSON body, so only status and media type will be judged: describe the body`;
      return [gap('no-error-schema', sentence, 'responses', String(status))];
    });
    const schema = this.#schemaOf(operation);
    const isOdd = schema !== undefined && this.#usualSchema !== undefined && schema !== this.#usualSchema;
    const odd = `the body of its refusal is ${schema}, and on most operations it is ${this.#usualSchema}: check whether this is intended`;
    const byLine = found.filter(
      ({ kind, line, column }, index) =>
        found.findIndex((one) => one.kind === kind && one.line === line && one.column === column) === index,
    );
    return [...byLine, ...(isOdd ? [gap('other-error-schema', odd, 'responses')] : [])];
  }

  #statusesOf(name: RefusalName): readonly number[] {
    return this.#contract.refusals[name]?.status ?? [];
  }

  /** Pointer of the schema of a refusal's body, where the schema has a name; one that is written out is like no other. */
  #schemaOf(operation: Operation): string | undefined {
    if (isPublic(operation) || this.#contract.refusals.missingKey?.schema !== undefined) return undefined;
    const schemas = this.#statusesOf('missingKey').map((status) => documentedResponse(operation, status)?.schema);
    return schemas.find((schema) => schema?.startsWith('#/components/schemas/'));
  }

  #placeOf({ path, method }: Operation, more: readonly string[]): ReturnType<typeof placeOfGap> {
    return placeOfGap(this.#sources, ['paths', path, method.toLowerCase(), ...more]);
  }
}

function positionOf({ line, column, pointer }: Operation): Position {
  return { line, ...(column !== undefined && { column, pointer }) };
}

type MakeGap = (kind: GapKind, sentence: string, ...more: readonly string[]) => Gap;

/** The alternatives of an operation in words: `key`, `key + token or bearer`. */
function alternativesOf({ security }: Operation): string {
  const alternatives = security.map(({ schemes }) => schemes.map(({ name }) => name).join(' + ') || 'nothing');
  return [...new Set(alternatives)].toSorted().join(' or ') || 'nothing';
}

const LIKE_A_KEY =
  /^(?:authorization|token|(?:x[-_])?(?:\w+[-_])?(?:api[-_]?(?:key|token)|auth[-_]?(?:key|token)|access[-_]?(?:key|token)|key|token))$/i;

/** A parameter that many documents have in the place of a security scheme. */
function keyAmongParameters({ parameters }: Operation): Parameter | undefined {
  return parameters.find(({ in: where, name }) => where !== 'path' && LIKE_A_KEY.test(name));
}

/** Names in the path that no parameter describes. */
function undescribed({ parameters }: Operation): string[] {
  return parameters.flatMap(({ in: where, name, isImplied }) => (where === 'path' && isImplied ? [name] : []));
}
