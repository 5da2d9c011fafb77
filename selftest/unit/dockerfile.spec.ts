import { existsSync, readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import manifest from '../../package.json' with { type: 'json' };
import { expect, test } from '../support/unit-test.ts';

/** The image cannot be built where the tests run: what it is made of is read instead. */
const text = readFileSync('Dockerfile', 'utf8');
const complaints = (dockerfile: string): string[] =>
  validate(dockerfile).map(({ range, message }) => `${range.start.line + 1}: ${JSON.stringify(message)}`);

interface Instruction {
  readonly keyword: string;
  readonly words: readonly string[];
}

const stages: Instruction[][] = [];
for (const instruction of DockerfileParser.parse(text).getInstructions()) {
  if (instruction.getKeyword() === 'FROM') stages.push([]);
  const words = instruction.getExpandedArguments().map((argument) => argument.getValue());
  stages.at(-1)?.push({ keyword: instruction.getKeyword(), words });
}
const [, image = []] = stages;
const wordsOf = (stage: readonly Instruction[], keyword: string): readonly (readonly string[])[] =>
  stage.filter((one) => one.keyword === keyword).map(({ words }) => words);

test('the Dockerfile passes the linter, which would notice', () => {
  expect(complaints(text)).toEqual([]);
  expect(complaints(text.replace('USER node', 'USR node'))).not.toEqual([]);
  expect(complaints(text.replace('WORKDIR /workspace', 'WORKDIR'))).not.toEqual([]);
});

test('the image is slim, of a Node that the suite supports, and runs as a user without rights', () => {
  const [oldest = 0] = (/\d+/.exec(manifest.engines.node) ?? []).map(Number);
  for (const stage of stages) {
    const [, version] = /^node:(\d+)-\w+-slim$/.exec(wordsOf(stage, 'FROM')[0]?.[0] ?? '') ?? [];
    expect(Number(version)).toBeGreaterThanOrEqual(oldest);
  }
  expect(wordsOf(image, 'USER')).toEqual([['node']]);
  const order = image.map(({ keyword }) => keyword);
  expect(order.indexOf('USER'), 'nothing is installed after it, and the command runs as it').toBeGreaterThan(
    order.lastIndexOf('RUN'),
  );
  expect(order.lastIndexOf('ENTRYPOINT')).toBeGreaterThan(order.indexOf('USER'));
});

test('the image holds what is packed and no more, and the reports are a volume', () => {
  const copied = wordsOf(image, 'COPY')
    .flatMap((words) => words.slice(0, -1))
    .filter((word) => !word.startsWith('--from'));
  const packed = ['package.json', ...manifest.files, ...Object.values(manifest.bin)];
  expect(copied.filter((path) => !packed.includes(path.replace('/suite/', ''))).toSorted()).toEqual([
    '.npmrc',
    'package-lock.json',
  ]);
  for (const path of packed) expect(copied.map((one) => one.replace('/suite/', ''))).toContain(path);
  expect(wordsOf(image, 'VOLUME')).toEqual([['["/workspace/reports"]']]);
  expect(text).not.toMatch(/playwright install|chromium/i);
});

test('of the project only what the build reads is sent to it', () => {
  const [all, ...allowed] = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(all, 'everything is left out that is not named').toBe('*');
  for (const line of allowed) {
    expect(line).toMatch(/^![\w.-]+$/);
    expect(existsSync(line.slice(1)), line).toBe(true);
  }
  for (const secret of ['!.env', '!reports', '!node_modules', '!.git']) expect(allowed).not.toContain(secret);
});
