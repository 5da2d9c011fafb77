import { accessOf, expectDenied, hangUpIsRefusal } from '../../src/judging/access.ts';
import { finding, summary } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { HeaderLine } from '../../src/model/request.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import {
  combinedCredentials,
  type Credentials,
  type SecurityAlternative,
  securityAlternativesOf,
} from '../../src/requests/security-alternative.ts';
import { Secret } from '../../src/secret.ts';
import { needsKeyInHeader, needsScopes } from './conditions.ts';
import { exactlyScopedKey, foreignKey } from './scoped-keys.ts';
import { validKey } from './shared-cases.ts';

/** A case that sends one key in the first security alternative of the operation and another key in the second. */
function twoKeys(
  id: string,
  title: string,
  keys: (builder: RequestBuilder, first: SecurityAlternative, second: SecurityAlternative) => readonly [Secret, Secret],
): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'presentation',
    title,
    control: validKey,
    request: (builder) => {
      const [first, second] = securityAlternativesOf(builder.contract, builder.operation);
      if (!first || !second) throw new NotSent('alternative', 'the operation takes its credential in one way only');
      const [one, other] = keys(builder, first, second);
      const both = [builder.credentialsFor(one, first), builder.credentialsFor(other, second)];
      const shared = sharedPlace(both);
      if (shared !== undefined) throw new NotSent('alternative', `both credentials belong in ${shared}`);
      return builder.build({ credentials: combinedCredentials(both) });
    },
  };
}

/** Two values in one place are a repetition, which another rule judges. */
function sharedPlace(both: readonly Credentials[]): string | undefined {
  const places = both.map(({ headers, query, cookies }) => [
    ...headers.map(([name]) => `the header ${name}`),
    ...query.map(([name]) => `the query parameter ${String(name).slice(0, -1)}`),
    ...cookies.map(([name]) => `the cookie ${String(name).slice(0, -1)}`),
  ]);
  return places[0]?.find((place) => places[1]?.includes(place));
}

export const goodKeyAndBadBearer = twoKeys(
  'good-key-and-bad-bearer',
  'the full-access key in the first way, a key that was never issued in the second',
  (builder, first, second) => [builder.fullKey(first), builder.neverIssuedKey(second)],
);

export const badKeyAndGoodBearer = twoKeys(
  'bad-key-and-good-bearer',
  'a key that was never issued in the first way, the full-access key in the second',
  (builder, first, second) => [builder.neverIssuedKey(first), builder.fullKey(second)],
);

const foreignAndScopedKey: ControlledCase = {
  ...twoKeys(
    'scoped-out-and-scoped-key',
    'a key without the scope in the first way, one with it in the second',
    (builder, first, second) => [foreignKey(builder, first), exactlyScopedKey(builder, second)],
  ),
  reasonNotApplicable: needsScopes,
};

const scopedAndForeignKey: ControlledCase = {
  ...twoKeys(
    'scoped-and-scoped-out-key',
    'a key with the scope in the first way, one without it in the second',
    (builder, first, second) => [exactlyScopedKey(builder, first), foreignKey(builder, second)],
  ),
  reasonNotApplicable: needsScopes,
};

/** The same two keys in the other order, by the id of the case that is judged. */
const OTHER_ORDER: Readonly<Record<string, ControlledCase>> = {
  [badKeyAndGoodBearer.id]: goodKeyAndBadBearer,
  [scopedAndForeignKey.id]: foreignAndScopedKey,
};

/**
 * RFC 6750 §2: a client uses one method per request. Which of two credentials counts is not documented, and OpenAPI says of
 * alternatives that one which is satisfied is enough. So a server that accepts the good one in either place is not wrong: it
 * is recorded, and `one-precedence` asks whether all operations agree.
 */
const conflictingCredentials: Rule = {
  id: 'conflicting-credentials',
  level: 'SURVEY',
  title: 'a good key does not win over a different bad key sent with it',
  section: 'Presenting the key',
  since: '2026.11',
  source: { standard: 'RFC 6750 §2, Authenticated Requests', url: 'https://www.rfc-editor.org/rfc/rfc6750#section-2' },
  standards: { cwe: [436], owaspApi: ['API2'], asvs: ['15.3.7'], severity: 'low' },
  given: { cases: [badKeyAndGoodBearer, scopedAndForeignKey] },
  comparedWith: Object.values(OTHER_ORDER),
  comparedFor: ({ id }) => [OTHER_ORDER[id]].filter((one) => one !== undefined),
  expectations: ['one-order-at-most'],
  verify: (judged) => {
    const otherOrder = OTHER_ORDER[judged.case.id];
    const other = otherOrder && judged.responseOf(otherOrder);
    const isAcceptedInBoth =
      other !== undefined && accessOf(judged) === 'accepted' && accessOf({ ...judged, response: other }) === 'accepted';
    return [
      finding(
        'one-order-at-most',
        !isAcceptedInBoth,
        'at least one order refused',
        `both orders were accepted: ${summary(judged.response)}`,
      ),
    ];
  },
};

