import type { CaseGroup, ControlledCase, OnDemandCase } from '../../src/requests/case.ts';
import type { HeaderLine } from '../../src/model/request.ts';
import type { RequestBuilder, RequestParts, TargetParts } from '../../src/requests/request-builder.ts';
import { validKey } from './shared-cases.ts';

/*
 * Requests without a credential that are peculiar in something else: their path, their headers. Where one is not refused, the
 * same is sent with the full-access key, and on a path that is no operation.
 */

type Parts = (usual: TargetParts) => RequestParts;

/** What is peculiar about a request, and where it is tried. */
interface Peculiarity {
  readonly id: string;
  /** As it follows `no credential, and`. */
  readonly title: string;
  readonly parts: Parts;
  readonly group?: CaseGroup;
  readonly reasonNotApplicable?: ControlledCase['reasonNotApplicable'];
}

export function withoutKey({ id, title, parts, group = 'routing', reasonNotApplicable }: Peculiarity): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group,
    title: `no credential, and ${title}`,
    control: validKey,
    ...(reasonNotApplicable && { reasonNotApplicable }),
    request: (builder) => builder.build(parts(builder.targetParts())),
  };
}

/** The same with the full-access key, which shows whether the peculiar request reaches the operation at all. */
function withKey({ id, title, parts, reasonNotApplicable }: Peculiarity): OnDemandCase {
  return {
    id: `${id}-with-key`,
    kind: 'on-demand',
    group: 'control',
    title: `the full-access key, and ${title}`,
    ...(reasonNotApplicable && { reasonNotApplicable }),
    request: (builder) => builder.build({ ...parts(builder.targetParts()), key: builder.fullKey() }),
  };
}

/** The same on a path that is no operation, which shows what servers answer to the peculiarity by itself. */
function elsewhere({ id, title, parts, reasonNotApplicable }: Peculiarity): OnDemandCase {
  const nowhere = (usual: TargetParts): TargetParts => ({ ...usual, path: NO_OPERATION, query: '' });
  return {
    id: `${id}-elsewhere`,
    kind: 'on-demand',
    group: 'control',
    title: `no operation, and ${title}`,
    ...(reasonNotApplicable && { reasonNotApplicable }),
    request: (builder) => {
      const { target, ...rest } = parts(nowhere(builder.targetParts()));
      return builder.build({
        ...rest,
        method: 'GET',
        body: null,
        target: (usual) => target?.(nowhere(usual)) ?? `${usual.base}${NO_OPERATION}`,
      });
    },
  };
}

const NO_OPERATION = '/conformance-unknown';

/** A peculiar request without a credential, and what to hold it against should it not be refused. */
export function peculiar(what: Peculiarity): ControlledCase {
  return { ...withoutKey(what), comparison: withKey(what), elsewhere: elsewhere(what) };
}

/** The same where it does not matter whether the full-access key is served there. */
export function withoutComparison(what: Peculiarity): ControlledCase {
  return { ...withoutKey(what), elsewhere: elsewhere(what) };
}

/** Header lines that are harmless together, in one request; where that opens something, the lines that count are found. */
export function peculiarLines(
  { id, title, reasonNotApplicable }: Pick<Peculiarity, 'id' | 'title' | 'reasonNotApplicable'>,
  lines: (usual: TargetParts) => readonly (readonly [name: string, value: string])[],
): ControlledCase {
  const spelt = ([name, value]: readonly [string, string]): string => `${name}: ${value}`;
  const headersOf = (usual: TargetParts, wanted?: readonly string[]): HeaderLine[] =>
    lines(usual)
      .filter((line) => wanted?.includes(spelt(line)) ?? true)
      .map(([name, value]) => [name, [value]]);
  const all = (builder: RequestBuilder): readonly string[] => lines(builder.targetParts()).map(spelt);
  return {
    ...peculiar({
      ...{ id, title, parts: (usual) => ({ headers: headersOf(usual) }) },
      ...(reasonNotApplicable && { reasonNotApplicable }),
    }),
    alone: {
      most: lines({ origin: '', base: '', path: '', query: '' }).length,
      names: all,
      request: (builder, names) => builder.build({ headers: headersOf(builder.targetParts(), names) }),
    },
  };
}

/** What a finding says of the lines that count. */
export function opening(lines: readonly string[]): string {
  return `what opens is ${lines.join(', or ')}`;
}
