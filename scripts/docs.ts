import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { allDefectIds, allDefects, type AnyDefectId } from '../mock/defects/index.ts';
import { argumentsOf } from '../src/config/command-line.ts';
import { EDITIONS } from '../src/config/editions.ts';
import type { Contract } from '../src/model/contract.ts';
import { loadContract } from '../src/openapi/load-contract.ts';
import type { Case } from '../src/requests/case.ts';
import { alternativesOfCase } from '../src/requests/plan-operation.ts';
import { type AsvsRequirement, asvsUrl, REQUIREMENTS } from '../src/judging/asvs.ts';
import type { KeyRule } from '../src/judging/keys/key-rule.ts';
import { casesGiven, type Rule } from '../src/judging/rule.ts';
import { API_RISKS, cweUrl, SEVERITIES, WEAKNESSES } from '../src/judging/standards.ts';
import type { CrossOperationRule } from '../src/judging/operation-comparison.ts';
import { measuredWorth, worthModule } from '../selftest/support/worth.ts';
import { catalogue } from '../tests/catalogue/index.ts';

/**
 * Writes docs/rules.md, docs/asvs.md, docs/defects.md and tests/catalogue/worth.ts from the catalogue, the contract and the
 * mock.
 */
const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** What the letter of a bug's row stands for. */
const BUGS: Readonly<Record<string, string>> = {
  K: 'The key is compared wrongly',
  T: 'The key is taken out of the request wrongly',
  H: 'The connection is not protected',
  L: 'A key that changes goes on as it was, or ends too early',
  M: 'The environments are mixed up',
  I: 'The address lock fails',
  S: 'The permissions of a key are not what counts',
  P: 'A path leads round authentication',
  V: 'A method leads round authentication',
  R: 'A refusal says the wrong thing',
  X: 'A cache answers for the API',
  O: 'A browser is invited to use a key',
  G: 'The contract and the server disagree',
  W: 'Ways in that public reports tell of',
};

const { cases, rules, crossOperationRules, keyRules } = catalogue;
type AnyRule = Rule | CrossOperationRule | KeyRule;
/** Those that judge the cases of the catalogue. */
const ofCases: readonly (Rule | CrossOperationRule)[] = [...rules, ...crossOperationRules];
const allRules: readonly AnyRule[] = [...ofCases, ...keyRules];

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text of the contract or of a comment as Markdown: what stands between backticks is left as it is. */
function prose(text: string): string {
  return text.replace(/`[^`]*`|[<*]/g, (part) => (part.length > 1 ? part : `\\${part}`));
}

const code = (id: string): string => `\`${id}\``;
const codes = (ids: readonly (string | undefined)[]): string =>
  ids
    .flatMap((id) => id ?? [])
    .map(code)
    .join(', ');
const byId = <Item extends { readonly id: string }>(items: readonly Item[], id: string): Item | undefined =>
  items.find((item) => item.id === id);

function grouped<Item>(items: readonly Item[], nameOf: (item: Item) => string): [string, Item[]][] {
  const names = [...new Set(items.map(nameOf))];
  return names.map((name) => [name, items.filter((item) => nameOf(item) === name)]);
}

/** The comments that stand on rules in the files of the catalogue, by the id of the rule. */
const comments: ReadonlyMap<string, string> = new Map(
  readdirSync(`${ROOT}tests/catalogue`)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${ROOT}tests/catalogue/${file}`, 'utf8'))
    .flatMap((text) => [
      ...text.matchAll(
        /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*const \w+: (?:CrossOperation|Key)?Rule = \{\s*id: '([a-z0-9-]+)'/g,
      ),
    ])
    .map(([, text = '', id = '']) => [id, text.replace(/^ *\* ?/gm, '').trim()]),
);

/** The comment that stands on the rule itself, as paragraphs. */
function comment({ id }: AnyRule): string {
  const text = comments.get(id);
  if (text === undefined) throw new Error(`The rule ${id} has no comment above it: say who demands it.`);
  return prose(text);
}

function source({ source: from }: AnyRule, { promises, file }: Contract): string {
  if ('standard' in from) return `Source: [${from.standard}](${from.url})`;
  const promise = byId(promises, from.promise);
  if (!promise) return `Source: [the contract](../${file})`;
  return `Source: “${prose(promise.text)}” ([${promise.mark}](${promise.source}), promise ${code(promise.id)})`;
}

function levels(rule: AnyRule, { operations }: Contract): string[] {
  const { level, levelOn } = { levelOn: undefined, ...rule };
  const others = grouped(
    operations.filter((operation) => levelOn && levelOn(operation) !== level),
    (operation) => levelOn?.(operation) ?? level,
  );
  return others.map(([other, on]) => `${other} on ${codes(on.map(({ id }) => id))}.`);
}

/** The security alternatives in which a case is sent, and on how many operations. */
function reach(one: Case, contract: Contract): { alternatives: string; operations: string } {
  const found = contract.operations.map((operation) =>
    alternativesOfCase(one, operation, contract).map(({ id }) => id),
  );
  const sent = found.filter((alternatives) => alternatives.length > 0);
  const count = sent.length === found.length ? 'all' : `${sent.length} of ${found.length}`;
  return { alternatives: [...new Set(sent.flat())].join(', '), operations: count };
}

function judged(rule: AnyRule): string {
  if ('judge' in rule) {
    const weaker = rule.promise === undefined ? '' : `SURVEY where the contract promises no \`${rule.promise}\`.\n\n`;
    return (
      weaker +
      table(
        ['Case', 'What is shown'],
        rule.cases.map(({ id, title }) => [code(id), prose(title)]),
      )
    );
  }
  const { given, alternatives } = { alternatives: undefined, ...rule };
  if ('every' in given)
    return given.every === 'refusal'
      ? 'Judges every case that gets 401 or 403.'
      : 'Judges every case that gets a response.';
  const rows = casesGiven(rule).map(({ id, title, control, comparison }) => [
    code(id),
    prose(title),
    codes([control?.id, comparison?.id]),
  ]);
  const only = alternatives === undefined ? '' : 'Only in the security alternatives beside the primary one.\n\n';
  return only + table(['Case', 'What is sent', 'Held against'], rows);
}

