import { readFileSync } from 'node:fs';
import { expect, test } from '../support/unit-test.ts';
import manifest from '../../package.json' with { type: 'json' };
import { readArguments as readMockArguments } from '../../mock/arguments.ts';
import { type Command, helpOfRunnerCommand, readArguments } from '../../src/config/command-line.ts';
import { commandText } from '../../src/config/command-text.ts';
import { overview, PACKAGE_COMMANDS } from '../../src/config/command-overview.ts';
import { type CommandName, commands, runnerCommands } from '../../src/config/commands.ts';

/** Each command of package.json that is the suite's own, and the module that it starts; the mock reads its own. */
const own = Object.entries(manifest.scripts).flatMap(([name, line]) => {
  const [, module] = /^node scripts\/start\.js ((?:scripts|bench)\/[\w-]+\.ts)$/.exec(line) ?? [];
  const [, called] = /^node scripts\/auth-conformance\.js ([\w-]+)$/.exec(line) ?? [];
  if (module !== undefined) return [{ name, module }];
  if (called === undefined || !Object.hasOwn(commands, name)) return [];
  return [{ name, module: `scripts/${called === 'summary' ? 'job-summary' : called}.ts` }];
});

test('every command of package.json that is the suite’s own is described, and no other', () => {
  expect(own.map(({ name }) => name).toSorted()).toEqual(Object.keys(commands).toSorted());
});

for (const { name, module } of own) {
  const command: Command = commands[name as CommandName];

  test(`npm run ${name} reads what stands behind it by its description`, () => {
    expect(readFileSync(module, 'utf8')).toContain(`argumentsOf('${name}')`);
  });

  for (const help of ['--help', '-h'])
    test(`npm run ${name} -- ${help} says what it does, its forms and its options`, () => {
      const read = readArguments(name as CommandName, [help]);
      expect(read).toMatchObject({ code: 0 });
      const text = 'code' in read ? read.text : '';
      for (const part of [command.does, ...(command.forms ?? []), ...Object.keys(command.options ?? {})])
        expect(text).toContain(part);
    });

  test(`npm run ${name} refuses an option that it does not know`, () => {
    expect(readArguments(name as CommandName, ['--no-such-option'])).toEqual({
      code: 2,
      text: `There is no option --no-such-option: npm run ${name} -- --help says what there is.\n`,
    });
  });

  const [, most] = command.words ?? [0, 0];
  if (Number.isFinite(most))
    test(`npm run ${name} refuses a word too many`, () => {
      const read = readArguments(
        name as CommandName,
        Array.from({ length: most + 1 }, () => 'word'),
      );
      expect(read).toMatchObject({ code: 2, text: expect.stringMatching(/^npm run \S+ takes .*: npm run .* --help/) });
    });
}

test('a value is read, one that is missing is asked for, and one too many is refused', () => {
  expect(readArguments('bench:scale', ['--operations', '10'])).toEqual({
    words: [],
    values: { operations: '10', shards: '1', rounds: '3' },
  });
  expect(readArguments('contract', ['check', 'a.yaml', '--sarif'])).toMatchObject({
    code: 2,
    text: expect.stringMatching(/^The option --sarif needs FILE behind it: /),
  });
  expect(readArguments('bench', ['--rounds', 'many'])).toMatchObject({
    code: 2,
    text: expect.stringMatching(/^The option --rounds needs a whole number above zero: /),
  });
  expect(readArguments('docs', ['--check=yes'])).toMatchObject({
    code: 2,
    text: expect.stringMatching(/^The option --check takes no value: /),
  });
});

test('two runs are compared and not one', () => {
  expect(readArguments('parity', ['one'])).toMatchObject({
    code: 2,
    text: expect.stringMatching(/^npm run parity takes ONE/),
  });
});

for (const name of Object.keys(runnerCommands) as (keyof typeof runnerCommands)[])
  test(`the help of npm run ${name} says what it does, its useful options and how it ends`, () => {
    const { does, options, ends } = runnerCommands[name];
    const text = helpOfRunnerCommand(name);
    for (const part of [does, `npm run ${name} -- `, ...Object.keys(options), ends]) expect(text).toContain(part);
  });

test('each command that judges goes through what keeps a mistake from ending as a violation does', () => {
  const { conformance, nightly, gate, merge } = manifest.scripts;
  const command = 'node scripts/auth-conformance.js';
  expect({ conformance, nightly, gate, merge }).toEqual({
    conformance: `${command} run`,
    nightly: `${command} run`,
    gate: `${command} gate`,
    merge: `${command} merge`,
  });
});

test('what the package says of itself names each of its commands, and what it does not know', () => {
  const text = overview();
  const own = readFileSync('scripts/auth-conformance.js', 'utf8');
  for (const name of Object.keys(PACKAGE_COMMANDS)) {
    expect(text).toContain(`\n  ${name} `);
    expect(own).toMatch(new RegExp(`^  ${name}: \\{`, 'm'));
  }
  const packed = readFileSync('scripts/package.ts', 'utf8');
  for (const [, module] of own.matchAll(/path: 'scripts\/([\w-]+)'/g)) expect(packed).toContain(`'${module}'`);
  expect(overview('frob')).toMatch(/^There is no command "frob": .*\n$/);
});

test('a command is named as it is typed: in a clone by npm, in the package by npx', () => {
  expect(commandText('plan', '--names', true)).toBe('npm run plan -- --names');
  expect(commandText('plan', '', true)).toBe('npm run plan');
  expect(commandText('plan', '--names', false)).toBe('npx auth-conformance plan --names');
  expect(commandText('conformance', '', false)).toBe('npx auth-conformance run');
  expect(commandText('contract', 'check FILE', false)).toBe('npx auth-conformance check FILE');
});

test('the mock has help too, and refuses what it does not know', () => {
  expect(readMockArguments(['--help']).help).toBe(true);
  expect(() => readMockArguments(['--no-such-option'])).toThrow(/--no-such-option/);
});
