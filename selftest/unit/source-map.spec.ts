import { expect, test } from '../support/unit-test.ts';
import { parseSource } from '../../src/openapi/parse-source.ts';
import { SourceMap } from '../../src/openapi/source-map.ts';

const TEXT = `{
  "a": { "b\\/c": [
    1,
    { "d": "}, \\"x\\": {" }, [
      true
    ]
  ] },\r
  "e": null
}`;

const map = new SourceMap(TEXT);

for (const [tokens, line] of [
  [[], 1],
  [['a'], 2],
  [['a', 'b/c'], 2],
  [['a', 'b/c', '0'], 3],
  [['a', 'b/c', '1', 'd'], 4],
  [['a', 'b/c', '2'], 4],
  [['a', 'b/c', '2', '0'], 5],
  [['e'], 8],
] as const)
  test(`#/${tokens.join('/')} stands in line ${line}`, () => {
    expect(map.positionOf(tokens)).toEqual({ line });
  });

test('what does not exist has the line of the last member on the way', () => {
  expect(map.positionOf(['a', 'nothing', 'd'])).toEqual({ line: 2 });
  expect(map.positionOf(['nothing'])).toEqual({ line: 1 });
});

test('two members of one name are refused at any depth', () => {
  const deep = `${'{"a":'.repeat(20)}{"b":1,"\\u0062":2}${'}'.repeat(20)}`;
  expect(() => new SourceMap(deep)).toThrow('the member b is there twice');
  expect(() => new SourceMap('[{"a":1},{"a":1}]')).not.toThrow();
});

test('members that lie too deep have the line of the deepest one that is kept', () => {
  const deep = new SourceMap(`${'{\n"a":'.repeat(12)}1${'}'.repeat(12)}`);
  expect(deep.positionOf(Array.from({ length: 12 }, () => 'a')).line).toBe(9);
});

test('of a text that is one line, column and pointer say where a member stands', () => {
  const text = '  {"a": {"b/c": [1, {"d~": 2}]}}\n';
  const one = new SourceMap(text);
  for (const [tokens, shown, pointer] of [
    [['a'], '"a"', '#/a'],
    [['a', 'b/c'], '"b/c"', '#/a/b~1c'],
    [['a', 'b/c', '1', 'd~'], '"d~"', '#/a/b~1c/1/d~0'],
    [['a', 'b/c', '9'], '"b/c"', '#/a/b~1c'],
  ] as const)
    expect(one.positionOf(tokens), pointer).toEqual({ line: 1, column: text.indexOf(shown) + 1, pointer });
  expect(one.positionOf(['nothing'])).toEqual({ line: 1 });
});

test('of YAML in one line the same is said', () => {
  const text = '{openapi: 3.1.0, paths: {/a: {get: {}}}}';
  expect(parseSource(text).positionOf(['paths', '/a', 'get', 'x'])).toEqual({
    ...{ line: 1, column: text.indexOf('get') + 1, pointer: '#/paths/~1a/get' },
  });
  expect(parseSource(text.replace(', ', ',\n')).positionOf(['paths', '/a'])).toEqual({ line: 2 });
});