function ruleText(rule: AnyRule, contract: Contract): string {
  const { id, level, title, since } = rule;
  const newer = since === EDITIONS[0] ? '' : ` Counts since edition ${since}.`;
  const parts = [
    `### ${id}`,
    `**${level}**: ${title}.${newer}`,
    source(rule, contract),
    comment(rule),
    standardsLine(rule),
  ];
  return [...parts, ...levels(rule, contract), judged(rule)].join('\n\n');
}

/** `Severity: high. CWE-672 (Operation on a Resource after Expiration or Release) · …`, each with its page. */
function standardsLine({ standards: { cwe, owaspApi, asvs, severity } }: AnyRule): string {
  const named = [
    ...cwe.map((weakness) => `[CWE-${weakness}](${cweUrl(weakness)}), ${WEAKNESSES[weakness]}`),
    ...owaspApi.map((risk) => `OWASP ${risk}:2023, ${API_RISKS[risk]}`),
    ...(asvs.length > 0 ? [`ASVS 5.0 ${asvs.map((id) => `[${id}](${asvsUrl(id)})`).join(', ')}`] : []),
  ];
  return [`Severity: ${severity}.`, ...(named.length > 0 ? [`${named.join('; ')}.`] : [])].join(' ');
}

function severitiesText(): string {
  const rows = Object.entries(SEVERITIES).map(([name, { score, gain }]) => [name, score ?? '', gain]);
  return table(['Severity', '`security-severity`', 'What someone gains where the rule is broken'], rows);
}

/** Which requirements of ASVS are checked by which rules, and what stays open. */
function asvsText(): string {
  const rows = Object.entries<AsvsRequirement>(REQUIREMENTS).map(([id, { level, asks, open }]) => {
    const by = allRules.filter(({ standards: { asvs } }) => asvs.some((named) => named === id));
    const why =
      open === undefined ? '' : `${open.charAt(0).toUpperCase()}${open.slice(1)}${open.endsWith('.') ? '' : '.'}`;
    return [`[${id}](${asvsUrl(id)})`, String(level), asks, codes(by.map((rule) => rule.id)), why];
  });
  const checked = rows.filter(([, , , by]) => by !== '').length;
  return [
    '# ASVS 5.0 and an API with keys',
    'Written by `npm run docs` from [src/judging/asvs.ts](../src/judging/asvs.ts) and [the rules](rules.md): change those.',
    `Of the requirements of [OWASP ASVS 5.0](https://github.com/OWASP/ASVS/tree/v5.0.0/5.0/en) these ${rows.length} concern an API that authenticates with keys. Rules check ${checked} of them. The last column says which part of a requirement they do not check, or why no rule checks it. A run that conforms is therefore not a verification by ASVS, only evidence for a part of it. The table describes each requirement in our own words, and its number links to the text of ASVS.`,
    'The table has all requirements of the sections on web services (4.1, 4.2, 4.4), general authentication (6.3), authorization (8), tokens (9) and TLS (12). From the other sections it has the requirements about keys, caches, headers, errors and the parsing of requests. It leaves out passwords and other factors of persons (except 6.2.8, which says how a secret is compared), browser pages, OAuth, GraphQL, files, and cryptography that is not about keys.',
    table(['Requirement', 'Level', 'What it asks', 'Checked by', 'What is not checked, and why'], rows),
  ].join('\n\n');
}

/** The rules that judge a case, or that judge another by comparing it with this one. */
function judges(one: Case): string {
  const by = ofCases.filter((rule) => casesGiven(rule).includes(one));
  if (by.length > 0) return codes(by.map(({ id }) => id));
  const comparing = ofCases.filter((rule) => {
    const { comparedWith = [] } = { comparedWith: undefined, ...rule };
    return comparedWith.includes(one) || casesGiven(rule).some(({ comparison }) => comparison === one);
  });
  return `${codes(comparing.map(({ id }) => id))} (to compare)`;
}

