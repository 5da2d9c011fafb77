import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ReporterDescription } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../support/unit-test.ts';
import { parse } from 'dotenv';
import ts from 'typescript';
import { ArgumentError, readArguments } from '../../mock/arguments.ts';
import { isDefectId } from '../../mock/defects/index.ts';
import conformance from '../../playwright.config.ts';
import selftest from '../playwright.config.ts';
import { NOTICE_FILE, REPORT_FILES } from '../../src/reporting/report-files.ts';
import { ASIDE } from '../../src/reporting/report-folder.ts';
import { keySourceVariables } from '../../src/config/key-sources.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { readRunEnvironment } from '../../src/config/run-environment.ts';
import { variableNames } from '../../src/config/variables.ts';
import manifest from '../../package.json' with { type: 'json' };
import { huechat } from '../support/contracts.ts';

/** What is written about the suite is true of it. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${ROOT}docs`).flatMap((file) => (file.endsWith('.md') ? `docs/${file}` : [])),
];
const TEXTS = [...PAGES, '.env.example'];

/** Files and folders in `reports/`: of the suite's own, and where each configuration sends its reporters. */
const WRITTEN: readonly string[] = [
  ...REPORT_FILES,
  // Made by tests/playwright/reporter.ts, and by Playwright unless the settings of whoever runs the tests leave it out.
  'allure-results',
  'allure',
  'html',
  // With --shard, for npm run merge.
  'blobs',
  // Of a run that puts no reports in place: src/reporting/report-folder.ts.
  NOTICE_FILE,
  ASIDE,
  // Earlier runs, kept by src/reporting/history.ts.
  'history',
  ...[conformance, selftest].flatMap(({ reporter, outputDir = '' }) => [
    basename(outputDir),
    ...(reporter as readonly ReporterDescription[]).flatMap(([, options = {}]) =>
      Object.values(options as Readonly<Record<string, unknown>>)
        .filter((value) => typeof value === 'string' && value.includes('reports/'))
        .map((value) => basename(String(value))),
    ),
  ]),
];

const read = (file: string): string => readFileSync(ROOT + file, 'utf8');

function all(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([whole, group]) => group ?? whole);
}