/** A case that writes the key's header lines in another way, and beside them whatever else the alternative asks for. */
function otherLines(
  id: string,
  title: string,
  lines: (builder: RequestBuilder) => readonly HeaderLine[],
): ControlledCase {
  return {
    id,
    kind: 'controlled',
    group: 'presentation',
    title,
    control: validKey,
    reasonUnsuitable: needsKeyInHeader,
    request: (builder) => {
      const usual = builder.credentialsFor(builder.fullKey());
      const replaced = builder.headerLinesFor(builder.fullKey()).map(([name]) => name);
      const beside = usual.headers.filter(([name]) => !replaced.includes(name));
      return builder.build({ credentials: { ...usual, headers: [...lines(builder), ...beside] } });
    },
  };
}

const repetitions: readonly ControlledCase[] = [
  otherLines(
    'bad-line-then-good-line',
    'the header twice: a key that was never issued, then the full-access key',
    (builder) => [...builder.headerLinesFor(builder.neverIssuedKey()), ...builder.headerLinesFor(builder.fullKey())],
  ),
  otherLines(
    'good-line-then-bad-line',
    'the header twice: the full-access key, then one that was never issued',
    (builder) => [...builder.headerLinesFor(builder.fullKey()), ...builder.headerLinesFor(builder.neverIssuedKey())],
  ),
  otherLines(
    'bad-comma-good',
    'two keys in the header: one that was never issued, then the full-access key',
    (builder) => listed(builder, builder.neverIssuedKey(), builder.fullKey()),
  ),
  otherLines(
    'good-comma-bad',
    'two keys in the header: the full-access key, then one that was never issued',
    (builder) => listed(builder, builder.fullKey(), builder.neverIssuedKey()),
  ),
];

/** The second key without its authentication scheme, if it has one. */
function listed(builder: RequestBuilder, one: Secret, other: Secret): readonly HeaderLine[] {
  const second = builder.headerLinesFor(other).flatMap(([, value]) => value.filter((part) => part instanceof Secret));
  return builder.headerLinesFor(one).map(([name, value]) => [name, [...value, ', ', ...second]]);
}

/**
 * RFC 9110 §5.3: a field that is not a list is not repeated, and a recipient may join its lines. Proxies and servers that
 * choose different lines disagree about who sends the request.
 */
const repeatedCredential: Rule = {
  id: 'repeated-credential',
  level: 'SHOULD',
  title: 'a key beside another one in the same header is denied',
  section: 'Presenting the key',
  since: '2026.11',
  source: { standard: 'RFC 9110 §5.3, Field Order', url: 'https://www.rfc-editor.org/rfc/rfc9110#section-5.3' },
  standards: { cwe: [436], owaspApi: ['API2'], asvs: ['15.3.7'], severity: 'low' },
  given: { cases: repetitions },
  expectations: ['refused'],
  verify: (judged) => expectDenied(judged),
  verifyFault: hangUpIsRefusal,
};

const spaceBeforeColon: ControlledCase = {
  ...otherLines('space-before-colon', 'the full-access key behind a name with a space before the colon', (builder) =>
    builder.headerLinesFor(builder.fullKey()).map(([name, value]) => [`${name} `, value]),
  ),
  malformed: true,
};

// A server that puts a space in place of the line break, as RFC 9112 §5.2 allows, reads another key.
const foldedLine: ControlledCase = {
  ...otherLines('folded-line', 'the full-access key with a line break in its middle', (builder) =>
    builder
      .headerLinesFor(builder.fullKey())
      .map(([name, value]) => [name, value.flatMap((part) => (part instanceof Secret ? folded(part) : [part]))]),
  ),
  malformed: true,
};

function folded(key: Secret): readonly [Secret, string, Secret] {
  const middle = (value: string): number => Math.floor(value.length / 2);
  return [
    key.derive(
      'its first half',
      (value) => value.slice(0, middle(value)),
      (name) => `\${${name}:0:$(( \${#${name}} / 2 ))}`,
    ),
    '\r\n ',
    key.derive(
      'its second half',
      (value) => value.slice(middle(value)),
      (name) => `\${${name}:$(( \${#${name}} / 2 ))}`,
    ),
  ];
}

/** RFC 9112 §5.1 and §5.2: white space before the colon and folded lines are rejected, because servers read them differently. */
const malformedFieldLine: Rule = {
  id: 'malformed-field-line',
  level: 'SHOULD',
  title: 'a key on a malformed field line is denied',
  section: 'Presenting the key',
  since: '2026.11',
  source: { standard: 'RFC 9112 §5.1, Field Line Parsing', url: 'https://www.rfc-editor.org/rfc/rfc9112#section-5.1' },
  standards: { cwe: [444], owaspApi: ['API8'], asvs: ['4.2.1'], severity: 'medium' },
  given: { cases: [spaceBeforeColon, foldedLine] },
  expectations: ['refused'],
  verify: (judged) => expectDenied(judged),
  verifyFault: hangUpIsRefusal,
};

export const presentingTwoKeysRules: readonly Rule[] = [conflictingCredentials, repeatedCredential, malformedFieldLine];