function casesText(contract: Contract): string {
  const rows = cases.map((one) => {
    const { alternatives, operations } = reach(one, contract);
    return [code(one.id), prose(one.title), one.group, alternatives, operations, codes([one.control?.id]), judges(one)];
  });
  return table(['Case', 'What is sent', 'Group', 'Security alternatives', 'Operations', 'Control', 'Judged by'], rows);
}

function unnamedPromises({ promises }: Contract): string {
  const named = allRules.flatMap((rule) => ('promise' in rule.source ? [rule.source.promise] : []));
  const rows = promises
    .filter(({ id }) => !named.includes(id))
    .map(({ id, text, mark, source: page, uncheckable }) => {
      const why = uncheckable ?? catalogue.judgedOtherwise[id];
      if (why === undefined)
        throw new Error(`No rule names the promise ${id}: name it, or say why in tests/catalogue/promises.ts.`);
      return [code(id), prose(text), `[${mark}](${page})`, uncheckable === undefined ? why : prose(why)];
    });
  return table(['Promise', 'In words', 'Mark', 'Why'], rows);
}

function rulesText(contract: Contract): string {
  const { title, version, operations, file } = contract;
  const sections = grouped(allRules, ({ section }) => section);
  return [
    '# Rules',
    `Written by \`npm run docs\` from [tests/catalogue](../tests/catalogue) and [the contract](../${file}): change those.`,
    `${ofCases.length} rules judge the responses to ${cases.length} cases on each of the ${operations.length} operations of ${title} ${version}, and ${keyRules.length} more rules judge [keys over time](key-lifecycle.md) if a run may make keys. A case says what is sent, and a rule says what must be true of the responses. Each case has a control: the same request with a credential that must be accepted. A refusal counts only if the control is accepted in the same run. Some cases are also compared with the same unusual request with the full-access key. A cell that breaks a MUST violates: the owner of an API would fix this before a release. A cell that breaks a SHOULD deviates: it is a smaller fault. The level SURVEY only records what was found.`,
    'Each rule names the entries of public standards that describe its fault, and what an attacker gains if the rule is broken:',
    severitiesText(),
    ...sections.map(([section, its]) => [`## ${section}`, ...its.map((rule) => ruleText(rule, contract))].join('\n\n')),
    '## All cases',
    casesText(contract),
    '## Promises that no rule names',
    unnamedPromises(contract),
  ].join('\n\n');
}

/** Which rules complain about a defect. */
function complainers(id: AnyDefectId): string {
  const ruleOf = (line: string): string => line.split(':')[0] ?? '';
  const expected: readonly string[] = allDefects[id].complaints;
  const complaints = expected.filter((line) => !line.includes('(error '));
  if (complaints.length === 0) return expected.length > 0 ? 'nothing can be judged' : 'none';
  return codes([...new Set(complaints.map(ruleOf))]);
}

function defectsText(): string {
  const groups = grouped(allDefectIds, (id) => allDefects[id].bug.charAt(0));
  return [
    '# Defects of the mock',
    'Written by `npm run docs` from [mock/defects](../mock/defects): change those files.',
    `Each of the ${allDefectIds.length} defects is one thing that a server gets wrong: \`npm run mock -- --defect ID\` starts the mock with it. The letter of its bug stands for the kind of bug, and the number for one bug of this kind. Several defects can be forms of the same bug. If the table names no rule for a defect, a run does not find it.`,
    ...groups.map(([letter, ids]) => {
      const kind = BUGS[letter];
      if (kind === undefined)
        throw new Error(`The letter ${letter} stands for no kind of bug: say which in scripts/docs.ts.`);
      const rows = ids.map((id) => [code(id), allDefects[id].bug, prose(allDefects[id].title), complainers(id)]);
      return `## ${letter}: ${kind}\n\n${table(['Defect', 'Bug', 'What the server does', 'Rules that complain'], rows)}`;
    }),
  ].join('\n\n');
}

function current(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

async function main(isCheck: boolean): Promise<void> {
  const contract = await loadContract(`${ROOT}specs/huechat`);
  const texts = {
    'docs/rules.md': rulesText(contract),
    'docs/defects.md': defectsText(),
    'docs/asvs.md': asvsText(),
    'tests/catalogue/worth.ts': worthModule(measuredWorth(contract)),
  };
  const stale: string[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const filepath = ROOT + name;
    const written = await format(text, { ...(await resolveConfig(filepath)), filepath });
    if (written === current(filepath)) continue;
    stale.push(name);
    if (!isCheck) writeFileSync(filepath, written);
  }
  if (!isCheck || stale.length === 0) return;
  process.stderr.write(`${stale.join(' and ')} ${stale.length > 1 ? 'are' : 'is'} out of date: run npm run docs.\n`);
  process.exitCode = 1;
}

const started = process.argv[1];
if (started !== undefined && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url)))
  await main(argumentsOf('docs').values.check === true);
