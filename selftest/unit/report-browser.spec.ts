import { expect, test } from '../support/unit-test.ts';
import { ensureChromium, findChromium, type Machine } from '../support/report-browser.ts';

interface Tried {
  readonly machine: Machine;
  readonly commands: string[];
  readonly said: string[];
}

/** A machine on which some commands bring a browser. */
function machine(files: readonly string[], brings: Readonly<Record<string, string>>, isRoot = false): Tried {
  const there = new Set(files);
  const commands: string[] = [];
  const said: string[] = [];
  const run = (command: string, args: readonly string[]): boolean => {
    const name = command === process.execPath ? 'playwright' : command;
    commands.push(`${name} ${args.filter((arg) => !arg.includes('/')).join(' ')}`);
    const brought = brings[name];
    if (brought !== undefined) there.add(brought);
    return brought !== undefined;
  };
  const say = (line: string): void => void said.push(line);
  return { machine: { own: '/own/chrome', has: (path) => there.has(path), isRoot, run, say }, commands, said };
}

test('a browser that is there is used, Playwright’s own first', () => {
  const both = machine(['/usr/bin/google-chrome', '/usr/bin/chromium', '/own/chrome'], {});
  expect(ensureChromium(both.machine)).toBe('/own/chrome');
  expect(findChromium(machine(['/usr/bin/google-chrome', '/usr/bin/chromium'], {}).machine)).toBe('/usr/bin/chromium');
  expect(findChromium(machine(['/usr/bin/google-chrome'], {}).machine)).toBe('/usr/bin/google-chrome');
  expect(both.commands).toEqual([]);
  expect(both.said).toEqual([]);
});

test('without one Playwright installs its own, and a line says so', () => {
  const bare = machine([], { playwright: '/own/chrome' });
  expect(ensureChromium(bare.machine)).toBe('/own/chrome');
  expect(bare.commands).toEqual(['playwright install chromium']);
  expect(bare.said).toHaveLength(1);
});

test('where Playwright cannot, root installs Debian’s', () => {
  const debian = machine(['/usr/bin/apt-get'], { 'apt-get': '/usr/bin/chromium' }, true);
  expect(ensureChromium(debian.machine)).toBe('/usr/bin/chromium');
  expect(debian.commands).toEqual([
    'playwright install chromium',
    'apt-get update',
    'apt-get install --yes --no-install-recommends chromium',
  ]);
});

test('where nothing brings one the tests fail with the line that does', () => {
  const user = machine(['/usr/bin/apt-get'], {});
  expect(() => ensureChromium(user.machine)).toThrow(
    /^The tests of the report take a Chromium: run npx playwright install chromium, or .* apt-get install chromium\.$/,
  );
  expect(user.commands).toEqual(['playwright install chromium']);
});