test.describe('names', () => {
  /** @throws ArgumentError where the mock knows no such option; what is wrong with a value is no matter here */
  function knownOption(name: string): void {
    try {
      readArguments([`--${name}`, 'x']);
    } catch (error) {
      if (error instanceof ArgumentError && error.message.includes('Unknown option')) throw error;
    }
  }

  test('an option that the mock does not know would be noticed', () => {
    expect(() => knownOption('no-such-option')).toThrow('--no-such-option');
  });

  /** What has a meaning is what is read. */
  async function variablesRead(): Promise<string[]> {
    const names = variableNames('huechat');
    const given: Record<string, string> = {
      [names.baseUrl]: 'https://127.0.0.1:1/v2',
      [names.environment]: 'sandbox',
      [names.apiKey]: 'sk_test_0123456789',
    };
    const read = new Set<string>();
    const variables = new Proxy(given, {
      get: (target, name) => {
        read.add(String(name));
        return Reflect.get(target, name) as unknown;
      },
    });
    readTarget(await huechat(), variables);
    readRunEnvironment('specs/huechat', { variables, problems: [] });
    return [...read].toSorted();
  }

  for (const file of TEXTS) {
    test(`the variables that ${file} names exist`, async () => {
      const names: unknown[] = Object.values(variableNames('huechat'));
      const known = new Set([...names, ...keySourceVariables(await huechat())]);
      expect(all(read(file), /\bHUECHAT_[A-Z_]+\b/g).filter((name) => !known.has(name))).toEqual([]);
    });

    test(`the commands that ${file} names exist`, () => {
      const named = all(read(file), /\bnpm run ([\w:-]+)/g);
      expect(named.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
    });

    test(`the files that ${file} names exist`, () => {
      const paths = all(read(file), /(?<![\w/.-])(?:src|tests|mock|specs|schemas|scripts|docs|\.ci)\/[\w./-]*[\w/]/g);
      const own = paths.map((path) =>
        path.replace(/specs\/(NAME|acme)/, 'specs/huechat').replace('/ID.ts', '/index.ts'),
      );
      expect(own.filter((path) => !existsSync(ROOT + path))).toEqual([]);
    });

    test(`the reports that ${file} names are written`, () => {
      const names = all(read(file), /\breports\/([\w.-]*\w)/g);
      expect(names.filter((name) => !WRITTEN.includes(name))).toEqual([]);
    });

    test(`the options and defects that ${file} gives to the mock exist`, () => {
      const lines = all(read(file), /npm run mock.*/g).join('\n');
      for (const name of all(lines, /(?<=[`\s])--([a-z][a-z-]+)/g)) expect(() => knownOption(name)).not.toThrow();
      expect(all(lines, /--defect ([a-z][a-z-]+)/g).filter((id) => !isDefectId(id))).toEqual([]);
    });
  }

  test('.env.example explains every variable that is read, and sets none', async () => {
    const text = read('.env.example');
    expect(parse(text)).toEqual({});
    expect(all(text, /^# ([A-Z_]+)=$/gm).toSorted()).toEqual(await variablesRead());
  });

  test('the table of docs/settings.md has the variables of .env.example', () => {
    const explained = all(read('.env.example'), /^# ([A-Z_]+)=$/gm);
    expect(all(read('docs/settings.md'), /^\| `([A-Z_]+)` +\|/gm)).toEqual(explained);
  });
});

test.describe('links', () => {
  /** As a reader's site makes them of headings. */
  function anchors(file: string): string[] {
    return all(read(file), /^#+ (.*)$/gm).map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
  }

  for (const file of PAGES) {
    test(`those of ${file} lead somewhere`, () => {
      const targets = all(read(file), /\]\(([^)]+)\)/g).filter((target) => !/^[a-z]+:/.test(target));
      const broken = targets.filter((target) => {
        const [path = '', anchor] = target.split('#');
        const to = path === '' ? file : join(dirname(file), path);
        return !existsSync(ROOT + to) || (anchor !== undefined && !anchors(to).includes(anchor));
      });
      expect(broken).toEqual([]);
    });
  }
});

test('the pictures of the documents are small, are all shown and say in words what is on them', () => {
  const pictures = ['README.md', 'docs/reports.md', 'docs/benchmarks.md'].flatMap((page) =>
    [...read(page).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, words = '', path = '']) => ({
      words,
      path: join(dirname(page), path),
    })),
  );
  const files = readdirSync(`${ROOT}docs/images`).map((name) => `docs/images/${name}`);
  expect(pictures.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
  expect(pictures.filter(({ words }) => words.length < 60)).toEqual([]);
  expect(files.filter((file) => readFileSync(ROOT + file).length > 200_000)).toEqual([]);
});

test.describe('the schema of the report', () => {
  interface Schema {
    readonly $ref?: string;
    readonly $defs?: Readonly<Record<string, Schema>>;
    readonly type?: string;
    readonly enum?: readonly string[];
    readonly items?: Schema;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: boolean;
  }

  const schema = JSON.parse(read('schemas/conformance.schema.json')) as Schema;

  test('it has the members that src/reporting/conformance.ts has, each as necessary and of the same type', () => {
    const file = `${ROOT}src/reporting/conformance.ts`;
    const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => readFileSync(path, 'utf8')) as {
      config: unknown;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const program = ts.createProgram([file], options);
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(file);
    const declared = source?.statements.find(
      (each) => ts.isInterfaceDeclaration(each) && each.name.text === 'Conformance',
    );
    expect(declared).toBeDefined();
    if (declared) expect(describeSchema(schema)).toEqual(describeType(checker.getTypeAtLocation(declared), checker));
  });

  /** Members by their name, a `?` behind those that can be absent. */
  function describeSchema({ $ref, ...given }: Schema): unknown {
    const {
      type,
      enum: words,
      items,
      properties = {},
      required = [],
      additionalProperties,
    } = $ref === undefined ? given : (schema.$defs?.[$ref.replace('#/$defs/', '')] ?? given);
    if (words) return words.toSorted();
    if (items) return [describeSchema(items)];
    if (type !== 'object') return type === 'integer' ? 'number' : type;
    expect(additionalProperties).toBe(false);
    return Object.fromEntries(
      Object.entries(properties).map(([name, member]) => [
        required.includes(name) ? name : `${name}?`,
        describeSchema(member),
      ]),
    );
  }

  function describeType(type: ts.Type, checker: ts.TypeChecker): unknown {
    if (type.isUnion() && type.types.every((each) => each.isStringLiteral()))
      return type.types.map((each) => each.value).toSorted();
    const [item] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
    if (item) return [describeType(item, checker)];
    if (!(type.flags & ts.TypeFlags.Object)) return checker.typeToString(type);
    return Object.fromEntries(
      checker.getPropertiesOfType(type).map((member) => {
        const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
        const own = checker.getNonNullableType(checker.getTypeOfSymbol(member));
        return [isOptional ? `${member.name}?` : member.name, describeType(own, checker)];
      }),
    );
  }
});
